"""What the years say: responses to treatment, triggers, change against noise."""

from hemiface.course.change import Change, measure_change
from hemiface.course.compare import TreatmentEffect, treatment_effects
from hemiface.course.files import SCHEMA, course_document, read_course, write_course
from hemiface.course.registry import Outcome, outcomes
from hemiface.course.surgery import SurgeryCourse, judge_surgery, others_free
from hemiface.course.toxin import Estimate, Response, ToxinFit, fit_toxin
from hemiface.course.triggers import TriggerEffect, trigger_effects

__all__ = [
    "SCHEMA",
    "Change",
    "Estimate",
    "Outcome",
    "Response",
    "SurgeryCourse",
    "ToxinFit",
    "TreatmentEffect",
    "TriggerEffect",
    "course_document",
    "fit_toxin",
    "judge_surgery",
    "measure_change",
    "others_free",
    "outcomes",
    "read_course",
    "treatment_effects",
    "trigger_effects",
    "write_course",
]
