"""The words of DICOM for what was measured; where it has none, ours, under 99HEMIFACE."""

from collections.abc import Mapping
from types import MappingProxyType

from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from hemiface.types import Side


def _ours(value: str, meaning: str) -> Code:
    return Code(value, "99HEMIFACE", meaning)


SIDES: Mapping[Side, Code] = MappingProxyType({"left": codes.SCT.Left, "right": codes.SCT.Right})
MM, DEGREE, MM3 = codes.UCUM.Millimeter, codes.UCUM.Degree, codes.UCUM.CubicMillimeter
FAMILY = codes.DCM.DeformableModels
STRUCTURE = codes.SCT.AnatomicalStructure
ABNORMAL = codes.SCT.MorphologicallyAbnormalStructure
FACIAL, BESIDE = codes.SCT.FacialNerve, codes.SCT.VestibulocochlearNerve
VESSEL, MASS = codes.SCT.BloodVessel, codes.SCT.Mass
MR_ANGLE = _ours("mr-angle", "MR of the cerebellopontine angle")

CONFLICT = _ours("conflict", "Nearest vessel to the facial nerve")
MEASURES: Mapping[str, tuple[Code, Code]] = MappingProxyType({
    "distance_mm": (_ours("gap", "Gap between the surfaces of vessel and nerve"), MM),
    "low_mm": (_ours("gap-low", "Gap, lower limit of the 95 % interval"), MM),
    "high_mm": (_ours("gap-high", "Gap, upper limit of the 95 % interval"), MM),
    "s_mm": (_ours("along", "Place along the nerve from where it leaves the pons"), MM),
    "depth_mm": (_ours("depth", "Depth of the indentation"), MM),
    "displacement_mm": (_ours("displacement", "Displacement of the nerve"), MM),
    "length_mm": (_ours("length", "Length of the nerve with a gap below 0.25 mm"), MM),
    "angle_deg": (_ours("angle", "Angle between nerve and vessel"), DEGREE),
    "vessel_diameter_mm": (_ours("vessel-diameter", "Diameter of the vessel"), MM),
    "nerve_diameter_mm": (_ours("nerve-diameter", "Diameter of the nerve"), MM),
})  # fmt: skip
"""Name of an attribute of `Conflict`: the code of it and of its unit."""

ANSWERS: Mapping[str, Code] = MappingProxyType({
    name: _ours(f"is-{name}", meaning)
    for name, meaning in (
        ("contact", "Contact of vessel and nerve"), ("site", "Segment of the nerve"),
        ("grade", "Grade"), ("campos", "Grade of Campos-Benitez and Kaufmann 2008"),
        ("deformity", "Contact or deformity"), ("likely", "Likely vessel"),
    )
})  # fmt: skip
DIAMETER, VOLUME = codes.SCT.Diameter, codes.SCT.Volume


def answer(name: str, value: object) -> Code:
    """Return the code of one answer, such as that contact is unsure."""
    text = str(value).replace("_", " ")
    return _ours(f"{name}-{text.replace(' ', '-')}"[:16], text)
