"""What stands on the report's page, section by section, ready to be set: words and numbers only."""

import json
import math
from dataclasses import dataclass
from typing import Any

from hemiface.report import face, words
from hemiface.report.summary import (
    Involvement,
    answer,
    find_measure,
    involvement,
    say_duration,
    say_number,
    say_time,
    unseen_spans,
)
from hemiface.types import SIDES, Blink, Measure, Measurement, Side, Spasm

_KEY_MEASURES = ("spasm_rate", "burden", "spasm_duration", "amplitude")
_MOST_SPANS = 8


@dataclass(frozen=True)
class Interval:
    """A value and its interval as shares (0 to 100) of a bar's length."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class MeasureRow:
    """One measure as it is shown."""

    label: str
    explanation: str
    side: str
    number: str
    unit: str
    range: str
    interval: Interval | None
    n: int
    reason: str


@dataclass(frozen=True)
class SpasmRow:
    """One spasm as it is shown."""

    index: int
    onset: str
    duration: str
    side: str
    kind: str
    amplitude: str
    muscles: str
    cut: bool


@dataclass(frozen=True)
class MuscleShape:
    """One muscle of the face map: its drawing, colour and words."""

    id: str
    muscle: str
    side: Side
    outline: str
    fibres: str
    share: float
    involved: bool
    text: str


def page_contents(m: Measurement) -> dict[str, Any]:
    """Return everything the page's template asks for."""
    parts = involvement(m)
    return {
        "words": words.PAGE,
        "face_words": words.FACE,
        "language": words.LANGUAGE,
        "answer": _mark_side(m),
        "affected": m.affected_side,
        "title": words.PAGE["title"].format(name=m.recording.source or m.recording.id),
        "facts": _facts(m),
        "key_numbers": _key_numbers(m),
        "strip": _strip(m),
        "n_blinks": len(m.blinks),
        "shapes": [_shape(part) for part in parts],
        "face_lines": face.svg_lines(),
        "face_brows": face.svg_brows(),
        "irises": [face.place((face.IRIS[:2],), side)[0].tolist() for side in SIDES],
        "iris_radius": face.IRIS[2],
        "muscle_rows": _muscle_rows(parts),
        "spasms": [_spasm_row(i, spasm) for i, spasm in enumerate(m.spasms)],
        "show_sides": len({spasm.side for spasm in m.spasms}) > 1,
        "measures": _measure_rows(m, _of_whole(m)),
        "tasks": _task_rows(m),
        "quality": _quality(m),
        "how": _how(m),
        "how_text": words.PAGE["how_points" if m.recording.kind == "points" else "how_text"],
        "settings": _flatten(m.software.get("settings") or {}),
    }


def _mark_side(m: Measurement) -> tuple[str, str, str]:
    """The answer in three: before, the words that name the side, after."""
    text = answer(m)
    phrase = words.ANSWER["side_phrase"].format(side=m.affected_side)
    before, found, after = text.partition(phrase)
    return (before, found, after) if found else (text, "", "")


def _facts(m: Measurement) -> list[tuple[str, str]]:
    page, r = words.PAGE, m.recording
    facts = [
        (page["file"], r.source),
        (page["recorded"], (r.started_at or "").replace("T", " ")[:16]),
        (page["task"], words.TASKS.get(r.task, r.task.replace("_", " "))),
        (page["length"], say_duration(r.duration_s)),
    ]
    return [(name, value) for name, value in facts if value]


def _key_numbers(m: Measurement) -> list[MeasureRow]:
    side: Side | None = m.affected_side if m.affected_side in SIDES else None
    found = [find_measure(m, name, side) for name in _KEY_MEASURES]
    known = tuple(one for one in found if one is not None and math.isfinite(one.value))
    return _measure_rows(m, known)


def _measure_rows(m: Measurement, measures: tuple[Measure, ...]) -> list[MeasureRow]:
    return [_measure_row(one, _bar_end(m, one)) for one in measures]


