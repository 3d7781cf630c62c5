"""What was fitted to a course, told in one sentence each, with its numbers beside."""

import math
from collections.abc import Iterator, Sequence
from datetime import date

from hemiface.course import Response, SurgeryCourse, ToxinFit
from hemiface.course.toxin import Estimate
from hemiface.course.triggers import TriggerEffect
from hemiface.report.course_page.answers import Answer, Number
from hemiface.report.course_page.wording import say_brand, say_date
from hemiface.report.summary import say_number

TOO_LITTLE = "Too little to tell."
_DAYS_A_MONTH = 30.44
_PERCENT = 100.0
_OUTCOMES = {
    "free": "There are hardly any spasms.",
    "improved": "The spasms are fewer than half of what was usual.",
    "unchanged": "More than half of the usual spasms are left a year or more after it.",
    "recurred": "The spasms were gone for at least two months and have come back.",
    "too early": "Too early to tell: relief may come up to a year after it.",
    "too little": f"{TOO_LITTLE} A video every week or two, before and after, is needed.",
}


def tell_toxin(fit: ToxinFit, today: date) -> Answer:
    """Tell what the injections did."""
    title = "Response to botulinum toxin"
    if fit.reason:
        return Answer("toxin", title, f"{TOO_LITTLE} {fit.reason}", False, 90)  # noqa: FBT003
    seen = [one for one in fit.responses if one.seen]
    untold = sum(one.seen is None for one in fit.responses)
    n = len(fit.responses)
    parts = [f"The spasms lessened after {len(seen)} of {n} injections."]
    if untold:
        parts.append(f"After {untold} it cannot be told.")
    if seen:
        parts.append(_tell_last(seen[-1], today))
    numbers = tuple(one for response in fit.responses for one in _response_numbers(response))
    return Answer("toxin", title, " ".join(parts), bool(seen) or not untold, 90, numbers)


def _tell_last(last: Response, today: date) -> str:
    if last.end_d is None or last.ends_on is None:
        return ""
    middle, low, high = last.ends_on
    when = "is expected to have fallen" if middle >= today else "had fallen"
    return (
        f"The effect of the injection of {say_date(last.injection.on)} {when} to half about "
        f"{say_date(middle)} (90\u202f% interval {say_date(low)} to {say_date(high)})."
    )


def _response_numbers(one: Response) -> Iterator[Number]:
    group = f"{say_date(one.injection.on)}, {say_brand(one.injection.brand)}"
    peak = Estimate(*(_PERCENT * x for x in (one.peak_share.value, one.peak_share.low,
                                             one.peak_share.high)))  # fmt: skip
    yield _number(group, "fewer spasms at the most", peak, "%")
    for label, estimate in (
        ("felt after", one.onset_d),
        ("greatest after", one.peak_d),
        ("fallen to half after", one.end_d),
    ):
        if estimate is not None:
            yield _number(group, label, estimate, "days")


def _number(group: str, label: str, one: Estimate, unit: str) -> Number:
    return Number(group, label, one.value, one.low, one.high, unit)


def tell_surgery(one: SurgeryCourse) -> Answer:
    """Tell what became of the spasms after the operation."""
    months = (one.now - one.operation.on).days / _DAYS_A_MONTH
    parts = [f"{say_number(months)} months after the operation. {_OUTCOMES[one.outcome]}"]
    if one.free_after_d is not None and one.outcome == "free":
        parts.append(f"The first video without them was {one.free_after_d:.0f} days after it.")
    parts.append(
        f"For comparison: {_PERCENT * one.others_free:.0f}\u202f% of others were free by this time "
        "(175 patients of one centre, all cured in the end; PMID 36097503)."
    )
    group = f"{say_date(one.operation.on)}, {one.operation.side} side"
    left, low, high = (_PERCENT * share for share in (one.left, one.low, one.high))
    number = Number(group, "spasms left, of the usual rate", left, low, high, "%")
    is_told = one.outcome not in ("too early", "too little")
    numbers = (number,) if math.isfinite(left) else ()
    return Answer("surgery", "After the operation", " ".join(parts), is_told, 95, numbers)


def tell_triggers(effects: Sequence[TriggerEffect]) -> Answer:
    """Tell with which triggers there are more spasms."""
    title = "Triggers"
    if not effects:
        return Answer("triggers", title, f"{TOO_LITTLE} No trigger was named.", False)  # noqa: FBT003
    told = [one for one in effects if math.isfinite(one.ratio)]
    if not told:
        return Answer("triggers", title, f"{TOO_LITTLE} {effects[0].reason}", False)  # noqa: FBT003
    return Answer(
        "triggers", title, _tell_told(told), True, 95, tuple(map(_trigger_number, told))  # noqa: FBT003
    )  # fmt: skip


def _tell_told(told: Sequence[TriggerEffect]) -> str:
    counted = "spasms" if told[0].counted == "spasms" else "burden"
    found = [f"{_word(one)} ({say_number(one.ratio)} times)" for one in told if one.found]
    if not found:
        return f"No trigger clearly goes with more {counted}; {len(told)} could be compared."
    more = "more spasms" if counted == "spasms" else "a worse day"
    return (
        f"Days with {', '.join(found)} go with {more}. What goes together need not be cause and "
        "effect."
    )


def _trigger_number(one: TriggerEffect) -> Number:
    return Number(
        _word(one), f"times, {one.n_with} days with it, {one.n_without} without", one.ratio,
        one.low, one.high,
    )  # fmt: skip


def _word(one: TriggerEffect) -> str:
    return one.trigger.replace("_", " ")
