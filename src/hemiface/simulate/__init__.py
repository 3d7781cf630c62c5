"""Virtual patients with known truth: on video, on EMG, and over months of treatment."""

from hemiface.simulate.course.diary import Entry
from hemiface.simulate.course.files import course_json, write_course
from hemiface.simulate.course.simulate import Course, simulate_course
from hemiface.simulate.course.treatments import (
    Effect,
    Medicine,
    Surgery,
    Toxin,
    Treatment,
    Untreated,
)
from hemiface.simulate.course.visits import Visit
from hemiface.simulate.face.face import Face, make_face, make_faces, measure_scale
from hemiface.simulate.film.onto import plant, simulate_onto
from hemiface.simulate.film.scene import SCENES, Scene, parse_scene
from hemiface.simulate.film.video import simulate_portrait
from hemiface.simulate.people.epidemiology import CONDITIONS, Condition
from hemiface.simulate.people.patient import Patient, draw_patient
from hemiface.simulate.people.plan import plan_spasms
from hemiface.simulate.people.schedule import Build, Contraction, Schedule, make_build
from hemiface.simulate.people.state import State
from hemiface.simulate.people.triggers import Movement

__all__ = [
    "CONDITIONS",
    "SCENES",
    "Build",
    "Condition",
    "Contraction",
    "Course",
    "Effect",
    "Entry",
    "Face",
    "Medicine",
    "Movement",
    "Patient",
    "Scene",
    "Schedule",
    "State",
    "Surgery",
    "Toxin",
    "Treatment",
    "Untreated",
    "Visit",
    "course_json",
    "draw_patient",
    "make_build",
    "make_face",
    "make_faces",
    "measure_scale",
    "parse_scene",
    "plan_spasms",
    "plant",
    "simulate_course",
    "simulate_onto",
    "simulate_portrait",
    "write_course",
]
