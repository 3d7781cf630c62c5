"""What the years say: responses to treatment, triggers, change against noise."""

from hemiface.course.files import SCHEMA, course_document, read_course, write_course
from hemiface.course.surgery import SurgeryCourse, judge_surgery, others_free
from hemiface.course.toxin import Estimate, Response, ToxinFit, fit_toxin

__all__ = [
    "SCHEMA",
    "Estimate",
    "Response",
    "SurgeryCourse",
    "ToxinFit",
    "course_document",
    "fit_toxin",
    "judge_surgery",
    "others_free",
    "read_course",
    "write_course",
]
