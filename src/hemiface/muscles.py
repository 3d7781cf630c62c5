"""The facial muscles hemiface measures: where each is, which way it pulls, what moves it.

A muscle is named once for both sides; a *channel* (`hemiface.types.Channel`) is a muscle on one
side. `left` and `right` always mean the person's own side. Landmark numbers are those of the
MediaPipe face mesh (478 points). Directions are in the frontal canonical face, x lateral (away
from the midline), y up, and are normalised where they are used.

Action units after Ekman & Friesen's Facial Action Coding System (1978, 2002); nerve branches after
the usual five-branch scheme of the facial nerve (temporal, zygomatic, buccal, marginal mandibular,
cervical).
"""

from dataclasses import dataclass
from typing import Literal

Group = Literal["eye", "brow", "nose", "cheek", "mouth", "chin", "neck"]
Branch = Literal["temporal", "zygomatic", "buccal", "marginal mandibular", "cervical"]
Unit = Literal["mm", "fraction"]


@dataclass(frozen=True)
class Muscle:
    """One facial muscle (or part of one) with its place and pull.

    Attributes
    ----------
    name : str
        Snake-case name used in channels, files and reports.
    label : str
        Name for people.
    group : str
        Region of the face, for spread.
    branch : str
        Branch of the facial nerve.
    action_unit : str
        FACS action unit, e.g. "AU12".
    left, right : tuple of int
        Landmarks whose mean is the centre of the patch measured on each side.
    pull : tuple of float
        Direction of contraction (lateral, up).
    unit : str
        "mm" for a displacement, "fraction" for the closure of the eye.
    """

    name: str
    label: str
    group: Group
    branch: Branch
    action_unit: str
    left: tuple[int, ...]
    right: tuple[int, ...]
    pull: tuple[float, float]
    unit: Unit = "mm"


MUSCLES: tuple[Muscle, ...] = (
    Muscle(
        "orbicularis_oculi",
        "Orbicularis oculi (closure of the eye)",
        "eye",
        "zygomatic",
        "AU45",
        (386, 374),
        (159, 145),
        (0.0, -1.0),
        "fraction",
    ),
    Muscle(
        "orbicularis_oculi_upper",
        "Orbicularis oculi, upper lid",
        "eye",
        "temporal",
        "AU43",
        (386,),
        (159,),
        (0.0, -1.0),
    ),
    Muscle(
        "orbicularis_oculi_lower",
        "Orbicularis oculi, lower lid",
        "eye",
        "zygomatic",
        "AU7",
        (450, 449),
        (230, 229),
        (-0.3, 1.0),
    ),
    Muscle("frontalis", "Frontalis", "brow", "temporal", "AU2", (334,), (105,), (0.0, 1.0)),
    Muscle(
        "corrugator",
        "Corrugator supercilii",
        "brow",
        "temporal",
        "AU4",
        (336, 296),
        (107, 66),
        (-0.8, -0.6),
    ),
    Muscle("nasalis", "Nasalis", "nose", "buccal", "AU38", (358, 429), (129, 209), (0.6, 0.8)),
    Muscle(
        "levator_labii",
        "Levator labii superioris",
        "cheek",
        "buccal",
        "AU10",
        (423, 391),
        (203, 165),
        (0.1, 1.0),
    ),
    Muscle(
        "zygomaticus",
        "Zygomaticus major and minor",
        "cheek",
        "zygomatic",
        "AU12",
        (425, 426),
        (205, 206),
        (0.6, 0.8),
    ),
    Muscle(
        "risorius",
        "Risorius and buccinator",
        "mouth",
        "buccal",
        "AU20",
        (291, 287),
        (61, 57),
        (1.0, 0.1),
    ),
    Muscle(
        "orbicularis_oris",
        "Orbicularis oris",
        "mouth",
        "buccal",
        "AU24",
        (270, 269),
        (40, 39),
        (0.7, 0.5),
    ),
    Muscle(
        "depressor_anguli_oris",
        "Depressor anguli oris",
        "mouth",
        "marginal mandibular",
        "AU15",
        (273, 287),
        (43, 57),
        (0.3, -1.0),
    ),
    Muscle(
        "depressor_labii",
        "Depressor labii inferioris",
        "mouth",
        "marginal mandibular",
        "AU16",
        (405, 321),
        (181, 91),
        (0.3, -1.0),
    ),
    Muscle(
        "mentalis",
        "Mentalis",
        "chin",
        "marginal mandibular",
        "AU17",
        (428, 262),
        (208, 32),
        (0.0, 1.0),
    ),
    Muscle("platysma", "Platysma", "neck", "cervical", "AU21", (379, 394), (150, 169), (0.4, -1.0)),
)
"""Every muscle measured, upper face first."""

MUSCLE: dict[str, Muscle] = {muscle.name: muscle for muscle in MUSCLES}
"""The muscles by name."""
