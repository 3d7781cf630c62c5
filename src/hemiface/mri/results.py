"""What was measured of the nerves, the vessels and the conflict."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from hemiface.types import Floats, Side

Point = tuple[float, float, float]
Site = Literal["root_exit", "attached", "detachment", "cisternal", "meatal"]
SITES: tuple[Site, ...] = ("root_exit", "attached", "detachment", "cisternal", "meatal")
Contact = Literal["yes", "unsure", "no"]


@dataclass(frozen=True)
class Clicks:
    """Where a person sees the facial nerve of one side, LPS mm.

    Attributes
    ----------
    root_exit : tuple of float
        Where the nerve leaves the groove of the brainstem (pontomedullary sulcus).
    meatus : tuple of float
        On the nerve, where it enters the bone.
    detachment : tuple of float or None
        Where it leaves the surface of the pons; found if not given.
    """

    root_exit: Point
    meatus: Point
    detachment: Point | None = None


@dataclass(frozen=True)
class Nerve:
    """A nerve's middle, LPS mm, (n, 3), its radius, mm, (n,), and the length along it, mm, (n,).

    The length is 0 where the facial nerve leaves the pons, and negative where it is attached.
    """

    line: Floats
    radius_mm: Floats
    s_mm: Floats


@dataclass(frozen=True)
class FoundVessel:
    """A vessel near the nerve.

    Attributes
    ----------
    line : numpy.ndarray
        Its middle, LPS mm, shape (n, 3).
    radius_mm : numpy.ndarray
        Shape (n,).
    in_tof : bool
        Whether the TOF shows flow in it.
    likely : str
        "vertebral artery", "small artery" (such as AICA or PICA), or "vein or slow vessel": from
        its calibre and the TOF, to be named by the doctor.
    distance_mm : float
        Its least gap to the facial nerve.
    """

    line: Floats
    radius_mm: Floats
    in_tof: bool
    likely: str
    distance_mm: float


@dataclass(frozen=True)
class Conflict:
    """The place where a vessel comes nearest to the facial nerve.

    Attributes
    ----------
    distance_mm, low_mm, high_mm : float
        The gap between both surfaces, with its 95 % interval; negative where the vessel indents.
        Of the attached segment: between the vessel and the surface of the pons.
    contact : "yes", "unsure" or "no"
    contact_chance : float
        0 to 1, from the interval.
    s_mm : float
        Along the nerve, from where it leaves the pons.
    place : tuple of float
        LPS mm, on the nerve.
    site : str
    length_mm : float
        Of the nerve with a gap below a quarter of a millimetre.
    angle_deg : float
        Between nerve and vessel, 0 to 90.
    vessel : int
        Which of the side's vessels it is.
    vessel_diameter_mm, nerve_diameter_mm : float
        There; the nerve's is NaN on the pons, where it cannot be seen.
    depth_mm, displacement_mm : float
        How deep the vessel lies in the nerve or pons, and how far it pushes the nerve aside.
    grade : int
        0 apart, 1 touching, 2 displaced, 3 deep: the likeliest.
    grades : tuple of int
        Those that the interval allows.
    """

    distance_mm: float
    low_mm: float
    high_mm: float
    contact: Contact
    contact_chance: float
    s_mm: float
    place: Point
    site: Site
    length_mm: float
    angle_deg: float
    vessel: int
    vessel_diameter_mm: float
    nerve_diameter_mm: float
    depth_mm: float
    displacement_mm: float
    grade: int
    grades: tuple[int, ...]


@dataclass(frozen=True)
class FoundMass:
    """What is neither vessel, nerve nor brain: its middle (LPS mm), size and volume."""

    place: Point
    diameter_mm: float
    volume_ml: float


@dataclass(frozen=True)
class Doubt:
    """A reason to look again: a key, a sentence, and whether numbers are withheld for it."""

    key: str
    sentence: str
    refuses: bool = False


@dataclass(frozen=True)
class SideFound:
    """What was measured of one side.

    Attributes
    ----------
    side : "left" or "right"
        The person's own.
    clicks : Clicks
        As they were given, or proposed.
    detachment : tuple of float
        LPS mm.
    facial, vestibulocochlear : Nerve
    vessels : tuple of FoundVessel
        The nearest first.
    gap_mm, low_mm, high_mm : numpy.ndarray
        The gap to the nearest vessel at each point of the facial nerve with its interval; NaN
        where no vessel is near. Shape (n,).
    conflict : Conflict or None
        None where no vessel is near.
    masses : tuple of FoundMass
    doubts : tuple of Doubt
    """

    side: Side
    clicks: Clicks
    detachment: Point
    facial: Nerve
    vestibulocochlear: Nerve
    vessels: tuple[FoundVessel, ...]
    gap_mm: Floats
    low_mm: Floats
    high_mm: Floats
    conflict: Conflict | None
    masses: tuple[FoundMass, ...]
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True)
class MriFound:
    """What was measured in the pictures of one person.

    Attributes
    ----------
    sides : tuple of SideFound
    snr : float
        Brightness of fluid on T2 over the noise.
    tof_pose : numpy.ndarray or None
        From a place in the T2 to the same place in the TOF, shape (4, 4); None without TOF.
    doubts : tuple of Doubt
        Of the pictures.
    """

    sides: tuple[SideFound, ...]
    snr: float
    tof_pose: Floats | None
    doubts: tuple[Doubt, ...]

    @property
    def is_refused(self) -> bool:
        """Whether a doubt withholds distance, contact and grade."""
        return any(one.refuses for one in self.doubts)

    def doubted(self, doubts: Sequence[Doubt]) -> "MriFound":
        """Return the same with more doubts, as of the files; its own go before them."""
        every = {one.key: one for one in (*doubts, *self.doubts)}
        return replace(self, doubts=tuple(every.values()))
