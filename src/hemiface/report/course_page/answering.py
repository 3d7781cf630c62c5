"""Every question asked of a course at once, and the curve of the fitted responses."""

from collections.abc import Iterator
from datetime import date, timedelta

from hemiface.course import ToxinFit, fit_toxin, judge_surgery
from hemiface.course.counted import affected_side, count_visits
from hemiface.course.triggers import trigger_effects
from hemiface.records import Course
from hemiface.report.course_page.answers import Answer, Answers, Curve
from hemiface.report.course_page.telling import tell_surgery, tell_toxin, tell_triggers

_BEFORE_D, _AFTER_D, _STEP_D = 14, 30, 4


def answer_course(course: Course, today: date) -> Answers:
    """Return what the years say: responses to injections, the course after surgery, triggers.

    With dozens of injections this takes about a minute.

    Parameters
    ----------
    course : Course
    today : date
        The day on which it is asked; the forecast begins here.
    """
    fit = fit_toxin(course)
    return Answers(tuple(_answers(course, fit, today)), _curve(course, fit, today))


def _answers(course: Course, fit: ToxinFit, today: date) -> Iterator[Answer]:
    if course.injections:
        yield tell_toxin(fit, today)
    operated = judge_surgery(course, today)
    if operated is not None:
        yield tell_surgery(operated)
    if course.diary:
        yield tell_triggers(trigger_effects(course))


def _curve(course: Course, fit: ToxinFit, today: date) -> Curve | None:
    """Return what the injections leave, times what is usual without them."""
    if not fit.responses:
        return None
    end = min((one.on for one in course.operations), default=date.max)
    visits = count_visits(course, affected_side(course), end=end)
    left = fit.left([date.fromordinal(int(day)) for day in visits.day])[0]
    usual = float(visits.n_spasms.sum() / (visits.minutes * left).sum())
    days = _days(fit, min(end, max(today, _forgotten(fit))))
    value, low, high = (tuple((usual * part).tolist()) for part in fit.left(days))
    return Curve(tuple(days), value, low, high, today)


def _forgotten(fit: ToxinFit) -> date:
    """Return when the last effect has surely fallen to half, and a month later."""
    ends = [one.ends_on[2] for one in fit.responses if one.ends_on]
    return max(ends, default=fit.responses[-1].injection.on) + timedelta(days=_AFTER_D)


def _days(fit: ToxinFit, last: date) -> list[date]:
    first = fit.responses[0].injection.on - timedelta(days=_BEFORE_D)
    n = (last - first).days // _STEP_D + 1
    return [first + timedelta(days=_STEP_D * step) for step in range(n)]
