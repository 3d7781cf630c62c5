"""What was read: series of pictures, of a person who is no longer named."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from hemiface.types import Floats
from hemiface.volume import Volume

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

Sequence = Literal["t2", "tof", "t1", "other"]


@dataclass(frozen=True, eq=False)
class Series:
    """One picture in three dimensions, and how it was taken.

    Attributes
    ----------
    volume : Volume
    kind : "t2", "tof", "t1" or "other"
        "t2" is the heavy one: CISS, FIESTA, DRIVE, SPACE.
    description : str
        Words of the trade that its description held, and no others.
    resolution_mm : numpy.ndarray
        Voxel as acquired along i, j and k, shape (3,); where it is not told, that of the picture.
    doubts : tuple of str
        What was odd about the file, a sentence each.
    sources : tuple of pydicom.Dataset
        Of DICOM: a header for each file in the order of the slices, no pixels, no identity.
    """

    volume: Volume
    kind: Sequence
    description: str
    resolution_mm: Floats
    doubts: tuple[str, ...] = ()
    sources: "tuple[Dataset, ...]" = ()


@dataclass(frozen=True, eq=False)
class Study:
    """All series that could be read.

    Attributes
    ----------
    series : tuple of Series
        At least one.
    left_out : tuple of str
        Why others could not be read, a sentence each.
    """

    series: tuple[Series, ...]
    left_out: tuple[str, ...] = ()
