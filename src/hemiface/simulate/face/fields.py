"""Where and how the skin moves when a muscle contracts: smooth, compact displacement fields.

A muscle is a few *lobes*, each centred on landmarks, pulling one way and fading to nothing within
its radii. Directions are (lateral, up) as in `hemiface.muscles`; the field of one side fades to
zero before the midline, so that the other half of the face cannot move.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from hemiface.muscles import MUSCLE, MUSCLES
from hemiface.simulate.face.face import Face
from hemiface.types import SIDES, Channel, Floats, Side

CHANNELS: tuple[Channel, ...] = tuple(
    Channel(muscle.name, side, muscle.unit) for side in SIDES for muscle in MUSCLES
)
"""Every muscle of the left side, then of the right."""

MIDLINE_MM = (2.5, 10.0)
"""Distance from the midline at which a one-sided field begins, and at which it is whole."""


@dataclass(frozen=True)
class Lobe:
    """One patch of skin that a muscle moves.

    Attributes
    ----------
    left, right : tuple of int
        Landmarks whose mean is its centre, on each side.
    pull : tuple of float
        Millimetres (lateral, up) moved at the centre, per millimetre of contraction.
    radii_mm : tuple of float
        Where it has faded to nothing, sideways and up-down.
    """

    left: tuple[int, ...]
    right: tuple[int, ...]
    pull: tuple[float, float]
    radii_mm: tuple[float, float]


# What each contraction drags along: the mouth corner takes cheek and lip with it.
LOBES: dict[str, tuple[Lobe, ...]] = {
    "orbicularis_oculi_lower": (
        Lobe((450, 449), (230, 229), (-0.25, 0.9), (19.0, 12.0)),
        Lobe((374,), (145,), (-0.1, 0.35), (15.0, 8.0)),
        Lobe((346, 347), (117, 118), (-0.1, 0.35), (20.0, 14.0)),
    ),
    "frontalis": (Lobe((334,), (105,), (0.0, 1.0), (27.0, 20.0)),),
    "corrugator": (Lobe((336, 296), (107, 66), (-0.8, -0.6), (18.0, 13.0)),),
    "nasalis": (Lobe((358, 429), (129, 209), (0.5, 0.8), (13.0, 15.0)),),
    "levator_labii": (
        Lobe((423, 391), (203, 165), (0.1, 1.0), (17.0, 20.0)),
        Lobe((269, 270), (39, 40), (0.1, 0.6), (15.0, 9.0)),
    ),
    "zygomaticus": (
        Lobe((425, 426), (205, 206), (0.5, 0.8), (24.0, 22.0)),
        Lobe((291,), (61,), (0.65, 0.75), (17.0, 15.0)),
    ),
    "risorius": (
        Lobe((291, 287), (61, 57), (1.0, 0.05), (23.0, 17.0)),
        Lobe((432,), (212,), (0.3, 0.05), (18.0, 18.0)),
    ),
    "orbicularis_oris": (Lobe((270, 269), (40, 39), (0.7, 0.5), (15.0, 10.0)),),
    "depressor_anguli_oris": (
        Lobe((273, 287), (43, 57), (0.25, -1.0), (18.0, 17.0)),
        Lobe((422,), (202,), (0.1, -0.5), (17.0, 16.0)),
    ),
    "depressor_labii": (Lobe((405, 321), (181, 91), (0.3, -1.0), (16.0, 12.0)),),
    "mentalis": (
        Lobe((428, 262), (208, 32), (0.0, 1.0), (17.0, 14.0)),
        Lobe((418, 421), (194, 201), (0.0, 0.5), (15.0, 10.0)),
    ),
    "platysma": (
        Lobe((379, 394), (150, 169), (0.35, -1.0), (26.0, 25.0)),
        Lobe((287,), (57,), (0.2, -0.35), (16.0, 16.0)),
    ),
}


@dataclass(frozen=True, eq=False)
class Field:
    """How the skin of one side moves in one frame: its lobes, each with its pull.

    Attributes
    ----------
    centres, radii, pulls : ndarray, shape (n_lobes, 2)
        Where each lobe is, how far it reaches, and how far it moves its centre, mm.
    """

    face: Face
    side: Side
    centres: Floats
    radii: Floats
    pulls: Floats

    def at(self, uv: Floats) -> Floats:
        """Return how far the skin at `uv` moves, mm, shape (..., 2)."""
        total = _spread(self.centres, self.radii, self.pulls, uv)
        total *= side_weight(self.face, self.side, uv)[..., None]
        return total

    @property
    def reach(self) -> tuple[Floats, Floats]:
        """The least and greatest (u, v) that it touches."""
        return (self.centres - self.radii).min(axis=0), (self.centres + self.radii).max(axis=0)


def make_field(face: Face, side: Side, contraction_mm: Mapping[Channel, float]) -> Field | None:
    """Return how the skin of one side moves, or None when nothing moves it; lids apart.

    Parameters
    ----------
    face : Face
        Whose landmarks carry the lobes.
    side : "left" or "right"
        The person's own side.
    contraction_mm : mapping of Channel to float
        How far each muscle pulls its own patch.
    """
    parts = [
        _lobes(face, channel, mm)
        for channel, mm in contraction_mm.items()
        if channel.side == side and channel.muscle in LOBES and mm != 0.0
    ]
    if not parts:
        return None
    centres, radii, pulls = (np.concatenate(part) for part in zip(*parts, strict=True))
    return Field(face, side, centres, radii, pulls)


def side_weight(face: Face, side: Side, uv: Floats) -> Floats:
    """Return 0 on the other half and up to the midline, rising smoothly to 1 on this half."""
    away = (uv[..., 0] - face.midline(uv[..., 1])) * _lateral(side)
    start, whole = MIDLINE_MM
    return smoothstep((away - start) / (whole - start))


def smoothstep(x: Floats) -> Floats:
    """Return 0 below 0, 1 above 1, and a smooth rise between."""
    t = np.clip(x, 0.0, 1.0)
    rise: Floats = t * t * (3.0 - 2.0 * t)
    return rise


def measured_gain(face: Face) -> Floats:
    """Return what each patch shows of each contraction, shape (n_channels, n_channels).

    Row i, column j: millimetres that the patch of channel i moves along its own pull, per
    millimetre of contraction of channel j. Neighbours share skin, so a perfect measurement sees
    this, not the drive.
    """
    gain = np.zeros((len(CHANNELS), len(CHANNELS)))
    patches = np.array([patch_centre(face, channel) for channel in CHANNELS])
    pulls = np.array([pull_direction(channel) for channel in CHANNELS])
    for column, source in enumerate(CHANNELS):
        field = make_field(face, source.side, {source: 1.0})
        if field is not None:
            gain[:, column] = np.sum(field.at(patches) * pulls, axis=1)
    lids = [i for i, c in enumerate(CHANNELS) if c.muscle == "orbicularis_oculi_upper"]
    gain[lids] = 0.0  # margins are moved by `eyelids`, not by skin
    gain[lids, lids] = 1.0
    return gain


def patch_centre(face: Face, channel: Channel) -> Floats:
    """Return (u, v) of the middle of the patch at which a channel is measured."""
    muscle = MUSCLE[channel.muscle]
    points = muscle.left if channel.side == "left" else muscle.right
    centre: Floats = face.uv[list(points)].mean(axis=0)
    return centre


def _lobes(face: Face, channel: Channel, mm: float) -> tuple[Floats, Floats, Floats]:
    """Centres, radii and pulls of one muscle, scaled so that its own patch moves `mm`."""
    lobes = LOBES[channel.muscle]
    places = [lobe.left if channel.side == "left" else lobe.right for lobe in lobes]
    centres = np.array([face.uv[list(points)].mean(axis=0) for points in places])
    radii = np.array([lobe.radii_mm for lobe in lobes])
    pulls = np.array([lobe.pull for lobe in lobes]) * (_lateral(channel.side), 1.0)
    patch = patch_centre(face, channel)
    own = _spread(centres, radii, pulls, patch) @ pull_direction(channel)
    return centres, radii, pulls * (mm / own)


def _spread(centres: Floats, radii: Floats, pulls: Floats, uv: Floats) -> Floats:
    total = np.zeros(uv.shape)
    for centre, radius, pull in zip(centres, radii, pulls, strict=True):
        away = (uv - centre) / radius
        fade = np.clip(1.0 - away[..., 0] ** 2 - away[..., 1] ** 2, 0.0, None) ** 2
        total += fade[..., None] * pull
    return total


def pull_direction(channel: Channel) -> Floats:
    """Return the unit vector (u, v) along which a channel is measured."""
    muscle = MUSCLE[channel.muscle]
    pull = np.array([muscle.pull[0] * _lateral(channel.side), muscle.pull[1]])
    unit: Floats = pull / np.linalg.norm(pull)
    return unit


def _lateral(side: Side) -> float:
    return 1.0 if side == "left" else -1.0
