"""From scikit-learn's boosted trees to the plain arrays that `hemiface.spasms.forest` reads."""

from pathlib import Path
from typing import Any

import numpy as np

from hemiface.spasms.features import CONSTRAINTS
from hemiface.spasms.forest import Forest
from hemiface.types import Floats


def fit_trees(rows: Floats, is_spasm: Floats, weights: Floats, seed: int) -> Any:
    """Fit monotone gradient-boosted trees (Friedman 2001, doi:10.1214/aos/1013203451)."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    trees = HistGradientBoostingClassifier(
        max_iter=150,
        learning_rate=0.06,
        max_leaf_nodes=8,
        min_samples_leaf=60,
        l2_regularization=10.0,
        max_features=0.4,
        monotonic_cst=list(CONSTRAINTS),
        early_stopping=False,
        random_state=seed,
    )
    return trees.fit(rows, is_spasm, sample_weight=weights)


def to_forest(several: list[Any], prior: float) -> Forest:
    """Return the mean of several fitted boosters as arrays of equal length, padded with leaves."""
    nodes = [predictors[0].nodes for trees in several for predictors in trees._predictors]
    shape = (len(nodes), max(len(tree) for tree in nodes))
    feature, left, right = (np.zeros(shape, np.int32) for _ in range(3))
    threshold, value = np.zeros(shape), np.zeros(shape)
    for row, tree in enumerate(nodes):
        size, leaf, itself = len(tree), tree["is_leaf"].astype(bool), np.arange(len(tree))
        feature[row, :size] = np.where(leaf, 0, tree["feature_idx"])
        left[row, :size] = np.where(leaf, itself, tree["left"])
        right[row, :size] = np.where(leaf, itself, tree["right"])
        threshold[row, :size] = np.where(leaf, 0.0, tree["num_threshold"])
        value[row, :size] = np.where(leaf, tree["value"], 0.0) / len(several)
    baseline = float(np.mean([np.ravel(trees._baseline_prediction)[0] for trees in several]))
    return Forest(feature, left, right, threshold, value, baseline, prior)


def write_forest(forest: Forest, path: Path) -> None:
    """Write a forest as a compressed archive of arrays."""
    np.savez_compressed(path, **vars(forest))
