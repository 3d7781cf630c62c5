"""Nothing of a person stays: only what is on the list is copied, everything else is left behind.

Numbers of listed names are kept. Of words only those of a closed vocabulary are, since a name may
stand in any field. Identifiers become new ones, the same for the same salt.
"""

import hashlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

KEPT_NUMBERS = frozenset({
    "Rows", "Columns", "NumberOfFrames", "SamplesPerPixel", "BitsAllocated", "BitsStored",
    "HighBit", "PixelRepresentation", "PixelSpacing", "SliceThickness", "SpacingBetweenSlices",
    "ImagePositionPatient", "ImageOrientationPatient", "SliceLocation", "AcquisitionMatrix",
    "PercentSampling", "PercentPhaseFieldOfView", "ReconstructionDiameter", "RepetitionTime",
    "EchoTime", "EffectiveEchoTime", "FlipAngle", "EchoTrainLength", "MagneticFieldStrength",
    "NumberOfAverages", "RescaleSlope", "RescaleIntercept", "InstanceNumber", "SeriesNumber",
    "MRAcquisitionFrequencyEncodingSteps", "MRAcquisitionPhaseEncodingStepsInPlane",
    "MRAcquisitionPhaseEncodingStepsOutOfPlane", "InStackPositionNumber", "DimensionIndexValues",
})  # fmt: skip
KEPT_SEQUENCES = frozenset({
    "SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence",
    "PlanePositionSequence", "PlaneOrientationSequence", "PixelMeasuresSequence",
    "PixelValueTransformationSequence", "FrameContentSequence",
    "MRTimingAndRelatedParametersSequence", "MRFOVGeometrySequence",
})  # fmt: skip
KEPT_WORDS = {
    "Modality": frozenset({"MR"}),
    "PatientPosition": frozenset({"HFS", "HFP", "HFDR", "HFDL", "FFS", "FFP", "FFDR", "FFDL"}),
    "PhotometricInterpretation": frozenset({"MONOCHROME1", "MONOCHROME2"}),
    "MRAcquisitionType": frozenset({"2D", "3D"}),
    "AngioFlag": frozenset({"Y", "N"}),
    "ScanningSequence": frozenset({"SE", "IR", "GR", "EP", "RM"}),
    "InPlanePhaseEncodingDirection": frozenset({"ROW", "COL", "COLUMN"}),
    "TimeOfFlightContrast": frozenset({"TRUE", "FALSE", "YES", "NO"}),
    "BurnedInAnnotation": frozenset({"YES", "NO"}),
    "ImageType": frozenset({"ORIGINAL", "DERIVED", "PRIMARY", "SECONDARY", "M", "FFE", "M_FFE",
                            "M_SE", "ND", "NORM", "DIS2D", "DIS3D", "MPR", "MIP",
                            "PROJECTION IMAGE", "NONE", "OTHER", "VOLUME", "T2", "T1"}),
    "BodyPartExamined": frozenset({"HEAD", "BRAIN", "SKULL", "IAC", "EAR", "FACE", "NECK",
                                   "HEADNECK", "CSPINE", "TSPINE", "LSPINE", "SPINE", "CHEST",
                                   "ABDOMEN", "PELVIS", "HEART", "BREAST", "SHOULDER", "ELBOW",
                                   "WRIST", "HAND", "HIP", "KNEE", "ANKLE", "FOOT", "LEG", "ARM",
                                   "LIVER", "PROSTATE", "WHOLEBODY"}),
}  # fmt: skip
KEPT_UIDS = ("SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID", "FrameOfReferenceUID")
_EMPTY = (
    "PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyDate", "StudyTime",
    "StudyID", "AccessionNumber", "ReferringPhysicianName", "Manufacturer",
    "PositionReferenceIndicator",
)  # fmt: skip  # what DICOM wants to be there, be it empty
_STANDARD_UIDS = "1.2.840.10008."
_NUMERIC = ("DS", "IS", "US", "SS", "UL", "SL", "FD", "FL")


def deidentify(dataset: "Dataset", salt: bytes) -> "Dataset":
    """Return a header of a picture without pixels and without anything of a person.

    Parameters
    ----------
    dataset : pydicom.Dataset
    salt : bytes
        Secret from which, with the old identifiers, the new ones come.

    Returns
    -------
    pydicom.Dataset
    """
    clean = _kept(dataset)
    for name in _EMPTY:
        setattr(clean, name, "")
    for name in KEPT_UIDS:
        if name in dataset:
            setattr(clean, name, new_uid(str(dataset[name].value), salt))
    kind = str(dataset.get("SOPClassUID", ""))
    if kind.startswith(_STANDARD_UIDS) and len(kind) <= 64:
        clean.SOPClassUID = kind
    clean.PatientIdentityRemoved = "YES"
    clean.DeidentificationMethod = "hemiface: only listed tags kept"
    clean.file_meta = _meta(clean)
    return clean


def new_uid(old: str, salt: bytes) -> str:
    """Return a DICOM identifier from which the old one cannot be found."""
    digest = hashlib.sha256(salt + b"/" + old.strip("\0 ").encode()).digest()
    return f"2.25.{int.from_bytes(digest[:16], 'big')}"


def kept_words(dataset: "Dataset", name: str) -> tuple[str, ...]:
    """Return those values of a field that belong to its vocabulary."""
    value = dataset.get(name)
    values = [value] if isinstance(value, str) else list(value or ())
    known = KEPT_WORDS[name]
    return tuple(word for one in values if (word := str(one).strip().upper()) in known)


def _kept(dataset: "Dataset") -> "Dataset":
    from pydicom.dataset import Dataset

    clean = Dataset()
    for name in sorted(KEPT_NUMBERS & set(dataset.dir())):
        element = dataset[name]
        if element.VR in _NUMERIC and _is_number(element.value):
            clean.add(element)
    for name in sorted(KEPT_SEQUENCES & set(dataset.dir())):
        setattr(clean, name, [_kept(item) for item in dataset[name].value])
    for name in sorted(KEPT_WORDS.keys() & set(dataset.dir())):
        if words := kept_words(dataset, name):
            setattr(clean, name, list(words) if len(words) > 1 else words[0])
    return clean


def _is_number(value: Any) -> bool:
    values = [value] if isinstance(value, (str, int, float)) else list(value or ())
    return all(isinstance(one, (int, float)) for one in values)


def _meta(clean: "Dataset") -> Any:
    from pydicom.dataset import FileMetaDataset
    from pydicom.uid import ExplicitVRLittleEndian

    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    if "SOPClassUID" in clean:
        meta.MediaStorageSOPClassUID = clean.SOPClassUID
    if "SOPInstanceUID" in clean:
        meta.MediaStorageSOPInstanceUID = clean.SOPInstanceUID
    return meta
