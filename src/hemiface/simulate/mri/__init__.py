"""The digital cerebellopontine angle: pictures of a nerve and a vessel, and what is true of them.

It proves the software that measures them, not the medicine.
"""

from hemiface.simulate.mri.dicom import write_dicom
from hemiface.simulate.mri.files import read_truth, truth_json, write_phantom
from hemiface.simulate.mri.fossa import Tier
from hemiface.simulate.mri.gallery import GALLERY, Case, simulate_gallery
from hemiface.simulate.mri.options import PhantomOptions
from hemiface.simulate.mri.parts import MassKind, Site, VesselKind
from hemiface.simulate.mri.phantom import Phantom, draw_clicks, simulate_mri
from hemiface.simulate.mri.picture import plot_phantom
from hemiface.simulate.mri.truth import MassTruth, NerveTruth, SideTruth, Truth, VesselTruth

__all__ = [
    "GALLERY",
    "Case",
    "MassKind",
    "MassTruth",
    "NerveTruth",
    "Phantom",
    "PhantomOptions",
    "SideTruth",
    "Site",
    "Tier",
    "Truth",
    "VesselKind",
    "VesselTruth",
    "draw_clicks",
    "plot_phantom",
    "read_truth",
    "simulate_gallery",
    "simulate_mri",
    "truth_json",
    "write_dicom",
    "write_phantom",
]
