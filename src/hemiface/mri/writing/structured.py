"""What was measured as a DICOM structured report (SR, TID 1500)."""

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from hemiface.mri.grades import GRADES, published_grades
from hemiface.mri.results import Conflict, FoundMass, MriFound, SideFound
from hemiface.mri.writing.document import NOTICE

if TYPE_CHECKING:
    from highdicom.sr import (
        Comprehensive3DSR,
        FindingSite,
        Measurement,
        MeasurementsAndQualitativeEvaluations,
        ObservationContext,
        QualitativeEvaluation,
        TextContentItem,
    )
    from pydicom.dataset import Dataset
    from pydicom.sr.coding import Code

_NAME = "hemiface"


def structured_report(
    found: MriFound, sources: Sequence["Dataset"], version: str
) -> "Comprehensive3DSR":
    """Return the numbers of each side with their codes, neither complete nor verified.

    Parameters
    ----------
    found : MriFound
    sources : sequence of pydicom.Dataset
        Headers of the T2, as `read_mri` gives them.
    version : str
        Of the software.
    """
    import highdicom
    from pydicom.sr.codedict import codes

    from hemiface.mri.writing.codes import MR_ANGLE

    groups = [one for side in found.sides for one in _groups(side, is_refused=found.is_refused)]
    content = highdicom.sr.MeasurementReport(
        _context(version), MR_ANGLE, groups, codes.DCM.ImagingMeasurementReport
    )
    content[0].ContentSequence.append(_notice())
    return highdicom.sr.Comprehensive3DSR(
        list(sources), content[0], highdicom.UID(), 901, highdicom.UID(), 1, manufacturer=_NAME
    )


def _context(version: str) -> "ObservationContext":
    import highdicom
    from pydicom.sr.codedict import codes

    device = highdicom.sr.DeviceObserverIdentifyingAttributes(
        highdicom.UID(), name=f"{_NAME} {version}", manufacturer_name=_NAME, model_name=_NAME
    )
    observer = highdicom.sr.ObserverContext(codes.DCM.Device, device)
    return highdicom.sr.ObservationContext(observer_device_context=observer)


def _notice() -> "TextContentItem":
    import highdicom
    from pydicom.sr.codedict import codes

    return highdicom.sr.TextContentItem(codes.DCM.Comment, NOTICE, "CONTAINS")


def _groups(
    side: SideFound, *, is_refused: bool
) -> Iterator["MeasurementsAndQualitativeEvaluations"]:
    from hemiface.mri.writing.codes import CONFLICT, FACIAL, MASS

    if side.conflict is not None and not is_refused:
        yield _group(
            f"{side.side} conflict", CONFLICT, _site(FACIAL, side),
            list(_measurements(side.conflict)), list(_answers(side, side.conflict)),
        )  # fmt: skip
    for number, mass in enumerate(side.masses, start=1):
        sizes = list(_sizes(mass))
        yield _group(f"{side.side} mass {number}", MASS, _site(FACIAL, side), sizes, [])


def _group(
    name: str,
    finding: "Code",
    site: "FindingSite",
    measurements: list["Measurement"],
    answers: list["QualitativeEvaluation"],
) -> "MeasurementsAndQualitativeEvaluations":
    import highdicom

    return highdicom.sr.MeasurementsAndQualitativeEvaluations(
        highdicom.sr.TrackingIdentifier(highdicom.UID(), name), finding_type=finding,
        finding_sites=[site], measurements=measurements, qualitative_evaluations=answers,
    )  # fmt: skip


def _site(place: "Code", side: SideFound) -> "FindingSite":
    import highdicom

    from hemiface.mri.writing.codes import SIDES

    return highdicom.sr.FindingSite(place, laterality=SIDES[side.side])


def _measurements(found: Conflict) -> Iterator["Measurement"]:
    from hemiface.mri.writing.codes import MEASURES

    for name, (code, unit) in MEASURES.items():
        value = getattr(found, name)
        if math.isfinite(value):
            yield _measurement(code, value, unit)


def _sizes(mass: FoundMass) -> Iterator["Measurement"]:
    from hemiface.mri.writing.codes import DIAMETER, MM, MM3, VOLUME

    yield _measurement(DIAMETER, mass.diameter_mm, MM)
    yield _measurement(VOLUME, mass.volume_ml * 1000.0, MM3)


def _measurement(code: "Code", value: float, unit: "Code") -> "Measurement":
    import highdicom

    return highdicom.sr.Measurement(code, round(float(value), 3), unit)


def _answers(side: SideFound, found: Conflict) -> Iterator["QualitativeEvaluation"]:
    import highdicom

    from hemiface.mri.writing.codes import ANSWERS, answer

    published = published_grades(found)
    told = {
        "contact": found.contact, "site": found.site, "grade": GRADES[found.grade],
        "campos": published.campos, "deformity": published.deformity,
        "likely": side.vessels[found.vessel].likely,
    }  # fmt: skip
    for name, value in told.items():
        yield highdicom.sr.QualitativeEvaluation(ANSWERS[name], answer(name, value))
