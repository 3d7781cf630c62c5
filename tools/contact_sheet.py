"""Draw `docs/pictures/spasms.jpg`: what simulated spasms look like, from rest to rest.

Each row is a strong spasm of its kind (nine in ten move less, over one minute of each of a few
patients), on the public-domain portrait that scikit-image ships; head, camera and compression are
left out.

    python tools/contact_sheet.py [OUT]
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hemiface.simulate import Schedule, make_build, plan_spasms
from hemiface.simulate.face.portrait import Portrait, read_portrait
from hemiface.simulate.face.warp import contract
from hemiface.simulate.people.schedule import row, skin_drives
from hemiface.simulate.people.severity import Severity
from hemiface.track.landmarks import FaceLandmarker
from hemiface.types import Kind, Side, Spasm

OUT = Path(__file__).parents[1] / "docs" / "pictures" / "spasms.jpg"
SIZE = 720
MOMENTS = ("rest", "onset", "peak", "offset")
BROW = "frontalis"  # lifts with the closing eye: the other Babinski sign
_CROP = (slice(120, 620), slice(110, 610))
_SEEDS = range(1, 13)
_STRONG = 0.9  # share of the spasms of a kind that move less than the one shown


@dataclass(frozen=True)
class Row:
    """One row of the sheet: the kind of spasm that is looked for."""

    severity: Severity
    kind: Kind
    side: Side
    lifts_brow: bool = False


ROWS = (
    Row("mild", "clonic", "left"),
    Row("moderate", "clonic", "right"),
    Row("severe", "clonic", "left"),
    Row("severe", "tonic", "right"),
    Row("severe", "tonic", "left", lifts_brow=True),
)


def draw(out: Path) -> None:
    """Draw the sheet and write it."""
    from matplotlib.figure import Figure

    still = read_portrait(None, FaceLandmarker().detect, SIZE)
    figure = Figure(figsize=(8.0, 11.2), dpi=120, facecolor="#fbf9f5")
    axes = figure.subplots(len(ROWS), len(MOMENTS))
    for line, one in zip(axes, ROWS, strict=True):
        seed, schedule, event = find(still, one)
        for cell, moment in zip(line, MOMENTS, strict=True):
            cell.imshow(picture(still, schedule, event, moment)[_CROP])
            cell.set_axis_off()
        line[0].set_title(caption(one, event, seed), fontsize=9, loc="left", pad=4)
    for cell, moment in zip(axes[0], MOMENTS, strict=True):
        cell.text(0.03, 0.03, moment, transform=cell.transAxes, fontsize=9, color="white")
    figure.subplots_adjust(left=0.01, right=0.99, bottom=0.005, top=0.975, wspace=0.02, hspace=0.12)
    figure.savefig(out, pil_kwargs={"quality": 82})


def find(still: Portrait, wanted: Row) -> tuple[int, Schedule, Spasm]:
    """Return the seed, the plan, and of the spasms that are wanted a strong one."""
    build = make_build([still.face])
    plans = {
        seed: plan_spasms(
            seed, side=wanted.side, severity=wanted.severity, duration_s=60.0, build=build
        )
        for seed in _SEEDS
    }
    fit = [
        (seed, plan, event)
        for seed, plan in plans.items()
        for event in plan.events
        if _fits(event, wanted)
    ]
    fit.sort(key=lambda found: _movement_mm(found[1], found[2]))
    return fit[int(_STRONG * (len(fit) - 1))]


def _movement_mm(schedule: Schedule, event: Spasm) -> float:
    """Return how far all muscles that move skin go at the peak, together."""
    drives = schedule.drives(np.array([event.peak_s]))[:, 0]
    return sum(skin_drives(drives).values())


def _fits(event: Spasm, wanted: Row) -> bool:
    closes = "orbicularis_oculi_upper" in event.muscles
    return event.kind == wanted.kind and closes and (BROW in event.muscles) == wanted.lifts_brow


def picture(still: Portrait, schedule: Schedule, event: Spasm, moment: str) -> NDArray[np.uint8]:
    """Return the portrait at one moment of a spasm."""
    if moment == "rest":
        return still.image
    times = {"onset": event.onset_s, "peak": event.peak_s, "offset": event.end_s}
    drives = schedule.drives(np.array([times[moment]]))[:, 0]
    lid = drives[row("orbicularis_oculi_upper", event.side)]
    closure = {event.side: float(lid / schedule.build.opening_mm[event.side])}
    return contract(still.image, still.face, skin_drives(drives), closure)


def caption(wanted: Row, event: Spasm, seed: int) -> str:
    """Say what a row shows."""
    sign = ", the brow lifts as the eye closes" if wanted.lifts_brow else ""
    return (
        f"{wanted.severity}, {event.kind}, her own {event.side} side{sign}: "
        f"{event.duration_s:.1f} s, {event.amplitude_mm:.1f} mm (seed {seed})"
    )


if __name__ == "__main__":
    draw(Path(sys.argv[1]) if len(sys.argv) > 1 else OUT)
