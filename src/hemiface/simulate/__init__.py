"""Virtual patients with known truth: on video, on EMG, and over months of treatment."""

from hemiface.simulate.course import Course, simulate_course
from hemiface.simulate.course_files import course_json, write_course
from hemiface.simulate.diary import Entry
from hemiface.simulate.epidemiology import CONDITIONS, Condition
from hemiface.simulate.face import Face, make_face, make_faces, measure_scale
from hemiface.simulate.onto import plant, simulate_onto
from hemiface.simulate.patient import Patient, draw_patient
from hemiface.simulate.plan import plan_spasms
from hemiface.simulate.scene import SCENES, Scene, parse_scene
from hemiface.simulate.schedule import Build, Contraction, Schedule, make_build
from hemiface.simulate.state import State
from hemiface.simulate.treatments import Effect, Medicine, Surgery, Toxin, Treatment, Untreated
from hemiface.simulate.triggers import Movement
from hemiface.simulate.video import simulate_portrait
from hemiface.simulate.visits import Visit

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
