"""What people call things in their annotations: sides, spasms, blinks, observed time."""

import re
from typing import Literal

from hemiface.errors import SourceError

What = Literal["left", "right", "spasm", "blink", "observed", "other"]

_LEFT, _RIGHT = {"left", "l", "lt", "lh"}, {"right", "r", "rt", "rh"}
_SPASM = {"spasm", "spasms", "twitch", "twitches", "hfs", "hemifacial", "clonic", "tonic"}
_BLINK = {"blink", "blinks"}
_OBSERVED = {"observed"}
_MINOR = {"side", "face", "eyes", "event", "events", "span", "spans", "time"}
_KNOWN = _LEFT | _RIGHT | _SPASM | _BLINK | _OBSERVED | _MINOR

_AMPLITUDE = re.compile(r"(\d+(?:[.,]\d+)?)\s*mm\b", re.IGNORECASE)


def tokens(label: str) -> set[str]:
    """Return the words of a label in lower case; digits and signs only part them."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", label)
    return set(re.findall(r"[^\W\d_]+", parted.lower()))


def name_event(label: str) -> What:
    """Return what a label names; "spasm" if it names no side, "other" if it says anything else.

    Raises
    ------
    SourceError
        If it names both sides.
    """
    words = tokens(label)
    if not words <= _KNOWN:
        return "other"
    if words & _BLINK:
        return "blink"
    if words & _OBSERVED:
        return "observed"
    return name_side(label) or "spasm"


def name_side(text: str) -> Literal["left", "right"] | None:
    """Return the side that a text names among other words; None if it names none.

    Raises
    ------
    SourceError
        If it names both sides.
    """
    words = tokens(text)
    left, right = bool(words & _LEFT), bool(words & _RIGHT)
    if left and right:
        raise SourceError(
            f'a spasm must be on one side, but "{text}" names both; mark one spasm for each side'
        )
    return "left" if left else "right" if right else None


def find_amplitude_mm(text: str) -> float:
    """Return the amplitude that a text states, as in "2.1 mm"; NaN if it states none."""
    stated = _AMPLITUDE.search(text)
    return float(stated[1].replace(",", ".")) if stated else float("nan")
