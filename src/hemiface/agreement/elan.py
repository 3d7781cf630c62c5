"""ELAN's files: read what a doctor marked beside the video, write what was found for correction.

Tiers are named ``spasm left``, ``spasm right``, ``blinks`` and ``observed``. Times are whole
milliseconds.

References
----------
Wittenburg P et al. ELAN: a professional framework for multimodality research. LREC 2006.
"""

import math
import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from hemiface.agreement.events import Events
from hemiface.agreement.marks import Mark, gather_marks
from hemiface.agreement.words import What, find_amplitude_mm, name_event, name_side, tokens
from hemiface.errors import ConventionError, SourceError
from hemiface.muscles import MUSCLE
from hemiface.types import SIDES, Blink, Span, Spasm
from hemiface.whole import written_whole

if TYPE_CHECKING:
    from pympi.Elan import Eaf

_Annotation = tuple[int | None, int | None, str]

_BLINKS, _OBSERVED = "blinks", "observed"
_SIMULATED = ("hemiface.simulated", "true")
_UNDATED = "1970-01-01T00:00:00+00:00"  # same events, same bytes; ELAN dates the file when it saves
_TYPES = {".mp4": "video/mp4", ".mov": "video/quicktime", ".webm": "video/webm"}


def read_eaf(path: Path) -> Events:
    """Read the events in the tiers of an ELAN file.

    A tier named for a side (``spasm left``, ``L``) holds spasms of that side, whatever their
    values say; in a tier named ``spasms`` the values name the side. Values may state an amplitude
    ("2.1 mm"). Other tiers are left out and named in `notes`.

    Raises
    ------
    SourceError
        If the file is no ELAN file, has no tier of spasms, or a mark is not as it must be.
    """
    eaf = _open(path)
    tiers = _read_tiers(path, eaf)
    named = {tier: _name_tier(path, tier) for tier in tiers}
    if not set(named.values()) & {"left", "right", "spasm"}:
        raise SourceError(
            f'{path} must have a tier "spasm left" or "spasm right", found '
            f"{_list(named) or 'none'}; rename the tier in ELAN."
        )
    marks = [mark for tier in tiers for mark in _read_marks(path, tier, tiers[tier], named[tier])]
    others = [tier for tier, what in named.items() if what == "other"]
    notes = (f"{path.name}: tiers that hold no spasms were left out: {_list(others)}.",)
    events = gather_marks(
        marks, has_blinks="blink" in named.values(), notes=notes if others else ()
    )
    return replace(events, simulated=_SIMULATED in eaf.get_properties())


def write_eaf(path: Path, events: Events, video: Path) -> None:
    """Write events as an ELAN file that opens beside its video.

    Parameters
    ----------
    path : Path
        The ``.eaf`` to write; one of that name is replaced, but by an all or nothing.
    events : Events
        Spasms, and blinks and observed time if there are any.
    video : Path
        The recording. Its place is written relative to the file, so that no folder is named.

    Raises
    ------
    ConventionError
        If events of one tier overlap, which ELAN cannot hold.
    OutputError
        If the file cannot be written.
    """
    eaf = _compose(events)
    place = quote(Path(os.path.relpath(video.absolute(), path.absolute().parent)).as_posix())
    mime = _TYPES.get(video.suffix.lower(), "unknown")
    place = place if place.startswith("../") else f"./{place}"
    eaf.add_linked_file(f"file:///{quote(video.name)}", relpath=place, mimetype=mime)
    _write_whole(eaf, path)


def _open(path: Path) -> "Eaf":
    from pympi.Elan import Eaf

    try:
        path.open("rb").close()
        return Eaf(str(path), suppress_version_warning=True)
    except OSError as problem:
        raise SourceError(f"{path} cannot be read: {problem.strerror}.") from problem
    except Exception:  # the parser raises whatever it stumbles over
        raise _broken(path) from None


def _read_tiers(path: Path, eaf: "Eaf") -> dict[str, list[_Annotation]]:
    """Return the annotations of every tier: begin and end in ms, None if unaligned, and value."""
    try:
        return {tier: eaf.get_annotation_data_for_tier(tier) for tier in eaf.tiers}
    except (KeyError, IndexError, TypeError):  # marks at times that are nowhere
        raise _broken(path) from None