def _measure_row(one: Measure, bar_end: float) -> MeasureRow:
    label, explanation = words.MEASURES.get(one.name, (one.name.replace("_", " "), ""))
    bounded = math.isfinite(one.low) and math.isfinite(one.high) and math.isfinite(one.value)
    limits = {"low": say_number(one.low), "high": say_number(one.high)}
    return MeasureRow(
        label=label,
        explanation=explanation,
        side=words.SIDES[one.side],
        number=say_number(one.value) if math.isfinite(one.value) else words.PAGE["unknown"],
        unit=words.UNITS.get(one.unit, one.unit) if math.isfinite(one.value) else "",
        range=words.PAGE["range"].format(**limits) if bounded else "",
        interval=_interval(one, bar_end) if bounded else None,
        n=one.n,
        reason=one.reason or "",
    )


def _of_whole(m: Measurement) -> tuple[Measure, ...]:
    return tuple(one for one in m.measures if one.task == m.recording.task)


def _task_rows(m: Measurement) -> list[tuple[str, str, str, str]]:
    """Return of each task in a recording: what, rate and burden of the affected side, observed."""
    tasks = dict.fromkeys(one.task for one in m.measures if one.task != m.recording.task)
    return [_task_row(m, task) for task in tasks]


def _task_row(m: Measurement, task: str) -> tuple[str, str, str, str]:
    side: Side | None = m.affected_side if m.affected_side in SIDES else None
    found = {one.name: one for one in m.measures if one.task == task and one.side == side}
    whole = next(one for one in m.measures if one.task == task)

    def say(name: str) -> str:
        one = found.get(name)
        return say_number(one.value) if one is not None and math.isfinite(one.value) else "–"

    name = words.TASKS.get(task, task.replace("_", " "))
    return name, say("spasm_rate"), f"{say('burden')} %", say_duration(whole.observed_s)


def _bar_end(m: Measurement, one: Measure) -> float:
    """Both sides of a measure share one scale, so that their bars can be compared."""
    alike = (other for other in m.measures if other.name == one.name and other.unit == one.unit)
    ends = [abs(v) for other in alike for v in (other.low, other.value, other.high)]
    return max((end for end in ends if math.isfinite(end)), default=0.0) * 1.15 or 1.0


def _interval(one: Measure, end: float) -> Interval:
    """Bars begin at zero, or in the middle for what can be negative."""
    low = min(one.low, one.value, 0.0)
    start = -end if low < 0 else 0.0
    value, least, most = (
        round(100 * (x - start) / (end - start), 2) for x in (one.value, one.low, one.high)
    )
    return Interval(value, least, most)


def _strip(m: Measurement) -> list[dict[str, Any]]:
    """The events of every minute, as they stand in one row of sixty seconds."""
    n_rows = max(math.ceil(m.recording.duration_s / 60), 1)
    return [_strip_row(m, minute) for minute in range(n_rows)]


def _strip_row(m: Measurement, minute: int) -> dict[str, Any]:
    start = 60.0 * minute
    return {
        "minute": f"{minute}:00",
        "length": min(m.recording.duration_s - start, 60.0),
        "spasms": [(*_part(one, start), one.side) for one in m.spasms if _within(one, start)],
        "blinks": [_part(one, start) for one in m.blinks if _within(one, start)],
    }


def _within(event: Spasm | Blink, start: float) -> bool:
    return event.onset_s < start + 60.0 and event.end_s > start


def _part(event: Spasm | Blink, start: float) -> tuple[float, float]:
    first = max(event.onset_s - start, 0.0)
    last = min(event.end_s - start, 60.0)
    return round(first, 2), round(max(last - first, 0.12), 2)


def _shape(part: Involvement) -> MuscleShape:
    drawing = face.SHAPES[part.muscle.name]
    text = words.FACE["muscle_label"].format(
        muscle=part.muscle.label, side=part.side, text=_say_part(part)
    )
    return MuscleShape(
        id=f"face-{part.muscle.name}-{part.side}",
        muscle=part.muscle.name,
        side=part.side,
        outline=face.svg_outline(drawing, part.side),
        fibres=face.svg_fibres(drawing, part.side),
        share=round(part.share, 3),
        involved=part.share > 0,
        text=text,
    )


