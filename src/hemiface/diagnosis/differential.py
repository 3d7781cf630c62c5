"""The reasoned differential: red flags first, then what the answers fit, then what to do next."""

from collections.abc import Sequence
from dataclasses import dataclass

from hemiface.diagnosis.findings import Finding, find_signs, join_answers, read_signs
from hemiface.diagnosis.next_steps import Situation, Step, next_steps
from hemiface.diagnosis.questions import Answers
from hemiface.diagnosis.red_flags import RedFlag, find_red_flags
from hemiface.diagnosis.sentences import (
    CLOSING,
    say_disputes,
    say_flag,
    say_group,
    say_measured,
    say_order,
    say_ratios,
    say_step,
)
from hemiface.diagnosis.weighing import Ranked, Weighed, rank_groups, weigh
from hemiface.records import Measured


@dataclass(frozen=True)
class Differential:
    """What may be behind the movement, weighed. Never a diagnosis.

    Attributes
    ----------
    red_flags : tuple of RedFlag
        To be shown first.
    groups : tuple of Ranked
        The group with most points first.
    conditions : tuple of Weighed
        All conditions, the one with most points first.
    findings : tuple of Finding
        From the answers.
    measured : tuple of Finding
        From recordings, beside the doctor's own; not counted.
    steps : tuple of Step
        What to order, examine and ask next.
    """

    red_flags: tuple[RedFlag, ...]
    groups: tuple[Ranked, ...]
    conditions: tuple[Weighed, ...]
    findings: tuple[Finding, ...]
    measured: tuple[Finding, ...]
    steps: tuple[Step, ...]

    def explain(self) -> tuple[str, ...]:
        """Return everything in plain sentences, the red flags first."""
        return (
            *(say_flag(flag) for flag in self.red_flags),
            *say_disputes(self.findings),
            say_order(self.groups),
            *(
                sentence
                for place, group in enumerate(self.groups, 1)
                for sentence in say_group(place, group)
            ),
            *say_measured(self.measured, self.findings),
            *say_ratios(self.conditions, self.findings),
            *(say_step(step) for step in self.steps),
            CLOSING,
        )


def differential(
    answers: Sequence[Answers], measured: Sequence[Measured] = (), language: str = "en"
) -> Differential:
    """Weigh what may be behind the movement.

    Parameters
    ----------
    answers : sequence of Answers
        Of the history, the examination, or both; may be empty.
    measured : sequence of Measured
        Measures of recordings. They are shown beside and never change the order.
    language : str
        Of the words; only "en" so far.

    Returns
    -------
    Differential

    Raises
    ------
    hemiface.errors.ConventionError
        If the language is not there.
    """
    findings, beside = find_signs(answers, language), read_signs(measured, language)
    flags = find_red_flags(answers, language)
    conditions = weigh(findings, beside, language)
    groups = rank_groups(conditions, language)
    situation = Situation(join_answers(answers), findings, beside, flags, groups)
    steps = next_steps(situation, language)
    return Differential(flags, groups, conditions, findings, beside, steps)