def _broken(path: Path) -> SourceError:
    return SourceError(
        f"{path} must be an ELAN file, but cannot be read as one; save it again in ELAN."
    )


def _name_tier(path: Path, tier: str) -> What:
    try:
        return name_event(tier)
    except SourceError as problem:
        raise SourceError(f'{path}, tier "{tier}": {problem}.') from None


def _read_marks(
    path: Path, tier: str, annotations: list[_Annotation], what: What
) -> Iterator[Mark]:
    for begin, end, value, *_ in annotations if what != "other" else []:
        try:
            yield _mark(begin, end, value, what)
        except SourceError as problem:
            where = "a mark" if begin is None else f"the mark at {begin / 1000:g} s"
            raise SourceError(f'{path}, tier "{tier}", {where}: {problem}.') from None


def _mark(begin: int | None, end: int | None, value: str, what: What) -> Mark:
    if begin is None or end is None:
        raise SourceError("it must have a begin and an end time; give it both in ELAN")
    side = name_side(value) if what == "spasm" else None
    if what in ("left", "right") and name_event(value) in {"left", "right"} - {what}:
        raise SourceError(f'a spasm in a tier of the {what} side says "{value}"; move it')
    return Mark(
        onset_s=begin / 1000.0,
        duration_s=(end - begin) / 1000.0,
        what=side or what,
        amplitude_mm=find_amplitude_mm(value),
        muscles=tuple(name for name in value.split() if name in MUSCLE),
        cut_start={"cut", "start"} <= tokens(value),
        cut_end={"cut", "end"} <= tokens(value),
    )


def _compose(events: Events) -> "Eaf":
    from pympi.Elan import Eaf

    eaf = Eaf(author="hemiface")
    eaf.adocument["DATE"] = _UNDATED
    eaf.header = {"MEDIA_FILE": "", "TIME_UNITS": "milliseconds"}
    eaf.remove_tier("default")
    if events.simulated:
        eaf.add_property(*_SIMULATED)
    for side in SIDES:
        marked = [spasm for spasm in events.spasms if spasm.side == side]
        _add_tier(eaf, f"spasm {side}", [(spasm, _say(spasm)) for spasm in marked])
    if events.blinks is not None:
        _add_tier(eaf, _BLINKS, [(blink, "blink") for blink in events.blinks])
    if events.observed is not None:
        _add_tier(eaf, _OBSERVED, [(span, "") for span in events.observed])
    return eaf


def _add_tier(eaf: "Eaf", tier: str, marks: list[tuple[Spasm | Blink | Span, str]]) -> None:
    eaf.add_tier(tier)
    reached = 0
    for mark, value in sorted(marks, key=lambda pair: _edges_ms(pair[0])):
        begin, end = _edges_ms(mark)
        if begin < reached:
            raise ConventionError(
                f'Events of one tier of ELAN must not overlap; two of "{tier}" do at '
                f"{begin / 1000:g} s. Join them first."
            )
        eaf.add_annotation(tier, begin, end, value)
        reached = end


def _edges_ms(mark: Spasm | Blink | Span) -> tuple[int, int]:
    start_s = mark.start_s if isinstance(mark, Span) else mark.onset_s
    begin = round(1000 * start_s)
    return begin, max(begin + 1, round(1000 * mark.end_s))


def _say(spasm: Spasm) -> str:
    """Return what stands in the mark: kind, amplitude, muscles, and which edge was cut."""
    known = not math.isnan(spasm.amplitude_mm)
    parts = [spasm.kind, f"{spasm.amplitude_mm:.3f} mm" if known else "", *spasm.muscles]
    parts += ["cut start" if spasm.cut_start else "", "cut end" if spasm.cut_end else ""]
    return " ".join(part for part in parts if part)


def _write_whole(eaf: "Eaf", path: Path) -> None:
    from pympi.Elan import to_eaf

    with written_whole(path) as part:
        to_eaf(part, eaf)


def _list(tiers: Iterable[str]) -> str:
    return ", ".join(f'"{tier}"' for tier in tiers)
