"""The page of agreement: how far what was found is from what is taken as true.

It shows a document of schema ``hemiface.agreement/1``, as `hemiface compare --json` prints it for
two folders; what the page says and what programs read are the same.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from hemiface.errors import OutputError
from hemiface.report import face
from hemiface.report.agreement_plots import (
    Band,
    Bar,
    draw_bars,
    draw_differences,
    draw_histogram,
    draw_scatter,
)
from hemiface.report.page import font_faces, read_asset
from hemiface.whole import written_whole

SCHEMA = "hemiface.agreement/1"
"""Name and version of the document."""

Document = Mapping[str, Any]

_NUMBERS = (
    ("rate", "How often", "spasms a minute", "found_per_min", "true_per_min"),
    ("burden", "Time in spasm", "% of observed time", "found_burden", "true_burden"),
)


def write_agreement_page(document: Document, path: Path) -> None:
    """Write the page of a comparison, one self-contained HTML file, whole or not at all.

    Parameters
    ----------
    document : mapping
        Of schema ``hemiface.agreement/1``; unknown numbers are None.
    path : Path
        Where to; a file that stands there is replaced.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    if path.suffix.lower() not in (".html", ".htm"):
        raise OutputError(f"{path} must be a page, but does not end in .html; name it so.")
    html = _render(document)
    with written_whole(path) as part:
        part.write_text(html, "utf-8", errors="replace")


def _render(document: Document) -> str:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(read_asset),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    return environment.get_template("agreement.html.j2").render(
        page_contents(document),
        style=font_faces() + read_asset("page.css") + read_asset("agreement.css"),
    )


def page_contents(document: Document) -> dict[str, Any]:
    """Return everything the template asks for: words and drawings."""
    pooled, recordings = document["pooled"], document["recordings"]
    return {
        "face_lines": face.svg_lines(),
        "headline": say_headline(document),
        "simulated": document["simulated"],
        "facts": _facts(document),
        "key_numbers": _key_numbers(pooled),
        "bands": _draw_bands(pooled["bands"]),
        "numbers": [_show_numbers(recordings, pooled, *names) for names in _NUMBERS],
        "onset": _draw_onset(pooled["onset_s"]["each"]),
        "errors": [
            (label, _say_differences(pooled[name]))
            for label, name in (("Onset", "onset_s"), ("Duration", "duration_s"))
        ],
        "rows": [_row(one) for one in recordings],
        "matched": _say_matched(document),
        "left_out": document["left_out"],
    }


def say_headline(document: Document) -> str:
    """Return the answer in one sentence."""
    spasms, n = document["pooled"]["spasms"], len(document["recordings"])
    n_false = spasms["n_found"] - spasms["n_matched"]
    where = "1 recording" if n == 1 else f"{n} recordings"
    if not spasms["n_truth"]:
        said = {0: "none was", 1: "1 was"}.get(n_false, f"{n_false} were")
        return f"There was no spasm to find in {where}, and {said} found."
    false = {0: "none was false", 1: "1 was false"}.get(n_false, f"{n_false} were false")
    return (
        f"{spasms['n_matched']} of {spasms['n_truth']} spasms were found in {where}, and {false}."
    )


def _facts(document: Document) -> list[tuple[str, str]]:
    kinds = [
        sorted({Path(one[k]).suffix for one in document["recordings"]}) for k in ("found", "truth")
    ]
    return [
        ("Recordings", str(len(document["recordings"]))),
        ("Found", " ".join(kinds[0])),
        ("Taken as true", " ".join(kinds[1])),
    ]


def _key_numbers(pooled: Document) -> list[dict[str, Any]]:
    spasms = pooled["spasms"]
    each_ms = [1000 * abs(s) for s in pooled["onset_s"]["each"]]
    rows = [
        ("Agreement on spasms", spasms["f1"], (spasms["f1_low"], spasms["f1_high"]), "F1"),
        *(
            (f"Agreement on {label}", icc["value"], (icc["low"], icc["high"]), "ICC")
            for label, icc in (("rate", pooled["rate"]["icc"]), ("burden", pooled["burden"]["icc"]))
        ),
    ]
    shown = [_key_number(*row) for row in rows if row[1] is not None]
    typical = f"{median(each_ms):.0f}" if each_ms else "–"
    return [*shown, {"label": "Onset off by, typically", "number": typical, "unit": "ms",
                     "interval": None, "range": ""}]  # fmt: skip


def _key_number(
    label: str, value: float | None, ends: tuple[float | None, float | None], unit: str
) -> dict[str, Any]:
    low, high = ends
    known = value is not None and low is not None and high is not None
    interval = {"value": _share(value), "low": _share(low), "high": _share(high)} if known else None
    said = f"{_say(low, '.2f')} to {_say(high, '.2f')}" if known else ""
    return {
        "label": label,
        "number": _say(value, ".2f"),
        "unit": unit,
        "interval": interval,
        "range": said,
    }


def _share(value: float | None) -> float:
    """A value between 0 and 1 as its place on a bar of 100."""
    return round(100 * min(max(value or 0.0, 0.0), 1.0), 1)


def _draw_bands(bands: list[Document]) -> str | None:
    shown = [band for band in bands if band["n_truth"]]
    if not shown:
        return None
    bars = [
        Bar(
            _say_range(band),
            band["f1"],
            band["f1_low"],
            band["f1_high"],
            f"{band['n_matched']} of {band['n_truth']}",
        )
        for band in shown
    ]
    said = "; ".join(f"{bar.label}: {bar.value:.2f}, {bar.basis} found" for bar in bars)
    return draw_bars(bars, "F1", f"F1 by the strength of the true spasm. {said}.")


