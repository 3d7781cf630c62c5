"""An MRI for the tests: a phantom's pictures, and a study that looks as if it was measured."""

import zipfile
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np

from hemiface.mri.reading import write_nifti
from hemiface.simulate.mri import simulate_gallery, write_dicom, write_phantom
from hemiface.volume import Volume
from hemiface_clinic.mri.child import EVERYTHING, MASKS, NERVES, PAGE, T2, TOF, VESSELS
from hemiface_clinic.mri.files import sealed_path
from hemiface_clinic.mri.models import Report, Study
from hemiface_clinic.mri.tubes import write_tubes
from hemiface_clinic.people.models import Patient, User
from hemiface_clinic.vault.files import write_sealed

ON = date(2026, 5, 3)
ROOT_EXIT, MEATUS = (11.55, -0.63, -9.71), (29.56, 0.56, 0.24)
"""Of the phantom "loop", the left side, as a doctor would set them."""


@cache
def loop() -> Path:
    """Return a folder with the phantom "loop", made once: `t2.nii.gz` and `tof.nii.gz`."""
    folder = Path(mkdtemp(prefix="hemiface-mri-"))
    write_phantom(folder, simulate_gallery("loop"))
    return folder


@cache
def dicom_zip() -> bytes:
    """Return both pictures of "loop" as a hospital hands them over: DICOM, a zip, a name in it."""
    folder, phantom = Path(mkdtemp(prefix="hemiface-mri-")), simulate_gallery("loop")
    write_dicom(folder / "a", phantom.t2, kind="t2", seed=1)
    write_dicom(folder / "b", phantom.tof, kind="tof", seed=2)
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in folder.rglob("*.*"):
            archive.write(path, f"Rao^Asha/{path.relative_to(folder)}")
    return packed.getvalue()


def conflict(**changes: Any) -> dict[str, Any]:
    """Return a conflict as the digest writes it."""
    return {
        "distance_mm": -0.26, "low_mm": -0.39, "high_mm": -0.13, "contact_chance": 1.0,
        "s_mm": -4.27, "length_mm": 0.98, "angle_deg": 71.7, "vessel_diameter_mm": 1.38,
        "nerve_diameter_mm": None, "depth_mm": 0.26, "displacement_mm": 0.0, "contact": "yes",
        "site": "attached", "place": [13.46, -0.67, -6.54], "grade": 1, "grades": [1],
        "published": {"campos": "mild", "deformity": "contact"}, "likely": "small artery",
        **changes,
    }  # fmt: skip


def found(**changes: Any) -> dict[str, Any]:
    """Return one side as the digest writes it."""
    s_mm = np.arange(-8.0, 16.0, 0.5)
    rows = [[s, abs(s + 4.0) / 3 - 0.25, abs(s + 4.0) / 3 - 0.4, abs(s + 4.0) / 3 - 0.1,
             13.0 + s / 2, -0.6, -6.0 + s / 3] for s in s_mm.tolist()]  # fmt: skip
    return {
        "clicks": {"root_exit": list(ROOT_EXIT), "meatus": list(MEATUS)},
        "detachment": [14.0, -1.0, -2.0], "is_refused": False, "conflict": conflict(),
        "profile": rows, "vessels": [], "masses": [], "doubts": [],
        "outlines": [["vessel", [[13.0, -0.6, -6.5, 0.7]]]],
        **changes,
    }  # fmt: skip


def kept(patient: Patient, doctor: User, **changes: Any) -> Study:
    """Return a study that was measured on the left side, its files a few bytes each."""
    series = {
        "description": "CISS", "is_dicom": False, "shape": [60, 60, 60],
        "voxel_mm": [0.6, 0.6, 0.6], "acquired_mm": [0.6, 0.6, 0.6],
        "low_mm": [-5.0, -18.0, -18.0], "high_mm": [31.0, 18.0, 18.0],
    }  # fmt: skip
    told = {"t2": series, "tof": series, "kinds": ["t2", "tof"],
            "left_out": [], "doubts": [], "proposed": {}}  # fmt: skip
    side = found(**changes)
    study = Study.objects.create(
        patient=patient, author=doctor, day=ON.isoformat(), size=4, contents=told,
        clicks={"left": side["clicks"]},
        result={"version": "0.0.0", "snr": 25.0, "has_tof": True, "doubts": [],
                "sides": {"left": side}},
        measured_at="2026-05-04T10:00:00Z",
    )  # fmt: skip
    for name in (MASKS, PAGE, EVERYTHING):
        write_sealed(sealed_path(study.pk, name), [b"file"])
    for name in (T2, TOF):
        write_sealed(sealed_path(study.pk, name), [_picture()])
    for name in (NERVES, VESSELS):
        write_sealed(sealed_path(study.pk, name), [_surface()])
    return study


def signed(study: Study, doctor: User, **said: Any) -> Report:
    """Return a signed report on a study."""
    contents = {"sequences": ["t2_3d", "tof"], "left-conflict": "yes", "conclusion": "A loop.",
                "measured": ["left-conflict"], **said}  # fmt: skip
    return Report.objects.create(
        study=study, number=study.reports.count() + 1, contents=contents, author=doctor,
        signature=doctor.name,
    )  # fmt: skip


@cache
def _picture() -> bytes:
    path = Path(mkdtemp(prefix="hemiface-mri-")) / T2
    affine = np.diag([0.6, 0.6, 0.6, 1.0])
    affine[:3, 3] = (-4.7, -17.7, -17.7)
    write_nifti(
        path, Volume(np.linspace(0, 900, 60**3, dtype=np.float32).reshape(60, 60, 60), affine)
    )
    return path.read_bytes()


@cache
def _surface() -> bytes:
    path = Path(mkdtemp(prefix="hemiface-mri-")) / NERVES
    write_tubes(path, [(np.linspace(ROOT_EXIT, MEATUS, 20), np.full(20, 0.6))])
    return path.read_bytes()
