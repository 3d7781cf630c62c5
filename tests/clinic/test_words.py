"""Every word of the pages can be read in Hindi."""

import subprocess
import sys
from pathlib import Path

from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
WORDS = ROOT / "src/hemiface_clinic/locale/hi/LC_MESSAGES/django.po"


def test_every_word_is_translated(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "tools"))
    pot = tmp_path / "site.pot"
    command = [
        Path(sys.executable).with_name("pybabel"),
        "-q",
        "extract",
        "-F",
        "tools/messages.cfg",
    ]
    subprocess.run([*command, "-o", pot, "."], cwd=ROOT, check=True)
    with pot.open("rb") as wanted, WORDS.open("rb") as there:
        ids = {message.id for message in read_po(wanted) if message.id}
        known = {message.id: message for message in read_po(there) if message.id}
    assert ids - set(known) == set(), "run `make messages` and translate them"
    untranslated = [one for one in ids if not is_translated(known[one])]
    assert untranslated == []


def is_translated(message) -> bool:
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(strings) and not message.fuzzy


def test_pages_are_shown_in_hindi(client, db):
    page = client.get("/hi/ask/").content.decode()
    assert '<html lang="hi"' in page
    assert "डॉक्टर से पूछें" in page
    assert "Ask the doctor" not in page
