"""How a person's spasms fall and return after botulinum toxin: the model, and its posterior.

Each visit counts spasms and gives their size. Both are the person's usual ones, times what the
toxin leaves, with three kinds of chance: counts scatter more than Poisson (spasms come in
clusters), the rate wanders by itself over weeks, and sizes vary from spasm to spasm. How fast the
effect comes and goes is the person's own, nearly the same in every session of one brand.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from hemiface.types import Floats

STEEPNESS = 2.8
"""How steeply the effect ends: our choice, the same for everybody."""

# Means and standard deviations before seeing the person, as logarithms of days. The effect was
# felt after 5.4 (5.3) days, and lasted 85 (42) to 106 (54) days (Bentivoglio 2009, Eur J Neurol
# 16:392); 10.6 days of rise are felt after 5.4.
_LOG_TAU, _LOG_T50 = (np.log(10.6) - 0.31, 0.79), (np.log(95.0) - 0.10, 0.45)
# All others are our choice: the block at its most (logit), the trend of a year, how alike sessions
# are, how far sizes follow rates.
_MOST, _TREND, _SESSION, _FOLLOW = (1.1, 1.2), (0.0, 0.5), (0.0, 0.06), (0.0, 0.3)
_VAGUE = 1.5
# The rate's own wandering: standard deviation of its logarithm, and memory from day to day.
_WANDER_SD, _MEMORY = 0.2, 0.93
# Sizes: standard deviation of the logarithm from spasm to spasm, and from visit to visit.
_SIZE_SD, _SIZE_VISIT_SD = 0.6, 0.08
_DISPERSIONS = (0.02, 0.06, 0.15, 0.35)
_STARTS = (0.0, -0.9, 0.9)
_ROUNDS, _SMALL = 60, 1e-7


@dataclass(frozen=True, eq=False)
class Visits:
    """What was counted.

    Attributes
    ----------
    day : ndarray, shape (n_visits,)
    n_spasms : ndarray, shape (n_visits,)
    minutes : ndarray, shape (n_visits,)
        Observed.
    size_mm : ndarray, shape (n_visits,)
        Usual amplitude; NaN where none was seen.
    """

    day: Floats
    n_spasms: Floats
    minutes: Floats
    size_mm: Floats


@dataclass(frozen=True, eq=False)
class Posterior:
    """What is known after seeing the visits: a normal distribution around its mode.

    Attributes
    ----------
    mode, covariance : ndarray, shape (n,), (n, n)
    brand : ndarray of int, shape (n_sessions,)
        Which brand each session was of.
    evidence : float
        Logarithm of the probability of the visits (Laplace's approximation).
    """

    mode: Floats
    covariance: Floats
    brand: np.ndarray
    evidence: float

    def draw(self, n: int, seed: int) -> tuple[Floats, Floats, Floats]:
        """Return draws of log tau, log t50 and logit of the most, shape (n, n_sessions) each."""
        rng = np.random.default_rng(seed)
        return _sessions(rng.multivariate_normal(self.mode, self.covariance, size=n).T, self.brand)


def block(days: Floats, log_tau: Floats, log_t50: Floats, logit_most: Floats) -> Floats:
    """Return the share of the spasms that is blocked, so many days after an injection.

    All are broadcast against each other. The curve is our choice: it rises as 1 - exp(-(t/tau)^2)
    and falls as 1 / (1 + (t/t50)^2.8).
    """
    t = np.maximum(days, 0.0)
    rise = 1.0 - np.exp(-((t / np.exp(log_tau)) ** 2))
    fall = 1.0 / (1.0 + (t / np.exp(log_t50)) ** STEEPNESS)
    return np.asarray(rise * fall / (1.0 + np.exp(-logit_most)))


def fit_posterior(visits: Visits, injected: Floats, brand: np.ndarray) -> Posterior:
    """Return the posterior of the sessions' curves.

    Parameters
    ----------
    visits : Visits
    injected : ndarray, shape (n_sessions,)
        Day of each session.
    brand : ndarray of int, shape (n_sessions,)
        Which brand: sessions are alike within one only.
    """
    fits = [
        _climb(_Model(visits, injected, brand, dispersion), start)
        for dispersion in _DISPERSIONS
        for start in _STARTS
    ]
    return max(fits, key=lambda one: one.evidence)


def _sessions(values: Floats, brand: np.ndarray) -> tuple[Floats, Floats, Floats]:
    """Take parameters apart, shape (n, ...): log tau, log t50 and logit, one column a session."""
    n, k = int(brand.max()) + 1, len(brand)
    shape, rest = values[4 : 4 + 2 * n], values[4 + 2 * n :]
    log_tau = shape[:n][brand] + rest[k : 2 * k]
    log_t50 = shape[n:][brand] + rest[2 * k :]
    return log_tau.T, log_t50.T, rest[:k].T


@dataclass(frozen=True, eq=False)
class _Model:
    """Parameters: log rate, trend, log size, how far sizes follow; log tau and log t50 of each
    brand; of each session the logit of its most, and how its log tau and log t50 differ.
    """

    visits: Visits
    injected: Floats
    brand: np.ndarray
    dispersion: float

    @cached_property
    def prior(self) -> tuple[Floats, Floats]:
        """Means and standard deviations."""
        n, k = int(self.brand.max()) + 1, len(self.brand)
        per_min = (self.visits.n_spasms.sum() + 0.5) / self.visits.minutes.sum()
        size = float(np.average(self.log_size, weights=self.size_weight + 1e-9))
        pairs = [(np.log(per_min), _VAGUE), _TREND, (size, _VAGUE), _FOLLOW]
        pairs += [_LOG_TAU] * n + [_LOG_T50] * n + [_MOST] * k + [_SESSION] * (2 * k)
        means, spreads = np.array(pairs).T
        return means, spreads

    @cached_property
    def log_size(self) -> Floats:
        return np.nan_to_num(np.log(np.maximum(self.visits.size_mm, 1e-3)))

    @cached_property
    def size_weight(self) -> Floats:
        known = np.isfinite(self.visits.size_mm) & (self.visits.n_spasms > 0)
        spread = _SIZE_SD**2 / np.maximum(self.visits.n_spasms, 1.0) + _SIZE_VISIT_SD**2
        return np.where(known, 1.0 / spread, 0.0)

    @cached_property
    def stiffness(self) -> Floats:
        """Inverse covariance of the rate's own wandering, shape (n_visits, n_visits)."""
        apart = np.abs(self.visits.day[:, None] - self.visits.day)
        wander = _WANDER_SD**2 * _MEMORY**apart + 1e-6 * np.eye(len(apart))
        return np.asarray(np.linalg.inv(wander))

    def expect(self, at: Floats) -> Floats:
        """Return the log counts and then the log sizes that are expected, without wandering."""
        day = self.visits.day
        log_tau, log_t50, most = _sessions(at, self.brand)
        blocked = block(day[:, None] - self.injected, log_tau, log_t50, most)
        left = np.log1p(-np.minimum(blocked, 0.999)).sum(axis=1)
        counts = np.log(self.visits.minutes) + at[0] + at[1] * (day - day.mean()) / 365.0 + left
        return np.concatenate([counts, at[2] + np.exp(at[3]) * left])

    def slopes(self, at: Floats) -> tuple[Floats, Floats]:
        """Return what is expected and its derivatives, shape (2 n_visits, n_parameters)."""
        here, step = self.expect(at), 1e-5
        each = np.eye(len(at)) * step
        return here, np.stack([(self.expect(at + one) - here) / step for one in each], axis=1)

    def log_posterior(self, at: Floats, wander: Floats) -> float:
        n, (means, spreads) = len(wander), self.prior
        expected = self.expect(at)
        rate = np.exp(np.clip(expected[:n] + wander, -12, 12))
        counts = _log_probability(self.visits.n_spasms, rate, self.dispersion).sum()
        sizes = (self.size_weight * (self.log_size - expected[n:]) ** 2).sum()
        shape = (((at - means) / spreads) ** 2).sum() + wander @ self.stiffness @ wander
        return float(counts - 0.5 * (sizes + shape))


def _log_probability(n: Floats, rate: Floats, dispersion: float) -> Floats:
    """Return the logarithm of the negative binomial probability of each count.

    `scipy.stats` has it, but checks its arguments for longer than the fit takes.
    """
    from scipy.special import gammaln

    r = 1.0 / dispersion
    ways = gammaln(n + r) - gammaln(r) - gammaln(n + 1.0)
    return np.asarray(ways + r * np.log(r / (r + rate)) + n * np.log(rate / (r + rate)))


def _climb(model: _Model, start: float) -> Posterior:
    """Find the mode by Fisher scoring, damped (Levenberg 1944; Marquardt 1963)."""
    means, spreads = model.prior
    n_brands = int(model.brand.max()) + 1
    at, wander = means.copy(), np.zeros(len(model.visits.day))
    at[4 : 4 + n_brands] += start
    height, damping, p = model.log_posterior(at, wander), 1e-3, len(means)
    for _ in range(_ROUNDS):
        slope, curve = _quadratic(model, at, wander)
        while damping < 1e9:
            step = np.linalg.solve(curve + damping * np.diag(np.diag(curve)), slope)
            higher = model.log_posterior(at + step[:p], wander + step[p:])
            if higher >= height - 1e-9:
                break
            damping *= 6.0
        else:
            break
        at, wander, gained = at + step[:p], wander + step[p:], higher - height
        height, damping = higher, max(damping / 5.0, 1e-9)
        if gained < _SMALL:
            break
    _, curve = _quadratic(model, at, wander)
    volumes = np.linalg.slogdet(model.stiffness)[1] - np.linalg.slogdet(curve)[1]
    evidence = height + 0.5 * float(volumes) - float(np.log(spreads).sum())
    covariance = np.linalg.inv(curve)[:p, :p]
    return Posterior(at, (covariance + covariance.T) / 2.0, model.brand, evidence)


def _quadratic(model: _Model, at: Floats, wander: Floats) -> tuple[Floats, Floats]:
    """Return slope and expected curvature of the log posterior, in parameters and wandering."""
    expected, slopes = model.slopes(at)
    n, p, (means, spreads) = len(wander), len(at), model.prior
    rate = np.exp(np.clip(expected[:n] + wander, -12, 12))
    scatter = 1.0 + model.dispersion * rate
    pull = np.concatenate(
        [
            (model.visits.n_spasms - rate) / scatter,
            model.size_weight * (model.log_size - expected[n:]),
        ]
    )
    weight = np.concatenate([rate / scatter, model.size_weight])
    design = np.hstack([slopes, np.vstack([np.eye(n), np.zeros((n, n))])])
    slope, curve = design.T @ pull, design.T @ (weight[:, None] * design)
    slope[:p] -= (at - means) / spreads**2
    slope[p:] -= model.stiffness @ wander
    curve[:p, :p] += np.diag(1.0 / spreads**2)
    curve[p:, p:] += model.stiffness
    return slope, curve
