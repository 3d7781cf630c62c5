"""Accuracy: rendered and real clips, measured by hemiface and both baselines, against truth."""

from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.accuracy_tables import free_table, leak_table, onto_table, plain_table, spasm_table
from benchmarks.cases import Case, Refused, Tell, see, tune_shapes
from benchmarks.clips import DATA, ROOT, Plan, render
from benchmarks.plans import Scope, free_plans, onto_plans, spasm_plans, still_plans
from benchmarks.results import Table
from benchmarks.scores import CLEAR_MM, pool
from hemiface.agreement import compare
from hemiface.report.document import read_measurement
from hemiface.spasms.forest import Forest
from hemiface.types import Measurement


def measure_accuracy(scope: Scope, clips: Path | None, tell: Tell) -> tuple[list[Table], list[str]]:
    """Return all tables of accuracy, and remarks.

    Parameters
    ----------
    scope : Scope
        How much.
    clips : Path, optional
        A folder of real clips of people nobody has seen, judged with the packaged forest; by
        default the clips at hand, each judged by a forest that has not seen its person.
    tell : callable
        Told what is being done.
    """
    remarks: list[str] = []
    looker = _Looker(tell, remarks)
    tables, threshold = _portrait_tables(scope, looker)
    tables.append(_free_table(scope, looker, threshold))
    folder = clips or DATA / "real" / "dev"
    if any(folder.glob("*.mp4")):
        tables += _real_tables(scope, folder, looker, split=clips is None)
    else:
        remarks.append("No real clips are here (`../shared/data/real/dev`): that part is left out.")
    if not (DATA / "photos").exists():
        remarks.append(
            "No portraits are here (`../shared/data/photos`): one built-in picture is used."
        )
    return tables, remarks


def forest_for_clip(name: str) -> Forest | None:
    """Return a forest that has not seen the person in a clip; None for the packaged one."""
    from training import crossval

    return crossval.forest_for_clip(name, data=DATA, cache=ROOT / "out" / "training")


class _Looker:
    """Renders, lets all methods look, and keeps what could not be measured."""

    def __init__(self, tell: Tell, remarks: list[str]) -> None:
        self._tell, self._remarks = tell, remarks

    def plans(
        self, what: str, plans: Sequence[Plan], judge: Callable[[str], Forest | None] | None = None
    ) -> list[Case]:
        """Render plans and let all methods look at them."""
        cases = []
        for index, plan in enumerate(plans):
            self._tell(f"{what}: {index + 1} of {len(plans)}")
            video, truth = render(plan)
            name = Path(plan.onto or plan.portrait or "default").stem
            cases += self._case(name, video, read_measurement(truth), judge and judge(name))
        return cases

    def clips(
        self, clips: Sequence[Path], judge: Callable[[str], Forest | None] | None
    ) -> list[Case]:
        """Let all methods look at clips as they are."""
        cases = []
        for index, clip in enumerate(clips):
            self._tell(f"real clips: {index + 1} of {len(clips)}")
            cases += self._case(clip.stem, clip, None, judge and judge(clip.stem))
        return cases

    def _case(
        self, name: str, video: Path, truth: Measurement | None, forest: Forest | None
    ) -> list[Case]:
        case = see(name, video, truth, forest)
        if isinstance(case, Refused):
            self._remarks.append(f"{case.name} was refused: {case.reason}")
            return []
        score = compare(case.found, case.truth, min_amplitude_mm=CLEAR_MM)
        n_false = score.n_found - score.n_matched
        self._tell(f"  {name}: {score.n_matched} of {score.n_truth} found, {n_false} false")
        return [case]


def _portrait_tables(scope: Scope, looker: _Looker) -> tuple[list[Table], float]:
    """Return the tables of portraits with spasms, and the blend-shape threshold of the last."""
    tables, resting, threshold = [], [], 0.0
    for rate_hz in scope.rates_hz:
        cases = looker.plans(f"portraits, {rate_hz:.0f} fps", spasm_plans(scope, rate_hz))
        threshold = _best_threshold(cases)
        tables.append(spasm_table(cases, rate_hz, threshold))
        resting += [case for case in cases if case.truth.recording.task == "rest"]
    leaks = leak_table(resting)
    return [*tables, *([leaks] if leaks.rows else [])], threshold


def _free_table(scope: Scope, looker: _Looker, threshold: float) -> Table:
    plans = {
        "at rest": free_plans(scope, ("rest",)),
        "with speech and smiles": free_plans(scope, ("speak", "smile")),
        "noise alone": still_plans(scope),
    }
    return free_table({what: looker.plans(what, some) for what, some in plans.items()}, threshold)


def _real_tables(scope: Scope, folder: Path, looker: _Looker, *, split: bool) -> list[Table]:
    judge = forest_for_clip if split else None
    planted = looker.plans("planted in real clips", onto_plans(scope, folder), judge)
    clips = sorted(folder.glob("*.mp4"))[: scope.n_clips]
    plain = looker.clips(clips, judge)
    people = "each clip judged by trees that never saw its person" if split else "people not seen"
    if split and any(forest_for_clip(clip.stem) is None for clip in clips):
        people = "judged by the packaged trees, which **have seen these people**"
    threshold = _best_threshold(planted)
    return [onto_table(planted, threshold, people), plain_table(plain, folder, threshold)]


def _best_threshold(cases: Sequence[Case]) -> float:
    """Return the blend-shape threshold with the best F1 on these very cases."""
    truths = [case.truth for case in cases]
    return tune_shapes(cases, lambda found: pool(found, truths).f1).threshold
