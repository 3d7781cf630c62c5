"""A video together with what is true of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hemiface.types import Measurement


@dataclass(frozen=True)
class Film:
    """A video with its truth."""

    path: Path
    truth: Measurement

    def pictures(self) -> Iterator[NDArray[np.uint8]]:
        import av

        with av.open(str(self.path)) as container:
            for frame in container.decode(video=0):
                yield frame.to_ndarray(format="rgb24")
