"""Which candidates are spasms: the forest's odds, corrected for how often this side spasms."""

from dataclasses import dataclass, replace

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


def keep_best(judged: list[Judged], threshold: float, apart: int) -> list[Judged]:
    """Join the likely candidates of one side that are less than so many samples apart.

    A long spasm rises more than once. Where the two sides contend, the likelier one is kept.
    """
    kept: list[Judged] = []
    for one in sorted(judged, key=lambda each: -each.probability):
        if one.probability < threshold:
            break
        rivals = [other for other in kept if _meet(one.candidate, other.candidate, apart)]
        if any(rival.candidate.own != one.candidate.own for rival in rivals):
            continue
        kept = [other for other in kept if other not in rivals]
        kept.append(_joined([one, *rivals]))
    return sorted(kept, key=lambda one: one.candidate.onset)


def _meet(a: Candidate, b: Candidate, apart: int) -> bool:
    return a.end + apart >= b.onset and b.end + apart >= a.onset


def _joined(several: list[Judged]) -> Judged:
    """Return one candidate over all of them; what was before the first was before them all."""
    first = min(several, key=lambda one: one.candidate.onset).candidate
    end = max(one.candidate.end for one in several)
    return Judged(replace(first, end=end), max(one.probability for one in several))
