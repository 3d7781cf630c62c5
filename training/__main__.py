"""`python -m training`: make `src/hemiface/spasms/forest_video.npz` (`--kind points`: the other).

The people are split: each is judged by a forest that never saw them. `crossval` keeps those forests
for the benchmark.
"""

from pathlib import Path

import click
import numpy as np

from hemiface.spasms.forest import Forest
from hemiface.types import Floats
from training.examples import (
    Example,
    read_healthy,
    render_planted,
    render_portraits,
    to_rows,
)
from training.forest import fit_trees, to_forest, write_forest
from training.people import read_clips, read_photos
from training.planted import add_motion, plant, plant_faint, vary
from training.rendered import Kind

FOREST = "src/hemiface/spasms/forest_{kind}.npz"
CACHE = Path("out/training")
SEEDS, PORTRAIT_SEEDS = (61, 62, 63), tuple(range(71, 78))
N_FOLDS, N_ROUNDS, N_MEMBERS, RENDERED_WEIGHT = 7, 14, 5, 3.0


@click.command()
@click.option("--data", type=click.Path(path_type=Path), default=Path("../shared/data"))
@click.option("--kind", type=click.Choice(["video", "points"]), default="video")
def main(data: Path, kind: Kind) -> None:
    """Fit the judge on every person, and one judge per fold of people for the benchmark."""
    clips, out = read_clips(data), Path(FOREST.format(kind=kind))
    healthy, rendered = read_healthy(clips, CACHE, kind), render_planted(clips, SEEDS, CACHE, kind)
    portraits = render_portraits(read_photos(data), PORTRAIT_SEEDS, CACHE, kind)
    people = sorted({clip.person for clip in clips})
    for fold in range(N_FOLDS):
        left_out = set(people[fold::N_FOLDS])
        forest = fit(
            [e for e in healthy if e.clip.person not in left_out],
            [*portraits, *(e for e in rendered if e.clip.person not in left_out)],
            fold, kind,
        )  # fmt: skip
        for person in left_out:
            write_forest(forest, CACHE / f"forest_{kind}_{person}.npz")
    write_forest(fit(healthy, [*portraits, *rendered], N_FOLDS, kind), out)
    click.echo(f"{out}: fitted on {len(people)} people; forests of the folds are in {CACHE}")


def fit(healthy: list[Example], rendered: list[Example], seed: int, kind: Kind) -> Forest:
    """Return a forest for these recordings, and for spasms planted into them at signal level."""
    rng = np.random.default_rng(seed)
    rounds = [example for _ in range(N_ROUNDS) for example in healthy]
    planted = [to_rows(_planted(healthy, rng, example, kind)) for example in rounds]
    seen = [to_rows(example) for example in rendered]
    rows, labels = _stack([*planted, *seen])
    weights = np.ones(len(labels))
    weights[sum(len(part) for _, part in planted) :] = RENDERED_WEIGHT
    prior = float(np.average(labels, weights=weights))
    fitted = [fit_trees(rows, labels, weights, member) for member in range(N_MEMBERS)]
    return to_forest(fitted, prior)


def _planted(
    healthy: list[Example], rng: np.random.Generator, example: Example, kind: Kind
) -> Example:
    signals = example.signals
    if rng.random() < 0.5:
        signals = add_motion(signals, healthy[rng.integers(len(healthy))].signals, rng)
    varied = vary(signals, rng)
    signals, events = plant(varied, rng) if kind == "video" else plant_faint(varied, rng)
    pace = varied.times_s[-1] / example.signals.times_s[-1]
    return Example(example.clip.at_pace(float(pace)), signals, tuple(events))


def _stack(parts: list[tuple[Floats, Floats]]) -> tuple[Floats, Floats]:
    return np.vstack([rows for rows, _ in parts]), np.concatenate([labels for _, labels in parts])


if __name__ == "__main__":
    main()
