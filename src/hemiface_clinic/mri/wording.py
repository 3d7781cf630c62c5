"""What was measured, in words: intervals before numbers, the nearest artery, no diagnosis."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SITES = {
    "root_exit": gettext_lazy("at the root exit point"),
    "attached": gettext_lazy("where the nerve is attached to the pons"),
    "detachment": gettext_lazy("where the nerve leaves the pons"),
    "cisternal": gettext_lazy("in the cistern"),
    "meatal": gettext_lazy("in the meatus"),
}
VESSELS = {
    "vertebral artery": gettext_lazy("a vessel as wide as a vertebral artery"),
    "small artery": gettext_lazy("a small artery"),
    "vein or slow vessel": gettext_lazy("a vein or a vessel with slow flow"),
}
GRADES = {
    0: gettext_lazy("apart"), 1: gettext_lazy("touching"),
    2: gettext_lazy("the nerve is displaced"), 3: gettext_lazy("the vessel lies deep"),
}  # fmt: skip

CAMPOS = {
    "mild": gettext_lazy("mild"), "moderate": gettext_lazy("moderate"),
    "severe": gettext_lazy("severe"),
}  # fmt: skip
DEFORMITIES = {"contact": gettext_lazy("contact"), "deformity": gettext_lazy("deformity")}


@dataclass(frozen=True)
class Told:
    """One side in words: a sentence, and numbers with a label."""

    side: str
    sentence: str
    numbers: tuple[tuple[str, str], ...]
    place: str
    masses: tuple[str, ...]
    doubts: tuple[str, ...]
    is_refused: bool


def told(side: str, found: dict[str, Any]) -> Told:
    """Return what was measured of one side in words."""
    conflict = found["conflict"]
    return Told(
        side, _sentence(found), tuple(_numbers(conflict)) if conflict else (),
        ",".join(f"{one:.2f}" for one in conflict["place"]) if conflict else "",
        tuple(_mass(one) for one in found["masses"]),
        tuple(one["sentence"] for one in found["doubts"]), found["is_refused"],
    )  # fmt: skip


def _sentence(found: dict[str, Any]) -> str:
    if found["is_refused"]:
        return _("The pictures may be looked at; for the reason below no number is given.")
    conflict = found["conflict"]
    if conflict is None:
        return _("No vessel was found near the facial nerve. That does not exclude one.")
    what = {
        "vessel": str(VESSELS.get(conflict["likely"], _("a vessel"))),
        "site": str(SITES.get(conflict["site"], "")),
    }
    if conflict["contact"] == "yes":
        return _("The nearest is %(vessel)s; it touches the nerve, %(site)s.") % what
    if conflict["contact"] == "no":
        return _("The nearest is %(vessel)s; it does not touch the nerve, %(site)s.") % what
    return _("The nearest is %(vessel)s; whether it touches the nerve is unsure, %(site)s.") % what


def _numbers(found: dict[str, Any]) -> list[tuple[str, str]]:
    gap = _("%(value)s mm (95 %% interval %(low)s to %(high)s)") % {
        "value": _mm(found["distance_mm"]), "low": _mm(found["low_mm"]),
        "high": _mm(found["high_mm"]),
    }  # fmt: skip
    rows = [(_("Gap between the surfaces"), gap), (_("Place along the nerve"), _along(found))]
    rows += [
        (label, _("%(value)s mm") % {"value": _mm(found[name])})
        for label, name in (
            (_("Depth"), "depth_mm"),
            (_("Displacement of the nerve"), "displacement_mm"),
            (_("Length with a gap below 0.25 mm"), "length_mm"),
            (_("Diameter of the vessel"), "vessel_diameter_mm"),
            (_("Diameter of the nerve"), "nerve_diameter_mm"),
        )
        if found[name] is not None and not _is_unseen(name, found)
    ]
    if found["angle_deg"] is not None:
        rows.append((_("Angle of crossing"), f"{found['angle_deg']:.0f}°"))
    rows.append((_("Degree"), _degree(found)))
    if found["grade"] > 0:
        published = found["published"]
        rows.append((_("Grade of Campos-Benitez and Kaufmann"), str(CAMPOS[published["campos"]])))
        rows.append((_("Contact or deformity"), str(DEFORMITIES[published["deformity"]])))
    return rows


def _degree(found: dict[str, Any]) -> str:
    degree = str(GRADES[found["grade"]])
    others = [str(GRADES[one]) for one in found["grades"] if one != found["grade"]]
    if not others:
        return degree
    return _("%(degree)s; the interval also allows: %(others)s") % {
        "degree": degree, "others": ", ".join(others),
    }  # fmt: skip


def _is_unseen(name: str, found: dict[str, Any]) -> bool:
    """Whether it cannot be seen there: on the pons the nerve has no course of its own."""
    return name == "displacement_mm" and (found["s_mm"] or 0.0) < 0.0


def _along(found: dict[str, Any]) -> str:
    s_mm = found["s_mm"]
    if s_mm is None:
        return "–"
    words = _("%(value)s mm before it leaves the pons") if s_mm < 0 else (
        _("%(value)s mm after it leaves the pons")
    )  # fmt: skip
    return words % {"value": f"{abs(s_mm):.1f}"}


def _mass(mass: dict[str, Any]) -> str:
    x, y, z = mass["place"]
    return _("Something of %(size)s mm that is neither vessel nor nerve, at %(place)s") % {
        "size": f"{mass['diameter_mm'] or 0:.0f}", "place": f"{x:.0f}, {y:.0f}, {z:.0f}",
    }  # fmt: skip


def _mm(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
