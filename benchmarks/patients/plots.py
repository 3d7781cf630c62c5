"""Pictures: F1 against amplitude, frame rate and yaw, beside the baselines."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.cases import METHODS, Compared, by_method
from benchmarks.scores import f1, pool
from hemiface.agreement import compare

PICTURE = Path(__file__).parents[1] / "accuracy.png"
BANDS_MM = ((0.5, 1.0), (1.0, 1.5), (1.5, 2.0), (2.0, 3.0), (3.0, float("inf")))
_COLORS = {"hemiface": "#0f5c63", "blend shapes": "#5b6f86", "eye rule": "#b98a5e"}


def draw_accuracy(
    patients: Sequence[Compared],
    rates: Mapping[float, Sequence[Compared]],
    yaws: Mapping[float, Sequence[Compared]],
    threshold: float,
    path: Path = PICTURE,
) -> None:
    """Draw the three curves side by side."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(1, 3, figsize=(12, 3.6), sharey=True, layout="constrained")
    middles = ["0.5–1", "1–1.5", "1.5–2", "2–3", "3+"]
    for method in METHODS:
        by_band = f1_by_amplitude(patients, method, threshold)
        axes[0].plot(middles, by_band, "o-", color=_COLORS[method], label=method)
        for axis, groups in ((axes[1], rates), (axes[2], yaws)):
            values = [_f1(cases, method, threshold) for cases in groups.values()]
            axis.plot(list(groups), values, "o-", color=_COLORS[method])
    for axis, label in zip(axes, ("amplitude, mm", "frames a second", "yaw, degrees"), strict=True):
        axis.set(xlabel=label, ylim=(0, 1.02))
        axis.spines[["top", "right"]].set_visible(False)
        axis.grid(axis="y", alpha=0.3)
    axes[0].set_ylabel("F1")
    figure.legend(
        *axes[0].get_legend_handles_labels(), loc="outside upper left", ncols=3, frameon=False
    )
    figure.savefig(path, dpi=120)
    plt.close(figure)


def f1_by_amplitude(cases: Sequence[Compared], method: str, threshold: float) -> list[float]:
    """Return F1 in each band of true amplitude; found ones without a true one count by their own.

    A baseline that gives no amplitude answers for all its false ones in every band.
    """
    found = by_method(cases, threshold)[method]
    scores = []
    for low, high in BANDS_MM:
        bands = [
            compare(one, case.truth, bands_mm=[(low, high)]).bands[0]
            for one, case in zip(found, cases, strict=True)
        ]
        totals = [
            sum(getattr(b, name) for b in bands) for name in ("n_truth", "n_found", "n_matched")
        ]
        scores.append(f1(*totals))
    return scores


def _f1(cases: Sequence[Compared], method: str, threshold: float) -> float:
    found = by_method(cases, threshold)[method]
    return pool(found, [case.truth for case in cases]).f1
