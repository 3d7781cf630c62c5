"""Rendering and measuring many patients on all cores; what is done is kept."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context

from benchmarks.cases import Case, Refused, Tell, see
from benchmarks.clips import Plan, render
from hemiface.report.document import read_measurement


@dataclass(frozen=True, eq=False)
class Look:
    """One patient: what was planned, what is true, and what was found; None if it was refused."""

    plan: Plan
    case: Case | None


def look(plan: Plan) -> Look:
    """Render a patient and let all methods look, unless that was done before."""
    video, truth = render(plan)
    case = see(plan.name, video, read_measurement(truth))
    return Look(plan, None if isinstance(case, Refused) else case)


def look_at_all(plans: Sequence[Plan], tell: Tell) -> dict[Plan, Look]:
    """Look at many patients, several at a time."""
    wanted = list(dict.fromkeys(plans))
    done: dict[Plan, Look] = {}
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        running = {pool.submit(look, plan): plan for plan in wanted}
        for future in as_completed(running):
            done[running[future]] = future.result()
            if len(done) % 10 == 0:
                tell(f"{len(done)} of {len(wanted)} recordings")
    return done


def cases_of(looks: dict[Plan, Look], plans: Iterable[Plan]) -> list[Case]:
    """Return the cases of some plans, those that could be measured."""
    found = [looks[plan].case for plan in plans]
    return [case for case in found if case is not None]
