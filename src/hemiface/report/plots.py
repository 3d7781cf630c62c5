"""The report's drawings for papers and notebooks: each draws on given axes and shows nothing.

The affected side is coral and the other slate, as on the page; where no single side is affected,
left is teal and right is slate.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from hemiface.errors import TooLittleError
from hemiface.muscles import MUSCLE
from hemiface.report.face import (
    BROW,
    DRAWING_ORDER,
    HEIGHT,
    LINES,
    SHAPES,
    WIDTH,
    Shape,
    edges,
    fibres,
    place,
)
from hemiface.report.summary import involvement, unseen_spans
from hemiface.types import SIDES, Floats, Measurement, Side, Signals

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CORAL, SLATE, TEAL, INK, FAINT = "#c8553d", "#5b6b7b", "#0f5c63", "#22282b", "#d9d4c9"
"""Colours of the house; coral and slate also differ in lightness, for colour-blind eyes."""


def side_colour(m: Measurement, side: Side) -> str:
    """Return the colour in which a side's traces are drawn."""
    if m.affected_side in SIDES:
        return CORAL if m.affected_side == side else SLATE
    return TEAL if side == "left" else SLATE


def plot_timeline(measurement: Measurement, *, ax: "Axes | None" = None) -> "Axes":
    """Draw spasms of each side and blinks over the recording's time.

    Parameters
    ----------
    measurement : Measurement
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure is made when it is not given.

    Returns
    -------
    matplotlib.axes.Axes
        Time in seconds; rows are spasms on the left, spasms on the right, blinks. What was not
        observed is shaded.
    """
    ax = ax if ax is not None else _new_axes(8.0, 2.0)
    for row, side in enumerate(SIDES):
        spans = [(s.onset_s, s.duration_s) for s in measurement.spasms if s.side == side]
        ax.broken_barh(spans, (1.6 - row, 0.8), facecolors=side_colour(measurement, side))
    blinks = [(blink.onset_s, blink.duration_s) for blink in measurement.blinks]
    ax.broken_barh(blinks, (-0.4, 0.8), facecolors=FAINT)
    _shade_unseen(ax, measurement)
    _label_timeline(ax, measurement)
    return ax


def plot_signals(
    measurement: Measurement, muscles: tuple[str, ...] | None = None, *, ax: "Axes | None" = None
) -> "Axes":
    """Draw the contraction of muscles on both sides over time, one row per muscle.

    Parameters
    ----------
    measurement : Measurement
        With signals.
    muscles : tuple of str, optional
        Names from `hemiface.muscles`; those that took part in a spasm, or else the eye's closure.
    ax : matplotlib.axes.Axes, optional
        Where to draw.

    Raises
    ------
    TooLittleError
        If the measurement has no signals.
    """
    signals = measurement.signals
    if signals is None or signals.times_s.size == 0:
        raise TooLittleError(
            "plot_signals needs a measurement with signals, found none. Measure the recording "
            "again, or read its .signals.parquet."
        )
    names = muscles if muscles is not None else _involved(measurement)
    ax = ax if ax is not None else _new_axes(8.0, 0.8 + 0.7 * len(names))
    for row, name in enumerate(reversed(names)):
        _draw_lane(ax, measurement, signals, name, float(row))
    ax.set_yticks(range(len(names)), [_lane_label(signals, name) for name in reversed(names)])
    _shade_unseen(ax, measurement)
    _finish_time_axis(ax, measurement)
    return ax


def plot_face_map(measurement: Measurement, *, ax: "Axes | None" = None) -> "Axes":
    """Draw the face with its muscles coloured by the share of spasms they took part in.

    The person looks at the viewer: their left is on the right of the picture.
    """
    ax = ax if ax is not None else _new_axes(4.0, 5.0)
    _draw_face_lines(ax)
    shares = {(part.muscle.name, part.side): part.share for part in involvement(measurement)}
    for name in DRAWING_ORDER:
        for side in SIDES:
            colour = _map_colour(measurement, side)
            _draw_muscle(ax, SHAPES[name], side, shares.get((name, side), 0.0), colour)
    ax.text(WIDTH - 8, 24, "left", ha="right", color=INK)
    ax.text(8, 24, "right", color=INK)
    ax.set(xlim=(0, WIDTH), ylim=(HEIGHT, 0), aspect="equal", title="Share of spasms")
    ax.set_axis_off()
    return ax


