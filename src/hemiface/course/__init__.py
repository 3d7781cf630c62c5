"""What the years say: responses to treatment, triggers, change against noise."""

from hemiface.course.files import SCHEMA, course_document, read_course, write_course
from hemiface.course.surgery import SurgeryCourse, judge_surgery, others_free
from hemiface.course.toxin import Estimate, Response, ToxinFit, fit_toxin
from hemiface.course.triggers import TriggerEffect, trigger_effects

__all__ = [
    "SCHEMA",
    "Estimate",
    "Response",
    "SurgeryCourse",
    "ToxinFit",
    "TriggerEffect",
    "course_document",
    "fit_toxin",
    "judge_surgery",
    "others_free",
    "read_course",
    "trigger_effects",
    "write_course",
]
