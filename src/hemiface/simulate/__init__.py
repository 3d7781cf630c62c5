"""Virtual patients with known truth: on a portrait, or planted into a real clip."""

from hemiface.simulate.face import Face, make_face, make_faces, measure_scale
from hemiface.simulate.onto import plant, simulate_onto
from hemiface.simulate.plan import plan_spasms
from hemiface.simulate.schedule import Schedule, make_build
from hemiface.simulate.video import simulate_portrait

__all__ = [
    "Face",
    "Schedule",
    "make_build",
    "make_face",
    "make_faces",
    "measure_scale",
    "plan_spasms",
    "plant",
    "simulate_onto",
    "simulate_portrait",
]