def _new_axes(width: float, height: float) -> "Axes":
    """A figure of its own, so that pyplot's list of open figures is left alone."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained").add_subplot()


def _map_colour(m: Measurement, side: Side) -> str:
    return CORAL if m.affected_side in (side, "both") else SLATE


def _shade_unseen(ax: "Axes", m: Measurement) -> None:
    for span in unseen_spans(m.signals):
        ax.axvspan(span.start_s, span.end_s, color=FAINT, alpha=0.6, linewidth=0)


def _label_timeline(ax: "Axes", m: Measurement) -> None:
    labels = [f"Spasms, {side}" for side in SIDES]
    ax.set_yticks([2.0, 1.0, 0.0], [*labels, "Blinks"])
    ax.set_ylim(-0.7, 2.7)
    _finish_time_axis(ax, m)


def _finish_time_axis(ax: "Axes", m: Measurement) -> None:
    ax.set_xlim(0.0, max(m.recording.duration_s, 1e-3))
    ax.set_xlabel(f"Time (s); {m.quality.observed_s:.0f} s observed")
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.tick_params(left=False)


def _involved(m: Measurement) -> tuple[str, ...]:
    names = {name for spasm in m.spasms for name in spasm.muscles}
    return tuple(name for name in MUSCLE if name in names) or ("orbicularis_oculi",)


def _lane_label(signals: Signals, name: str) -> str:
    label = MUSCLE[name].label if name in MUSCLE else name
    reach = _reach(signals, name)
    unit = next(channel.unit for channel in signals.channels if channel.muscle == name)
    return f"{label}\n0 to {reach:.2g} {unit}"


def _reach(signals: Signals, name: str) -> float:
    """Largest contraction of either side: both are drawn to one scale."""
    rows = [signals.row(name, side) for side in SIDES]
    values = np.concatenate(rows)
    values = values[np.isfinite(values)]
    return max(float(values.max()), 1e-6) if values.size else 1.0


def _draw_lane(ax: "Axes", m: Measurement, signals: Signals, name: str, base: float) -> None:
    reach = _reach(signals, name)
    for side in sorted(SIDES, key=lambda side: m.affected_side == side):
        heights = base - 0.4 + 0.8 * signals.row(name, side) / reach
        colour = side_colour(m, side)
        ax.plot(signals.times_s, heights, color=colour, linewidth=0.8, label=f"{name} {side}")


def _curve(points: Floats) -> Any:
    from matplotlib.path import Path

    codes = [Path.MOVETO] + [Path.CURVE4 if len(points) > 2 else Path.LINETO] * (len(points) - 1)
    return Path(points, codes)


def _outline(shape: Shape, side: Side) -> Any:
    from matplotlib.path import Path

    first, second = edges(shape, side)
    curve = [Path.CURVE4] * (len(first) - 1)
    codes = [Path.MOVETO, *curve, Path.LINETO, *curve, Path.CLOSEPOLY]
    return Path(np.concatenate((first, second[::-1], first[:1])), codes)


def _draw_muscle(ax: "Axes", shape: Shape, side: Side, share: float, colour: str) -> None:
    from matplotlib.patches import PathPatch

    shade = (colour, 0.15 + 0.85 * share) if share > 0 else "none"
    ax.add_patch(PathPatch(_outline(shape, side), facecolor=shade, edgecolor=INK, linewidth=0.5))
    for fibre in fibres(shape, side):
        ax.add_patch(PathPatch(_curve(fibre), facecolor="none", edgecolor=INK, linewidth=0.25))


def _draw_face_lines(ax: "Axes") -> None:
    from matplotlib.patches import PathPatch

    for side in SIDES:
        for line in LINES:
            path = _curve(place(line, side))
            ax.add_patch(PathPatch(path, facecolor="none", edgecolor=INK, linewidth=0.7))
        brow = _outline(Shape(*BROW), side)
        ax.add_patch(PathPatch(brow, facecolor=INK, edgecolor="none", alpha=0.25))
