"""Which candidates are spasms: the forest's odds, corrected for how often this side spasms."""

from dataclasses import dataclass

import numpy as np

from hemiface.spasms.candidates import Candidate, find_candidates
from hemiface.spasms.features import describe
from hemiface.spasms.forest import Forest
from hemiface.spasms.grid import Grid
from hemiface.types import Floats

# Before seeing a recording: about one candidate in twenty is a spasm, held with the weight of six.
PRIOR_SPASMS, PRIOR_OTHERS = 0.3, 6.0
_ROUNDS = 50
_EDGE_SAMPLES = 3


@dataclass(frozen=True, eq=False)
class Judged:
    """A candidate and the probability that it is a spasm."""

    candidate: Candidate
    probability: float


def judge(grid: Grid, forest: Forest) -> list[Judged]:
    """Return every candidate of both sides with its probability, best first."""
    sides = [find_candidates(grid, own) for own in (0, 1)]
    probability = forest.probability(describe(grid, *sides))
    cut = len(sides[0])
    adapted = np.concatenate(
        [adapt(part, forest.prior) for part in (probability[:cut], probability[cut:])]
    )
    judged = [Judged(c, float(p)) for c, p in zip([*sides[0], *sides[1]], adapted, strict=True)]
    return sorted(judged, key=lambda one: -one.probability)


def judge_unfinished(grid: Grid, forest: Forest) -> list[Judged]:
    """Return the candidates whose rise came before anything was observed, best first.

    Played backwards, their end is a rise that never falls again before the observed stretch is
    over.
    """
    backwards, n_samples = grid.reversed(), len(grid.times_s)
    return [
        Judged(one.candidate.reversed(n_samples), one.probability)
        for one in judge(backwards, forest)
        if _reaches_edge(backwards, one.candidate.end)
    ]


def _reaches_edge(grid: Grid, end: int) -> bool:
    following = grid.observed[end + 1 : end + 1 + _EDGE_SAMPLES]
    return len(following) < _EDGE_SAMPLES or not following.all()


def adapt(probability: Floats, prior: float) -> Floats:
    """Correct probabilities for the share of spasms in this recording, estimated by EM.

    A side with many sure spasms makes its doubtful ones likelier; a healthy side makes them rarer.
    Saerens et al. 2002 (doi:10.1162/089976602753284446), with a beta prior on the share.
    """
    if not len(probability):
        return probability
    odds = np.clip(probability, 1e-4, 1 - 1e-4)
    odds = odds / (1 - odds) * (1 - prior) / prior
    share = prior
    for _ in range(_ROUNDS):
        likely = share * odds / (share * odds + 1 - share)
        share = (PRIOR_SPASMS + likely.sum()) / (PRIOR_SPASMS + PRIOR_OTHERS + len(likely))
    return np.asarray(likely)


def keep_best(judged: list[Judged], threshold: float, shared: int) -> list[Judged]:
    """Keep the likeliest of candidates that share more than a few samples, whatever their side."""
    kept: list[Judged] = []
    for one in sorted(judged, key=lambda each: -each.probability):
        c = one.candidate
        if one.probability < threshold:
            break
        if all(
            c.end < other.candidate.onset + shared or c.onset > other.candidate.end - shared
            for other in kept
        ):
            kept.append(one)
    return sorted(kept, key=lambda one: one.candidate.onset)
