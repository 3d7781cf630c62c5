"""What a recording showed, for the person who is in it: counted, placed, and no more."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hemiface_clinic.recordings.files import clip_path
from hemiface_clinic.recordings.models import Recording
from hemiface_clinic.recordings.summary import Summary

_SAME_S = 0.05


@dataclass(frozen=True)
class Found:
    """A recording in the words of its page.

    Attributes
    ----------
    summary : Summary
    minutes, seconds : int
        How long the face was seen.
    strongest : mapping or None
        The spasm that moved the face most, as the measurement's document has it.
    has_clip : bool
        Whether there is a film of it.
    """

    summary: Summary
    minutes: int
    seconds: int
    strongest: Mapping[str, Any] | None
    has_clip: bool


def found_in(recording: Recording) -> Found | None:
    """Return what was found, reviewed where a doctor did; None before it is measured."""
    summary = recording.summary
    if summary is None:
        return None
    minutes, seconds = divmod(round(summary.observed_s), 60)
    spasm = _strongest(recording.current)
    # The film was made of what the program found: where a doctor says otherwise it is not shown.
    is_same = spasm is not None and _is_same(spasm, _strongest(recording.result))
    has_clip = is_same and clip_path(recording.pk).exists()
    return Found(summary, minutes, seconds, spasm, has_clip)


def _strongest(document: Mapping[str, Any]) -> Mapping[str, Any] | None:
    return max(document["spasms"], key=lambda one: one["amplitude_mm"] or -1.0, default=None)


def _is_same(one: Mapping[str, Any], other: Mapping[str, Any] | None) -> bool:
    return other is not None and abs(one["onset_s"] - other["onset_s"]) < _SAME_S
