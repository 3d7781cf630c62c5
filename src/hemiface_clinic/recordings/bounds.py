"""How large a video may be, and how much the child that reads it may use. Knows no Django."""

from dataclasses import dataclass

MAX_BYTES = 200_000_000
MIN_FREE_BYTES = 500_000_000  # of the disk; the database needs room, too
MAX_SIDE_PX = 4096
MAX_PIXELS = 4096 * 2304  # the largest a telephone films
MAX_S = 20 * 60
MAX_FRAMES = MAX_S * 60

N_PROCESSORS = 4

_GIB = 1 << 30
_MIB = 1 << 20


@dataclass(frozen=True)
class Bounds:
    """What a child may use.

    Attributes
    ----------
    memory_bytes : int
        Address space.
    cpu_s : int
        Processor time, all threads together.
    file_bytes : int
        Size of any file it writes.
    n_files : int
        Files open at once.
    wall_s : float
        Time until it is killed.
    """

    memory_bytes: int
    cpu_s: int
    file_bytes: int
    n_files: int
    wall_s: float


# Measuring a clip of 1080p needs 0.97 GiB of address space, one of 4096 × 2304 at 60 Hz 1.05 GiB,
# and twenty minutes 0.1 GiB more than one; 1080p takes half its length on two processors.
BOUNDS = {
    "probe": Bounds(1 * _GIB, 20, 1 * _MIB, 64, 30.0),
    "measure": Bounds(2 * _GIB, 7200, 64 * _MIB, 64, 3600.0),
    "faceless": Bounds(2 * _GIB, 7200, 64 * _MIB, 64, 3600.0),
    "mri-read": Bounds(4 * _GIB, 300, 1 * _GIB, 64, 180.0),
    "mri-measure": Bounds(4 * _GIB, 2400, 256 * _MIB, 64, 1200.0),
}
