"""Lines and radii as first traced, made those that were fitted where a window looked."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from hemiface.mri.lines import nearest_on
from hemiface.mri.scene import TubeShape
from hemiface.mri.tracing import Traced
from hemiface.mri.windows import Local
from hemiface.types import Floats

_INNER = 0.9


def refined_vessels(vessels: Sequence[Traced], locals_: Sequence[Local]) -> list[Traced]:
    """Return vessels whose lines and radii are the fitted ones; the radius elsewhere as there."""
    refined = list(vessels)
    for local in locals_:
        for part, which in local.vessels.items():
            line, radius = refined_line(refined[which].line, local, part)
            refined[which] = replace(
                refined[which], line=line, radius=np.full(len(line), radius)
            )  # fmt: skip
    return refined


def refined_line(line: Floats, local: Local, part: int) -> tuple[Floats, float]:
    """Return a line moved onto a fitted one within its window, and the fitted mean radius."""
    shape, numbers = local.parts[part].shape, local.fitted.numbers[part]
    assert isinstance(shape, TubeShape)
    fitted = shape.line(numbers)
    inside = np.linalg.norm(line - local.middle, axis=1) < _INNER * local.radius_mm
    moved = line.copy()
    if inside.any():
        moved[inside] = fitted[nearest_on(fitted, line[inside])[1]]
    seen = np.linalg.norm(fitted - local.middle, axis=1) < local.radius_mm
    radius = shape.radius(numbers)
    return moved, float(np.median(radius[seen] if seen.any() else radius))
