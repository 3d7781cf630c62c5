"""`python -m benchmarks.mri [--quick]` writes benchmarks/MRI.md."""

import argparse
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
from rich.progress import track as show_progress

from benchmarks.mri.cases import Job, Outcome, run
from benchmarks.results import Row, Table, Target, write_mri_results
from hemiface.simulate.mri import PhantomOptions

PATH = Path(__file__).parents[1] / "MRI.md"
# Nobody develops on seeds from 100 to 399; 500 to 899 are for development.
FIRST_SEED, N_EACH, N_MASSES, N_FEW, N_QUICK = 100, 40, 24, 12, 2
_SURE_SNR = 14.0
_TIERS = ("standard", "hard", "attached")
_ERRORS = {"standard": (0.04, 0.15), "hard": (0.12, 0.40), "attached": (0.15, 0.40)}
_CONTACT = {"standard": (98.0, 97.0), "hard": (95.0, 93.0), "attached": (95.0, 92.0)}
_MASS = {"standard": 99.0, "hard": 97.0}


def main() -> None:
    """Draw and measure phantoms of every tier; write the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mri", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few phantoms, to see that it runs")
    parser.add_argument("--out", type=Path, default=PATH)
    asked = parser.parse_args()
    n, masses, few = (N_QUICK,) * 3 if asked.quick else (N_EACH, N_MASSES, N_FEW)
    measured = {
        tier: _run([Job(seed, tier, with_masks=True) for seed in _seeds(n, block)], tier)
        for block, tier in enumerate(_TIERS)
    }
    tables = [tier_table(tier, found) for tier, found in measured.items()]
    tables += [clicks_table({tier: found[:few] for tier, found in measured.items()})]
    tables += [alone_table(few), mass_table(masses), both_table(max(few // 3, 1))]
    remarks = ["Made with `--quick`: too little to conclude from."] if asked.quick else []
    write_mri_results(tables, remarks, asked.out)
    print(f"Results: {asked.out}")


def _run(jobs: Sequence[Job], what: str) -> list[Outcome]:
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS"):
        os.environ[name] = "1"
    with ProcessPoolExecutor(2) as pool:
        done = show_progress(pool.map(run, jobs), what, total=len(jobs))
        return [outcome for outcomes in done for outcome in outcomes]


def _seeds(n: int, block: int) -> range:
    return range(FIRST_SEED + 50 * block, FIRST_SEED + 50 * block + n)


def tier_table(tier: str, every: Sequence[Outcome]) -> Table:
    """Return how well distances are measured in a tier."""
    sure = [one for one in every if one.snr >= _SURE_SNR]
    mean, p95 = _ERRORS[tier]
    sensitivity, specificity = _CONTACT[tier]
    error, masks = [one.error_mm for one in sure], [_masks_error(one) for one in sure]
    rows = [
        Row("distance off by (mean), mm", _mean(error), at_most(mean), (_mean(masks),)),
        Row("distance off by (95 %), mm", _p95(error), at_most(p95), (_p95(masks),)),
        Row("off by more than .5 mm, %", _percent([e > 0.5 for e in error])),
        *_contact_rows(sure, sensitivity, specificity),
        Row("95 % intervals that hold the truth, % (asked 90 to 98)",
            _percent([_holds(one) for one in sure]), Target(90.0)),
        Row("grade exact, %", _percent([_grade(one) for one in sure]),
            Target(85.0) if tier == "standard" else None),
        Row("right segment, %", _percent([_site(one) for one in sure]),
            Target(97.0) if tier == "standard" else None),
        Row("jumps to the vestibulocochlear nerve, %", _percent([one.jumped for one in sure]),
            Target(1.0, at_least=False)),
        Row("place along the nerve within 1 mm, %", _percent([_place(one) < 1.0 for one in sure])),
        Row("angle off by (95 %), degrees", _p95([_angle(one) for one in sure]),
            Target(5.0, at_least=False) if tier == "standard" else None),
        Row("diameter of the vessel off by (95 %), mm", _p95([_thick(one) for one in sure])),
        Row("overlap of the vessel (Dice; by hand .905)", _mean([o.vessel_dice for o in sure])),
        Row("overlap of the nerve (Dice; by hand .922)", _mean([o.nerve_dice for o in sure])),
        Row("below SNR 15: flagged, %",
            _percent([one.refused for one in every if one.snr < _SURE_SNR])),
        Row("from SNR 15: flagged all the same, %", _percent([one.refused for one in sure])),
        Row("seconds a side, one thread, two at once", _median([one.seconds for one in every])),
        Row("memory, GB", max(one.memory_gb for one in every), Target(3.0, at_least=False)),
    ]  # fmt: skip
    told = f"{len(sure)} phantoms from SNR 15 on, of {len(every)}"
    return Table(f"Distances: {tier}", _NOTES[tier], ("mask + distance map",),
                 tuple(replace(row, n=row.n or told) for row in rows))  # fmt: skip


_NOTES = {
    "standard": "Round nerves and tubes: the shapes that are fitted are the shapes that were "
    "drawn, so this says least about people. Distances below 0 count as 0.",
    "hard": "Flattened nerves, winding vessels of varying width, second vessels that touch, "
    "ringing edges, shadows, ghosts, fading blood, arteries that lie elsewhere in the TOF.",
    "attached": "The vessel on a wavy pons, where the nerve is attached and not seen: the distance "
    "is that of the vessel to the pons, or to the nerve's unseen bulge of up to .1 mm.",
}


def _contact_rows(sure: Sequence[Outcome], sensitivity: float, specificity: float) -> list[Row]:
    touching = [one for one in sure if one.truth.is_contact]
    apart = [one for one in sure if not one.truth.is_contact]
    return [
        Row("contacts found, %", _percent([_touches(one) for one in touching]),
            Target(sensitivity), (_percent([one.masks_mm <= 0.0 for one in touching]),),
            f"{len(touching)} contacts"),
        Row("no contact told as none, %", _percent([not _touches(one) for one in apart]),
            Target(specificity), (_percent([one.masks_mm > 0.0 for one in apart]),),
            f"{len(apart)} without"),
        Row("told as unsure, %", _percent([_unsure(one) for one in sure])),
    ]  # fmt: skip


def mass_table(n: int) -> Table:
    """Return how many masses are found, and how many that are none."""
    rows = []
    for block, tier in enumerate(("standard", "hard"), start=3):
        options = PhantomOptions(mass="drawn")
        every = _run([Job(seed, tier, options) for seed in _seeds(n, block)], f"Masses, {tier}")
        found = [one for one in every if one.snr >= _SURE_SNR]
        large = [one for one in found if one.truth.masses and one.truth.masses[0].diameter_mm >= 4]
        false = [sum(not _is_mass(one, at) for at in range(len(one.found.masses))) for one in found]
        rows += [
            Row(f"{tier}: schwannomas from 4 mm found, %", _percent([_seen(o) for o in large]),
                Target(_MASS[tier]), n=f"{len(large)} masses"),
            Row(f"{tier}: false ones a side", _mean(false), Target(0.02, at_least=False),
                n=f"{len(found)} sides"),
        ]  # fmt: skip
    for kind in ("meningioma", "epidermoid", "cyst"):
        options = PhantomOptions(mass="angle", mass_kind=kind)
        few = _run([Job(seed, "standard", options) for seed in _seeds(max(n // 4, 1), 5)], kind)
        rows.append(Row(f"{kind} in the angle found, %", _percent([_seen(o) for o in few]),
                        n=f"{len(few)} masses"))  # fmt: skip
    note = (
        "A schwannoma in half of the phantoms, in the meatus, at the porus or in the angle; in "
        "noisier pictures masses are not looked for. Of a "
        "cyst only the thin wall differs from fluid: it is not looked for."
    )
    return Table("Masses", note, (), tuple(rows))


def alone_table(n: int) -> Table:
    """Return how well distances are measured without TOF."""
    rows = []
    for block, tier in enumerate(_TIERS):
        jobs = [Job(seed, tier, with_tof=False) for seed in _seeds(n, block)]
        sure = [one for one in _run(jobs, f"T2 alone, {tier}") if one.snr >= _SURE_SNR]
        error, told = [one.error_mm for one in sure], f"{len(sure)} phantoms"
        touching = [one for one in sure if one.truth.is_contact]
        apart = [one for one in sure if not one.truth.is_contact]
        rows += [
            Row(f"{tier}: distance off by (mean), mm", _mean(error), n=told),
            Row(f"{tier}: distance off by (95 %), mm", _p95(error), n=told),
            Row(f"{tier}: contacts found, %", _percent([_touches(one) for one in touching]),
                n=f"{len(touching)} contacts"),
            Row(f"{tier}: no contact told as none, %", _percent([not _touches(o) for o in apart]),
                n=f"{len(apart)} without"),
        ]  # fmt: skip
    return Table("T2 alone", "The same phantoms without their TOF.", (), tuple(rows))


def clicks_table(measured: Mapping[str, Sequence[Outcome]]) -> Table:
    """Return how much the distance changes when both clicks are 1 mm elsewhere."""
    rows = []
    for tier, usual in measured.items():
        moved = _run([Job(one.job.seed, tier, moved_mm=1.0) for one in usual], f"Clicks, {tier}")
        change = [
            abs(max(a.conflict.distance_mm, 0.0) - max(b.conflict.distance_mm, 0.0))
            for a, b in zip(usual, moved, strict=True)
            if a.conflict is not None and b.conflict is not None and a.snr >= _SURE_SNR
        ]
        told = f"{len(change)} phantoms"
        rows += [
            Row(f"{tier}: distance changes by (mean), mm", _mean(change), n=told),
            Row(f"{tier}: distance changes by (95 %), mm", _p95(change), at_most(0.1), n=told),
        ]
    note = "Both clicks moved by 1 mm each, any way, beyond their usual error of .4 mm an axis."
    return Table("Clicks", note, (), tuple(rows))


def both_table(n: int) -> Table:
    """Return how well both sides of one volume are measured."""
    options = PhantomOptions(sides="both", t2_mm=(0.5, 0.5, 0.6))
    found = _run([Job(seed, "standard", options) for seed in _seeds(n, 4)], "Both sides")
    sure = [one for one in found if one.snr >= _SURE_SNR]
    told = f"{len(sure)} sides"
    rows = (
        Row("distance off by (mean), mm", _mean([one.error_mm for one in sure]), n=told),
        Row("contact told right, %",
            _percent([_touches(one) == one.truth.is_contact for one in sure]), n=told),
        Row("seconds a side", _median([one.seconds for one in found]), n=told),
    )  # fmt: skip
    return Table("Both sides in one volume", "The whole slab, standard tier.", (), rows)


def _masks_error(one: Outcome) -> float:
    return abs(min(one.masks_mm, 4.0) - max(one.truth.distance_mm, 0.0))


def _touches(one: Outcome) -> bool:
    return one.conflict is not None and one.conflict.contact_chance >= 0.5


def _unsure(one: Outcome) -> bool:
    return one.conflict is not None and one.conflict.contact == "unsure"


def _holds(one: Outcome) -> bool:
    found = one.conflict
    return found is not None and found.low_mm <= one.truth.distance_mm <= found.high_mm


def _grade(one: Outcome) -> bool:
    return one.conflict is not None and one.conflict.grade == one.truth.grade


def _site(one: Outcome) -> bool:
    return one.conflict is not None and one.conflict.site == one.truth.site


def _place(one: Outcome) -> float:
    found = one.conflict
    return np.inf if found is None else float(abs(found.s_mm - one.truth.at_s_mm))


def _angle(one: Outcome) -> float:
    found = one.conflict
    return np.nan if found is None else abs(found.angle_deg - one.truth.angle_deg)


def _thick(one: Outcome) -> float:
    found = one.conflict
    return np.nan if found is None else abs(found.vessel_diameter_mm - one.truth.vessel_diameter_mm)


def _seen(one: Outcome) -> bool:
    return any(_is_mass(one, at) for at in range(len(one.found.masses)))


def _is_mass(one: Outcome, at: int) -> bool:
    place = np.array(one.found.masses[at].place)
    return any(
        np.linalg.norm(place - mass.centre) < mass.diameter_mm / 2.0 + 1.0
        for mass in one.truth.masses
    )


def at_most(value: float) -> Target:
    """Return a target from above."""
    return Target(value, at_least=False)


def _mean(values: Sequence[float]) -> float:
    return _known(np.mean, values)


def _median(values: Sequence[float]) -> float:
    return _known(np.median, values)


def _p95(values: Sequence[float]) -> float:
    return _known(lambda known: np.percentile(known, 95), values)


def _known(what: Callable[..., float], values: Sequence[float]) -> float:
    known = [value for value in values if np.isfinite(value)]
    return float(what(known)) if known else np.nan


def _percent(values: Sequence[bool]) -> float:
    return 100.0 * float(np.mean(values)) if values else np.nan


if __name__ == "__main__":
    main()