def _say_part(part: Involvement) -> str:
    if part.share == 0:
        return words.FACE["none"]
    key = "took_part" if part.n_spasms > 1 else "took_part_one"
    text = words.FACE[key].format(share=round(100 * part.share), count=part.n_spasms)
    if math.isfinite(part.peak):
        text += words.FACE["peak"].format(peak=_say_peak(part))
    return text


def _say_peak(part: Involvement) -> str:
    if part.muscle.unit == "fraction":
        return say_number(100 * part.peak, "%")
    return say_number(part.peak, part.muscle.unit)


def _muscle_rows(parts: tuple[Involvement, ...]) -> list[dict[str, Any]]:
    """The muscles that took part, those most often involved first."""
    by_name: dict[str, dict[str, Involvement]] = {}
    for part in parts:
        by_name.setdefault(part.muscle.name, {})[part.side] = part
    rows = [row for row in by_name.values() if any(part.share for part in row.values())]
    rows.sort(key=lambda row: -max(part.share for part in row.values()))
    return [
        {"label": row["left"].muscle.label, **{side: _muscle_cell(row[side]) for side in SIDES}}
        for row in rows
    ]


def _muscle_cell(part: Involvement) -> dict[str, Any]:
    return {
        "share": round(100 * part.share),
        "peak": _say_peak(part) if math.isfinite(part.peak) else "",
    }


def _spasm_row(index: int, spasm: Spasm) -> SpasmRow:
    return SpasmRow(
        index=index,
        onset=say_time(spasm.onset_s),
        duration=say_duration(spasm.duration_s),
        side=words.SIDES[spasm.side],
        kind=words.KINDS[spasm.kind],
        amplitude=say_number(spasm.amplitude_mm, "mm"),
        muscles=", ".join(_short(name) for name in spasm.muscles),
        cut=spasm.cut_start or spasm.cut_end,
    )


def _short(name: str) -> str:
    return words.MUSCLES.get(name, name.replace("_", " "))


def _quality(m: Measurement) -> dict[str, Any]:
    q, page = m.quality, words.QUALITY
    total = m.recording.duration_s
    key = "all_observed" if q.observed_s >= 0.995 * total else "observed"
    share = say_number(100 * q.observed_s / total) if total > 0 else "0"
    sentences = [
        page[key].format(
            observed=say_duration(q.observed_s), duration=say_duration(total), share=share
        )
    ]
    if spans := _say_spans(m):
        sentences.append(page["unseen"].format(spans=spans))
    if math.isfinite(q.face_px):
        sentences.append(page["face"].format(px=round(q.face_px)))
    mirrored = {True: "mirrored", False: "not_mirrored", None: "mirror_unknown"}
    sentences.append(page[mirrored[m.recording.mirrored]])
    return {
        "sentences": sentences,
        "warnings": [warning.text for warning in q.warnings],
        "no_warnings": page["no_warnings"],
    }


def _say_spans(m: Measurement) -> str:
    spans = unseen_spans(m.signals)
    said = [f"{say_time(span.start_s)}–{say_time(span.end_s)}" for span in spans[:_MOST_SPANS]]
    if len(spans) > _MOST_SPANS:
        said.append(words.QUALITY["more_spans"].format(count=len(spans) - _MOST_SPANS))
    return ", ".join(said)


def _how(m: Measurement) -> list[tuple[str, str]]:
    page, r = words.PAGE, m.recording
    frames = page["n_frames"].format(count=r.n_frames)
    rows = [
        (page["rate"], f"{say_number(r.rate_hz, 'Hz')}, {frames}"),
        (page["size"], f"{r.width} × {r.height}"),
        (page["version"], f"hemiface {m.software.get('version', '')}"),
        (page["model"], str(m.software.get("model_sha256") or "")),
        (page["hash"], r.sha256),
    ]
    return [(name, value) for name, value in rows if value]


def _flatten(settings: dict[str, Any], above: str = "") -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for name, value in settings.items():
        key = f"{above}.{name}" if above else str(name)
        if isinstance(value, dict):
            rows += _flatten(value, key)
        else:
            text = value if isinstance(value, str) else json.dumps(value, default=str)
            rows.append((key, text))
    return rows
