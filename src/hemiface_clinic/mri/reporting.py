"""A report: what the measurement proposes for it, and how it reads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from hemiface_clinic.mri.kinds import (
    DEFORMITIES,
    SEGMENTS,
    SEQUENCES,
    SIDES,
    VESSELS,
    YES_NO,
    Words,
)
from hemiface_clinic.mri.models import Report, Study
from hemiface_clinic.mri.wording import told

_LIKELY = {
    "small artery": "small_artery", "vertebral artery": "vertebral",
    "vein or slow vessel": "vein_or_slow",
}  # fmt: skip
_DEFORMITY = {0: "none", 1: "none", 2: "displaced", 3: "indented"}


@dataclass(frozen=True)
class Line:
    """One thing that a report says; `is_measured` if it stands as it was measured."""

    label: str
    text: str
    is_measured: bool = False


def proposed(study: Study) -> dict[str, Any]:
    """Return what the pictures and their measurement say, by field of the report.

    That there is no tumour is never proposed: the screen cannot know.
    """
    fields: dict[str, Any] = {"sequences": ["t2_3d", "tof"] if study.has_tof else ["t2_3d"]}
    for side, found in (study.result or {"sides": {}})["sides"].items():
        conflict = found["conflict"]
        if conflict is not None:
            fields |= {f"{side}-{name}": value for name, value in _proposed_of(conflict)}
        if found["masses"]:
            fields["tumour"] = "unsure"
            lines = "\n".join(f"{SIDES[side]}: {one}" for one in told(side, found).masses)
            fields["tumour_words"] = "\n".join(filter(None, [fields.get("tumour_words"), lines]))
    return fields


def _proposed_of(conflict: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "conflict", conflict["contact"]
    if conflict["contact"] == "no":
        return
    yield "segment", conflict["site"]
    if conflict["likely"] in _LIKELY:
        yield "vessel", _LIKELY[conflict["likely"]]
    is_sure = conflict["grades"] == [conflict["grade"]]
    yield "deformity", _DEFORMITY[conflict["grade"]] if is_sure else "unsure"


def lines_of(report: Report) -> Iterator[Line]:
    """Yield what a report says, for doctors."""
    said = report.contents
    measured = set(said.get("measured", ()))

    def line(name: str, label: str, text: str) -> Line:
        return Line(label, text, name in measured)

    seen = said.get("sequences", [])
    yield line("sequences", _("Sequences seen"), ", ".join(str(SEQUENCES[one]) for one in seen))
    for name, label in (("tumour", _("Tumour")), ("plaques", _("Plaques of multiple sclerosis"))):
        words = (_word(YES_NO, said.get(name)), said.get(f"{name}_words", ""))
        yield line(name, label, ". ".join(filter(None, words)) or _("not said"))
    for side, name_of_side in SIDES.items():
        for key, label, words_of in (
            ("conflict", _("Contact of a vessel, %(side)s"), YES_NO),
            ("segment", _("Segment, %(side)s"), SEGMENTS),
            ("vessel", _("Vessel, %(side)s"), VESSELS),
            ("deformity", _("Deformity, %(side)s"), DEFORMITIES),
        ):
            text = _word(words_of, said.get(f"{side}-{key}"))
            if text:
                yield line(f"{side}-{key}", label % {"side": name_of_side}, text)
    for name, label in (("other", _("Other findings")), ("conclusion", _("Conclusion"))):
        if said.get(name):
            yield line(name, label, said[name])


def plain_of(report: Report) -> Iterator[str]:
    """Yield what a report says, in plain words for the patient."""
    said = report.contents
    for side, name in SIDES.items():
        answer = said.get(f"{side}-conflict")
        if answer in _PLAIN_CONFLICT:
            yield str(_PLAIN_CONFLICT[answer]()) % {"side": name}
    if said.get("tumour") in _PLAIN_TUMOUR:
        yield str(_PLAIN_TUMOUR[said["tumour"]]())
    if said.get("plaques") in _PLAIN_PLAQUES:
        yield str(_PLAIN_PLAQUES[said["plaques"]]())


_PLAIN_CONFLICT = {
    "yes": lambda: _("On the %(side)s side the doctor sees a vessel that touches the nerve of the "
                     "face."),
    "no": lambda: _("On the %(side)s side the doctor sees no vessel that touches the nerve of the "
                    "face."),
    "unsure": lambda: _("On the %(side)s side it is unsure whether a vessel touches the nerve of "
                        "the face."),
}  # fmt: skip
_PLAIN_TUMOUR = {
    "yes": lambda: _("The doctor sees something in the pictures that should not be there. Ask them "
                     "what it is and what comes next."),
    "no": lambda: _("The doctor sees no tumour in these pictures."),
    "unsure": lambda: _("Something in the pictures has to be looked at more closely. Ask your "
                        "doctor what comes next."),
}  # fmt: skip
_PLAIN_PLAQUES = {
    "yes": lambda: _("The doctor sees spots in the brain as multiple sclerosis makes them. Ask "
                     "them what that means for you."),
    "no": lambda: _("The doctor sees no spots as multiple sclerosis makes them."),
    "unsure": lambda: _("Whether there are spots as multiple sclerosis makes them is unsure."),
}  # fmt: skip


def _word(words: Words, key: Any) -> str:
    return str(words[key]) if key in words else ""
