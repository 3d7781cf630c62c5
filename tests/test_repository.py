"""The house keeps its own rules: imports, dependencies, addresses, versions and documents."""

import hashlib
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from pkgutil import walk_packages

import click
import pytest

import hemiface

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
HEAVY = {"ai_edge_litert", "av", "cv2", "django", "matplotlib", "pandas", "pyarrow", "skimage"}

# Run in an interpreter of its own: imports modules, and says what that did beyond loading code.
SPY = """
import sys
deeds = []

def notice(event, arguments):
    if event == "open" and not str(arguments[0]).endswith((".py", ".pyc", ".so", ".dylib")):
        mode = str(arguments[1])
        if "hemiface" in str(arguments[0]) or set(mode) & set("wax+"):
            deeds.append(f"opened {arguments[0]}")
    if event in ("socket.connect", "subprocess.Popen", "os.system"):
        deeds.append(event)

sys.addaudithook(notice)
for name in sys.argv[1].split(","):
    __import__(name)
found = sorted(set(sys.argv[2].split(",")) & set(sys.modules))
sys.exit("; ".join(deeds + [f"imported {name}" for name in found]) or 0)
"""


def modules() -> list[str]:
    return [module.name for module in walk_packages(hemiface.__path__, "hemiface.")]


def own_files() -> list[Path]:
    """Return what is, or would be, committed."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("the folder is not a git repository")
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


def text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def documents() -> dict[Path, str]:
    return {path: path.read_text() for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"))}


def requirements() -> list[str]:
    groups = PROJECT["project"]["optional-dependencies"].values()
    return PROJECT["project"]["dependencies"] + [name for group in groups for name in group]


def canonical(requirement: str) -> str:
    name = re.match(r"[\w.-]+", requirement)
    assert name is not None
    return re.sub(r"[-_.]+", "-", name[0]).lower()


def test_importing_loads_code_and_does_nothing_else() -> None:
    names = ",".join(["hemiface", *modules()])
    spied = subprocess.run(
        [sys.executable, "-B", "-W", "error", "-c", SPY, names, ",".join(HEAVY)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (spied.returncode, spied.stdout, spied.stderr) == (0, "", "")


def test_imports_go_one_way() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    linted = subprocess.run(
        [linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert linted.returncode == 0, linted.stdout


def test_every_dependency_has_its_reason() -> None:
    lines = (ROOT / "pyproject.toml").read_text().splitlines()
    for requirement in requirements():
        line = next(line for line in lines if line.strip().startswith(f'"{requirement}"'))

        assert re.search(r",\s+# \w.+", line), f"{requirement} needs a comment that says what for"


def test_the_lock_holds_every_dependency_with_hashes() -> None:
    blocks = re.split(r"\n(?=\S)", (ROOT / "requirements.lock").read_text())
    pinned = {canonical(block): block for block in blocks if "==" in block}

    assert {canonical(name) for name in requirements()} <= pinned.keys()
    assert all("--hash=sha256:" in block for block in pinned.values())


@pytest.mark.parametrize("name", ["requirements.lock", "tools/uv.lock", "tools/node.lock"])
def test_locks_hold_no_address(name: str) -> None:
    lock = (ROOT / name).read_text()

    assert "://" not in lock
    assert not re.search(r"^\s*-(?!-hash)", lock, re.MULTILINE)


def test_the_lock_of_the_islands_holds_no_address() -> None:
    lock = json.loads((ROOT / "islands/package-lock.json").read_text())

    assert not [name for name, package in lock["packages"].items() if "resolved" in package]


def test_nothing_committed_knows_a_registry_or_a_machine() -> None:
    registries = r"://[\w.-]*(pypi|pythonhosted|registry|mirror)"
    machines = r"(?<![\w.$})])/(work|root|home|Users|opt|mnt)/\w"
    strange = re.compile(f"{registries}|{machines}")
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in own_files()
        if path != Path(__file__)
        for match in strange.finditer(text_of(path))
    ]

    assert found == []


def test_version_is_the_newest_in_the_changelog() -> None:
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    islands = json.loads((ROOT / "islands/package.json").read_text())

    assert newest is not None
    assert newest[1] == hemiface.__version__ == islands["version"]


@pytest.mark.parametrize("name", ["NOTICE", "MODEL_CARD.md"])
def test_every_model_is_described(name: str) -> None:
    folder = ROOT / "src/hemiface/track"
    described = (folder / name).read_text().replace(" ", "")
    for path in (*folder.glob("*.task"), *folder.glob("*.tflite")):
        model = path.read_bytes()

        assert path.name in described
        assert hashlib.sha256(model).hexdigest() in described
        assert f"{len(model)}bytes" in described


def test_links_in_documents_lead_somewhere() -> None:
    broken = [
        f"{path.relative_to(ROOT)}: {link}"
        for path, text in documents().items()
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
        if not (path.parent / link).exists()
    ]

    assert broken == []


def test_every_command_is_documented_and_has_help() -> None:
    from hemiface.cli import main

    text = "\n".join(documents().values())
    for name, command in _commands(main, "hemiface"):
        assert command.help, f"{name} needs help"
        assert name in text, f"{name} must be named in README.md or docs/"


def _commands(group: click.Command, name: str) -> list[tuple[str, click.Command]]:
    if not isinstance(group, click.Group):
        return [(name, group)]
    return [
        found
        for child in group.list_commands(click.Context(group))
        for found in _commands(group.commands[child], f"{name} {child}")
    ]


def test_every_make_target_in_documents_exists_and_is_listed() -> None:
    makefile = (ROOT / "Makefile").read_text()
    listed = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    named = set(re.findall(r"(?:`|^)make ([a-z-]+)", "\n".join(documents().values()), re.MULTILINE))

    assert phony is not None
    assert set(phony[1].split()) == listed
    assert named <= listed
