"""Words in a question that raise it to the top of the inbox. They never decide anything."""

import re
from functools import cache
from pathlib import Path

from hemiface_clinic.tables import read_toml


def find_red_flags(text: str) -> list[str]:
    """Return the lines of `red_flags.toml` whose words all occur in a sentence of a text."""
    sentences = [sentence.casefold() for sentence in re.split(r"[.!?।\n]+", text)]
    return [flag for flag in _flags() if any(_occurs(flag, sentence) for sentence in sentences)]


def _occurs(flag: str, sentence: str) -> bool:
    return all(re.search(rf"(?<!\w){re.escape(word)}", sentence) for word in flag.split())


@cache
def _flags() -> tuple[str, ...]:
    lists = read_toml(Path(__file__).with_name("red_flags.toml"))
    return tuple(flag for flags in lists.values() for flag in flags)
