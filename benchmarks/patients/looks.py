"""Rendering and measuring many patients on all cores; what is done is kept."""

from collections.abc import Iterable, Sequence, Set
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context

from benchmarks.cases import Case, Compared, Refused, Tell, see, see_alone
from benchmarks.clips import Plan, render
from hemiface.report.document import read_measurement


@dataclass(frozen=True, eq=False)
class Look:
    """One patient: what was planned, what is true, and what was found; None if it was refused."""

    plan: Plan
    case: Case | None


def look(plan: Plan, *, compared: bool) -> Look:
    """Render a patient and look, if asked with the baselines too, unless that was done before."""
    video, truth = render(plan)
    case = (see if compared else see_alone)(plan.name, video, read_measurement(truth))
    return Look(plan, None if isinstance(case, Refused) else case)


def look_at_all(plans: Sequence[Plan], compared: Set[Plan], tell: Tell) -> dict[Plan, Look]:
    """Look at many patients, several at a time; at some with the baselines too."""
    wanted = list(dict.fromkeys(plans))
    done: dict[Plan, Look] = {}
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        running = {pool.submit(look, plan, compared=plan in compared): plan for plan in wanted}
        for future in as_completed(running):
            done[running[future]] = future.result()
            if len(done) % 10 == 0:
                tell(f"{len(done)} of {len(wanted)} recordings")
    return done


def cases_of(looks: dict[Plan, Look], plans: Iterable[Plan]) -> list[Case]:
    """Return the cases of some plans, those that could be measured."""
    found = [looks[plan].case for plan in plans]
    return [case for case in found if case is not None]


def compared_of(looks: dict[Plan, Look], plans: Iterable[Plan]) -> list[Compared]:
    """Return the cases of some plans that the baselines have seen."""
    return [case for case in cases_of(looks, plans) if isinstance(case, Compared)]
