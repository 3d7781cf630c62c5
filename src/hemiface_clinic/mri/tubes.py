"""Lines with a radius as surfaces that the viewer shows. Knows no Django.

The form is MZ3: a short header, triangles, corners, all little-endian, in RAS mm as NIfTI has them.
"""

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from hemiface.types import Floats

N_AROUND = 12
_MAGIC, _HAS_FACES, _HAS_CORNERS = 0x5A4D, 1, 2
_MAX_ALONG = 400


def write_tubes(path: Path, tubes: Sequence[tuple["Floats", "Floats"]]) -> None:
    """Write tubes, each a line (LPS mm, (n, 3)) and its radii (mm, (n,)), as one surface."""
    import numpy as np

    corners, faces, n = [np.zeros((0, 3))], [np.zeros((0, 3), int)], 0
    for line, radius_mm in tubes:
        if len(line) > 1:
            some, between = tube(line, radius_mm)
            corners.append(some)
            faces.append(between + n)
            n += len(some)
    all_corners = np.concatenate(corners) * (-1.0, -1.0, 1.0)  # LPS to RAS
    all_faces = np.concatenate(faces)
    header = struct.pack(
        "<HHIII", _MAGIC, _HAS_FACES | _HAS_CORNERS, len(all_faces), len(all_corners), 0
    )
    path.write_bytes(
        header + all_faces.astype("<i4").tobytes() + all_corners.astype("<f4").tobytes()
    )


def tube(line: "Floats", radius_mm: "Floats") -> "tuple[Floats, NDArray[np.int64]]":
    """Return corners (m, 3) and triangles (k, 3) of the surface around a line, its ends closed."""
    import numpy as np

    step = 1 + len(line) // _MAX_ALONG
    line, radius_mm = line[::step], radius_mm[::step]
    along = np.gradient(line, axis=0)
    along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9)
    first = _across(along)
    second = np.cross(along, first)
    angle = np.linspace(0.0, 2.0 * np.pi, N_AROUND, endpoint=False)
    ring = np.cos(angle)[:, None] * first[:, None] + np.sin(angle)[:, None] * second[:, None]
    around = line[:, None] + radius_mm[:, None, None] * ring
    corners = np.concatenate([around.reshape(-1, 3), line[[0, -1]]])
    return corners, _faces(len(line))


def _across(along: "Floats") -> "Floats":
    """Return a direction across the line at each point, turning as little as it can."""
    import numpy as np

    axis = np.eye(3)[int(np.argmin(np.abs(along[0])))]
    found = np.empty_like(along)
    for at, way in enumerate(along):
        axis = axis - way * float(axis @ way)
        axis = axis / max(float(np.linalg.norm(axis)), 1e-9)
        found[at] = axis
    return found


def _faces(n: int) -> "NDArray[np.int64]":
    import numpy as np

    ring = np.arange(N_AROUND)
    beside = (ring + 1) % N_AROUND
    faces = []
    for at in range(n - 1):
        here, there = at * N_AROUND, (at + 1) * N_AROUND
        faces.append(np.column_stack([here + ring, here + beside, there + ring]))
        faces.append(np.column_stack([here + beside, there + beside, there + ring]))
    middle, last = n * N_AROUND, (n - 1) * N_AROUND
    faces.append(np.column_stack([beside, ring, np.full(N_AROUND, middle)]))
    faces.append(np.column_stack([last + ring, last + beside, np.full(N_AROUND, middle + 1)]))
    return np.concatenate(faces)
