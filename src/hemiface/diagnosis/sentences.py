"""A differential in plain sentences. None of them names a diagnosis."""

from collections.abc import Iterator, Sequence

from hemiface.diagnosis.findings import Finding
from hemiface.diagnosis.next_steps import Step, are_close
from hemiface.diagnosis.ratios import LikelihoodRatio, Share
from hemiface.diagnosis.red_flags import RedFlag
from hemiface.diagnosis.weighing import Evidence, Ranked, Weighed

CLOSING = (
    "Points help to think; they are no chances and no diagnosis. "
    "The doctor who has seen the person decides."
)


def say_flag(flag: RedFlag) -> str:
    """Say what cannot wait, and who stands behind the rule."""
    sign_off = "" if flag.reviewed else " (our safety rule, not yet signed off by a clinician)"
    return f"{flag.urgency.title()}{sign_off}: {flag.text} {flag.action}"


def say_group(place: int, group: Ranked) -> Iterator[str]:
    """Say where a group stands: its first condition in full, of the others what is their own."""
    first, *others = group.conditions
    yield f"{place}. {group.text}: {_points(group.points)}."
    yield from say_condition(first)
    told = {(one.finding.name, one.direction) for one in (*first.supports, *first.opposes)}
    for weighed in others:
        own = [
            one
            for one in (*weighed.supports, *weighed.opposes)
            if (one.finding.name, one.direction) not in told
        ]
        yield _say_briefly(weighed, own)


def say_order(groups: Sequence[Ranked]) -> str:
    """Say what the order rests on."""
    if not any(one.supports or one.opposes for group in groups for one in group.conditions):
        return "Nothing is known yet; the order is how often each was found among people referred."
    if are_close(groups):
        return "The first two groups are close: their order says little."
    return "The group with most points stands first; how the points are made is told with each."


def say_condition(weighed: Weighed) -> Iterator[str]:
    """Say what speaks for and against a condition, and what is not known."""
    start = weighed.condition.start
    common = f", {start} of them because it is common among people referred" if start else ""
    yield f"{weighed.text}: {_points(weighed.points)}{common}."
    for lead, found in (("For", weighed.supports), ("Against", weighed.opposes)):
        if found:
            yield f"{lead}: {'; '.join(_say_evidence(one) for one in found)}."
    if weighed.not_asked:
        yield f"Not known yet: {'; '.join(one.text for one in weighed.not_asked)}."


def say_ratios(conditions: Sequence[Weighed], findings: Sequence[Finding]) -> Iterator[str]:
    """Say what was published about how well known findings tell conditions apart, once each."""
    known = {one.name: one for one in findings}
    for ratio in dict.fromkeys(one for weighed in conditions for one in weighed.ratios):
        yield _say_ratio(ratio, known[ratio.finding])
    for share in dict.fromkeys(one for weighed in conditions for one in weighed.shares):
        yield _say_share(share, known[share.finding])


def say_measured(measured: Sequence[Finding], findings: Sequence[Finding]) -> Iterator[str]:
    """Say what recordings read beside what the doctor and the patient found."""
    found = {one.name: one.state for one in findings}
    for one in measured:
        if one.measured is not None:
            yield (
                f"Measured, not counted: {one.text}: {one.state} ({one.measured.name} "
                f"{one.measured.value:.3g} {one.measured.unit}, {one.measured.on.isoformat()}); "
                f"from the answers: {found[one.name]}."
            )


def say_disputes(findings: Sequence[Finding]) -> Iterator[str]:
    """Say where patient and doctor answered differently."""
    for one in findings:
        if one.disputed:
            yield (
                f"Answers differ on {one.text}: {', '.join(one.link_ids)} counts, "
                f"{', '.join(one.disputed)} says otherwise."
            )


def say_step(step: Step) -> str:
    """Say what to do next and why."""
    return f"Next, {step.kind}: {step.text} Why: {step.reason} Source: {step.source}"


def _points(points: int) -> str:
    return f"{points} point" if abs(points) == 1 else f"{points} points"


def _name(finding: Finding) -> str:
    return finding.text if finding.state == "present" else f"{finding.text}: absent"


def _cite(source: str) -> str:
    """Return a source without the remark behind it."""
    return source.partition(" (")[0].rstrip(".")


def _say_evidence(one: Evidence) -> str:
    return f"{_name(one.finding)} ({one.strength}; {_cite(one.source)})"


def _say_briefly(weighed: Weighed, own: Sequence[Evidence]) -> str:
    said = "; ".join(f"{one.direction}: {_say_evidence(one)}" for one in own)
    return f"{weighed.text}: {_points(weighed.points)}{'; ' if said else ''}{said}."


def _say_ratio(ratio: LikelihoodRatio, finding: Finding) -> str:
    of = ratio.present if finding.state == "present" else ratio.absent
    return (
        f"Likelihood ratio of {_name(finding)}, compared with {ratio.against}: {of.value:.3g} "
        f"(95 % interval {of.low:.2g} to {of.high:.3g}; {ratio.source.rstrip('.')})."
    )


def _say_share(share: Share, finding: Finding) -> str:
    kind, value = (
        ("Sensitivity", share.sensitivity)
        if share.sensitivity is not None
        else ("Specificity", share.specificity)
    )
    return (
        f"{kind} of {_name(finding)}: {value:.2f}; the other was not published, so no likelihood "
        f"ratio ({share.source.rstrip('.')})."
    )
