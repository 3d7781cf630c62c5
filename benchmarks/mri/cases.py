"""One phantom drawn, measured and compared with its truth."""

import resource
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.memo import remember
from benchmarks.mri.masks import dice, mask_distance
from hemiface.mri import Clicks, Conflict, SideFound, measure_mri
from hemiface.simulate.mri import Phantom, PhantomOptions, SideTruth, draw_clicks, simulate_mri
from hemiface.types import Floats

NEAR_MM = 4.0


@dataclass(frozen=True)
class Job:
    """What is to be drawn and measured.

    Attributes
    ----------
    seed : int
    tier : str
    options : PhantomOptions
    with_tof : bool
        Whether the TOF is given to the measurement.
    moved_mm : float
        How far the clicks are moved beyond their usual error.
    with_masks : bool
        Whether the usual way measures it too.
    """

    seed: int
    tier: str
    options: PhantomOptions = field(default_factory=PhantomOptions)
    with_tof: bool = True
    moved_mm: float = 0.0
    with_masks: bool = False


@dataclass(frozen=True)
class Outcome:
    """What was found of one side, beside what is true."""

    job: Job
    snr: float
    truth: SideTruth
    found: SideFound
    refused: bool
    masks_mm: float
    jumped: bool
    vessel_dice: float
    nerve_dice: float
    seconds: float
    memory_gb: float

    @property
    def conflict(self) -> Conflict | None:
        """The place found."""
        return self.found.conflict

    @property
    def error_mm(self) -> float:
        """Unsigned: what indents counts as 0, as distances between surfaces do."""
        if self.conflict is None:
            return max(4.0 - max(self.truth.distance_mm, 0.0), 0.0)
        return abs(max(self.conflict.distance_mm, 0.0) - max(self.truth.distance_mm, 0.0))


def run(job: Job) -> list[Outcome]:
    """Draw and measure one phantom, or recall it; an outcome for each of its sides."""
    code = [Path(__file__).with_name(name).read_bytes() for name in ("cases.py", "masks.py")]
    return remember([repr(job).encode(), *code], lambda: _run(job))


def _run(job: Job) -> list[Outcome]:
    phantom = simulate_mri(job.seed, job.tier, options=job.options)  # type: ignore[arg-type]
    clicks = {one.side: _clicks(job, one) for one in phantom.truth.sides}
    tof = phantom.tof if job.with_tof else None
    began = time.perf_counter()
    found = measure_mri(
        phantom.t2, tof, clicks,
        t2_mm=np.array(phantom.truth.t2_mm), tof_mm=np.array(phantom.truth.tof_mm),
    )  # fmt: skip
    seconds = (time.perf_counter() - began) / len(found.sides)
    refused = any(doubt.refuses for doubt in found.doubts)
    pose = found.tof_pose
    return [
        _outcome(job, phantom, one, seconds, pose, refused=refused) for one in found.sides
    ]  # fmt: skip


def _clicks(job: Job, truth: SideTruth) -> Clicks:
    points = draw_clicks(job.seed, truth)
    if job.moved_mm:
        way = np.random.default_rng([job.seed, 77]).normal(size=points.shape)
        points = points + job.moved_mm * way / np.linalg.norm(way, axis=1, keepdims=True)
    root_exit, _, meatus = (tuple(float(x) for x in point) for point in points)
    return Clicks(root_exit, meatus)  # type: ignore[arg-type]


def _outcome(
    job: Job, phantom: Phantom, found: SideFound, seconds: float,
    pose: Floats | None, *, refused: bool,
) -> Outcome:  # fmt: skip
    truth = phantom.truth.side(found.side)
    masks = np.nan
    if job.with_masks and phantom.tof is not None and pose is not None:
        root_exit, meatus = np.array(found.clicks.root_exit), np.array(found.clicks.meatus)
        masks = mask_distance(phantom.t2, phantom.tof, pose, root_exit, meatus)
    place = np.array(truth.place)
    vessel = np.nan
    if found.conflict is not None:
        one = found.vessels[found.conflict.vessel]
        vessel = dice(one, truth.vessels[truth.nearest], place, NEAR_MM)
    free = truth.site in ("detachment", "cisternal", "meatal")
    nerve = dice(found.facial, truth.facial, place, NEAR_MM) if free else np.nan
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return Outcome(
        job, phantom.truth.snr, truth, found, refused, masks, _jumped(found, truth), vessel,
        nerve, seconds, memory,
    )  # fmt: skip


def _jumped(found: SideFound, truth: SideTruth) -> bool:
    """Return whether the traced nerve lies in its neighbour for more than a millimetre."""
    from scipy.spatial import cKDTree

    s = found.facial.s_mm
    line = found.facial.line[(s > 1.0) & (s < 16.0)]
    if not len(line):
        return True
    own, _ = cKDTree(truth.facial.line).query(line)
    other, _ = cKDTree(truth.vestibulocochlear.line).query(line)
    return int((other < own).sum()) > 4
