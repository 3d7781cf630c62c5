"""The power of trials drawn against their size."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from hemiface.errors import ConventionError
from hemiface.simulate.course.power import TARGETS, Design, PowerCurve
from hemiface.types import Floats
from hemiface.whole import written_whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PICTURES = (".png", ".svg", ".pdf")

_TITLES: dict[Design, str] = {
    "two_arm": "Two arms, treated and untreated",
    "before_after": "One arm, before and after",
}
_SIZES: dict[Design, str] = {"two_arm": "Patients in each arm", "before_after": "Patients"}
_PAPER, _INK, _SOFT, _LINE = "#fbf8f2", "#1f2629", "#5a6267", "#ddd6c8"
_PALE, _DEEP = np.array([0.62, 0.78, 0.79]), np.array([0.04, 0.27, 0.29])


def plot_power(
    curves: Sequence[PowerCurve], path: Path, *, drop_percent: float, minutes: float
) -> None:
    """Draw the curves, a panel for each design, more visits in a deeper teal.

    The band is the 95 % interval of each power; a dot marks the smallest size of each target.

    Parameters
    ----------
    curves : sequence of PowerCurve
        From `plan_trials`.
    path : Path
        .png, .svg or .pdf. It appears only when it is whole.
    drop_percent, minutes : float
        The drop looked for, and the length of a visit, for the title.

    Raises
    ------
    ConventionError
        If the name does not end as a picture.
    OutputError
        If the file cannot be written.
    """
    from matplotlib.figure import Figure

    check_picture(path)
    designs = list(dict.fromkeys(curve.trial.design for curve in curves))
    figure = Figure(figsize=(5.2 * len(designs), 4.6), facecolor=_PAPER, layout="constrained")
    for ax, design in zip(figure.subplots(1, len(designs), squeeze=False)[0], designs, strict=True):
        _draw_panel(ax, [curve for curve in curves if curve.trial.design == design])
    figure.suptitle(
        f"Seeing a drop of {drop_percent:g} % in spasm rate, visits of {minutes:g} min",
        color=_INK, x=0.02, ha="left", fontsize=13,
    )  # fmt: skip
    with written_whole(path) as part:
        figure.savefig(part, dpi=160)


def check_picture(path: Path) -> None:
    """Refuse a name that is no picture's.

    Raises
    ------
    ConventionError
        If it does not end as one of `PICTURES`.
    """
    if path.suffix.lower() not in PICTURES:
        raise ConventionError(
            f"A plot must end in {', '.join(PICTURES)}; got {path.name}. Rename it."
        )


def _draw_panel(ax: "Axes", curves: Sequence[PowerCurve]) -> None:
    for target in TARGETS:
        ax.axhline(100.0 * target, color=_LINE, lw=1.0, zorder=0)
    for curve, colour in zip(curves, _shades(len(curves)), strict=True):
        _draw_curve(ax, curve, tuple(colour))
    ax.set_xscale("log")
    ax.set_ylim(0.0, 101.0)
    _style(ax, curves)


def _draw_curve(ax: "Axes", curve: PowerCurve, colour: tuple[float, ...]) -> None:
    bounds = 100.0 * np.array([curve.interval(i) for i in range(len(curve.patients))])
    ax.fill_between(curve.patients, bounds[:, 0], bounds[:, 1], color=colour, alpha=0.2, lw=0)
    visits = curve.trial.visits
    label = f"{visits} visit{'s' if visits > 1 else ''} before, {visits} after"
    ax.plot(curve.patients, 100.0 * curve.power, color=colour, lw=1.8, label=label)
    for target in TARGETS:
        size = curve.smallest(target)
        if size is not None:
            at = 100.0 * curve.power[int(np.searchsorted(curve.patients, size))]
            ax.plot(size, at, "o", color=colour, ms=4.5)
            ax.annotate(
                f"{size}", (size, at), (-4, 3), textcoords="offset points", ha="right",
                fontsize=8.5, color=_INK,
            )  # fmt: skip


def _shades(n: int) -> Floats:
    share = np.linspace(0.0, 1.0, n)[:, None] if n > 1 else np.ones((1, 1))
    shades: Floats = _PALE + (_DEEP - _PALE) * share
    return shades


def _style(ax: "Axes", curves: Sequence[PowerCurve]) -> None:
    from matplotlib.ticker import NullLocator, ScalarFormatter

    design = curves[0].trial.design
    ax.set_facecolor(_PAPER)
    ax.set_title(_TITLES[design], loc="left", fontsize=10.5, color=_SOFT)
    ax.set_xlabel(_SIZES[design], color=_SOFT)
    ax.set_ylabel("Power, %", color=_SOFT)
    most = max(int(curve.patients[-1]) for curve in curves)
    ticks = [k * 10**e for e in range(4) for k in (1, 2, 5) if 5 <= k * 10**e <= most]
    ax.set_xlim(5, most)
    ax.set_xticks(ticks)
    ax.xaxis.set_major_formatter(ScalarFormatter())
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_yticks([0, 20, 40, 60, 80, 90, 100])
    ax.tick_params(colors=_SOFT, length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)
    ax.legend(frameon=False, loc="lower right", fontsize=9, labelcolor=_INK)
