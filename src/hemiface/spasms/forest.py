"""The judge: gradient-boosted trees, kept as plain arrays and read with NumPy alone.

`training/` in the repository makes the file from recordings of healthy people with planted spasms.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from hemiface.errors import ConventionError
from hemiface.spasms.features import CONSTRAINTS
from hemiface.types import Floats


@dataclass(frozen=True, eq=False)
class Forest:
    """A sum of regression trees on the log-odds scale.

    Attributes
    ----------
    feature, left, right : ndarray of int, shape (n_trees, n_nodes)
        Feature tested and children of each node; a leaf is its own child.
    threshold, value : ndarray, shape (n_trees, n_nodes)
        Values not above the threshold go left; the value of each leaf.
    baseline : float
        Log-odds before any tree.
    prior : float
        Share of spasms among the candidates it learned from.
    """

    feature: NDArray[np.int32]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    threshold: Floats
    value: Floats
    baseline: float
    prior: float

    def probability(self, rows: Floats) -> Floats:
        """Return the probability of a spasm for each row of features, shape (n_rows,)."""
        if not len(rows):
            return np.zeros(0)
        trees = np.arange(len(self.feature))
        at = np.zeros((len(rows), len(trees)), np.int32)
        while True:
            tested = np.take_along_axis(rows, self.feature[trees, at], axis=1)
            below = tested <= self.threshold[trees, at]
            following = np.where(below, self.left[trees, at], self.right[trees, at])
            if (following == at).all():
                break
            at = following
        log_odds = self.baseline + self.value[trees, at].sum(axis=1)
        return np.asarray(1 / (1 + np.exp(-log_odds)))


@cache
def packaged_forest(kind: Literal["video", "points"] = "video") -> Forest:
    """Return the forest this version ships with, for skin or for landmarks alone."""
    with as_file(files("hemiface.spasms") / f"forest_{kind}.npz") as path:
        return read_forest(path)


def read_forest(path: Path) -> Forest:
    """Return a forest from its file."""
    with np.load(path) as stored:
        arrays = {name: stored[name] for name in stored.files}
    n_features = int(arrays["feature"].max()) + 1
    if n_features > len(CONSTRAINTS):
        raise ConventionError(
            f"A forest must read at most {len(CONSTRAINTS)} features; {path.name} reads "
            f"{n_features}. Fit it again with this version's training."
        )
    baseline, prior = float(arrays.pop("baseline")), float(arrays.pop("prior"))
    return Forest(**arrays, baseline=baseline, prior=prior)