def _say_range(band: Document) -> str:
    low, high = band["low_mm"], band["high_mm"]
    return f"from {low:g} mm" if high is None else f"{low:g}–{high:g} mm"


def _show_numbers(
    recordings: list[Document],
    pooled: Document,
    name: str,
    title: str,
    unit: str,
    found: str,
    true: str,
) -> dict[str, Any]:
    """Return one number per recording: as drawings, and in words."""
    points = [
        (one[true], one[found], one["name"])
        for one in recordings
        if one[true] is not None and one[found] is not None
    ]
    numbers = pooled[name]
    if numbers["limits"] is None:
        return {"id": name, "title": title, "plots": [], "sentences": []}
    scatter = draw_scatter(
        points,
        (f"True, {unit}", f"Found, {unit}"),
        f"{title}: found against true in {len(points)} recordings, with the line of identity. "
        + _say_icc(numbers),
    )
    limits = numbers["limits"]
    differences = draw_differences(
        [((t + f) / 2, f - t, label) for t, f, label in points],
        _limit_bands(limits),
        (f"Mean of found and true, {unit}", "Found minus true"),
        f"{title}: Bland-Altman plot. {_say_limits(limits, unit)}",
    )
    plots = [("Found and true", scatter), ("Bland-Altman", differences)]
    return {
        "id": name,
        "title": title,
        "plots": plots,
        "sentences": [_say_icc(numbers), _say_limits(limits, unit)],
    }


def _limit_bands(limits: Document) -> list[Band]:
    lines = (
        ("bias", limits["bias"], (limits["bias_low"], limits["bias_high"]), "solid"),
        ("−1.96 SD", limits["low"], limits["low_interval"], "dashed"),
        ("+1.96 SD", limits["high"], limits["high_interval"], "dashed"),
    )
    return [Band(label, value, ends[0], ends[1], kind) for label, value, ends, kind in lines]


def _say_icc(numbers: Document) -> str:
    return (
        f"ICC(2,1) {_say_estimate(numbers['icc'])}; Spearman's rho {_say_estimate(numbers['rho'])}."
    )


def _say_limits(limits: Document, unit: str) -> str:
    bias = _say_signed(limits["bias"], (limits["bias_low"], limits["bias_high"]))
    low = _say_signed(limits["low"], limits["low_interval"])
    high = _say_signed(limits["high"], limits["high_interval"])
    return (
        f"Bias {bias} {unit}; 95\u202f% limits of agreement {low} and {high}, from {limits['n']} "
        "recordings."
    )


def _say_signed(value: float, interval: Sequence[float]) -> str:
    return f"{_signed(value)} ({_signed(interval[0])} to {_signed(interval[1])})"


def _signed(value: float) -> str:
    return f"{value:+.3g}".replace("-", "−")


def _say_estimate(estimate: Document) -> str:
    value, low, high = (estimate[name] for name in ("value", "low", "high"))
    if low is None:
        return f"{_say(value, '.2f')} (interval not known)"
    return f"{_say(value, '.2f')} (95\u202f% interval {_say(low, '.2f')} to {_say(high, '.2f')})"


def _draw_onset(each_s: list[float]) -> str | None:
    if not each_s:
        return None
    each_ms = [1000 * seconds for seconds in each_s]
    return draw_histogram(
        each_ms,
        "Found minus true onset, ms",
        "Spasms",
        f"Histogram of {len(each_ms)} onset errors, from {min(each_ms):.0f} to "
        f"{max(each_ms):.0f} ms.",
    )


def _say_differences(of: Document) -> str:
    if not of["each"]:
        return "no spasm was matched whole"
    mean, low, high = (_signed(round(1000 * of[name])) for name in ("mean", "low", "high"))
    return f"{mean} ms on average; 95\u202f% lie between {low} and {high} ms"


def _row(one: Document) -> dict[str, str]:
    return {
        "name": one["name"],
        "truth": one["truth"],
        "matched": f"{one['n_matched']} of {one['n_truth']}",
        "false": str(one["n_found"] - one["n_matched"]),
        "f1": _say(one["f1"], ".2f"),
        "rate": _say_two(one["found_per_min"], one["true_per_min"]),
        "burden": _say_two(one["found_burden"], one["true_burden"]),
        "onset": _say(one["onset_error_median_s"], ".0f", lambda s: 1000 * s),
    }


def _say_two(found: float | None, true: float | None) -> str:
    return f"{_say(found, '.3g')} / {_say(true, '.3g')}"


def _say(value: float | None, how: str, change: Callable[[float], float] = float) -> str:
    if value is None or math.isnan(value):
        return "–"
    return format(change(value), how).replace("-", "−")


def _say_matched(document: Document) -> list[str]:
    return [
        "A found spasm and a true one are the same if they are on the same side and overlap, or "
        f"begin within {document['tolerance_s']:g} s of each other. Each is matched once, so that "
        "as many as possible are.",
        f"True spasms below {document['min_amplitude_mm']:g} mm are not asked for, and finding "
        "them is neither rewarded nor punished. Spasms whose strength nobody stated are asked for.",
        "The interval of F1 is a bootstrap over recordings; that of a limit of agreement is "
        "Carkeet's (2015), of ICC(2,1) McGraw and Wong's (1996), of rho Bonett and Wright's "
        "(2000).",
    ]
