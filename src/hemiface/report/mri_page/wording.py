"""What was measured of a side, in words. The nearest vessel is named; no cause is."""

from collections.abc import Iterator

from hemiface.mri.grades import GRADES, published_grades
from hemiface.mri.results import Conflict, FoundMass, SideFound

SITES = {
    "root_exit": "at the root exit point",
    "attached": "where the nerve is attached to the pons",
    "detachment": "where the nerve leaves the pons",
    "cisternal": "in the cistern",
    "meatal": "in the meatus",
}
_CONTACT = {
    "yes": "touches the facial nerve",
    "unsure": "may touch the facial nerve",
    "no": "does not touch the facial nerve",
}
NO_MASS = (
    "The screen for masses of 4 mm and more found none. It does not replace pictures with contrast "
    "medium and excludes no tumour."
)
UNSCREENED = "Masses were not looked for: the picture does not allow it."
REFUSED = "No distance is told, for the reason given."


def say_side(side: SideFound, *, is_refused: bool) -> str:
    """Return the answer for a side in a sentence."""
    name, found = side.side.capitalize(), side.conflict
    if is_refused:
        return f"{name}: {REFUSED[0].lower()}{REFUSED[1:]}"
    if found is None:
        return f"{name}: no vessel is seen near the facial nerve."
    vessel = side.vessels[found.vessel].likely
    return f"{name}: the nearest vessel, a {vessel}, {_CONTACT[found.contact]} {SITES[found.site]}."


def say_numbers(side: SideFound) -> Iterator[tuple[str, str]]:
    """Return the numbers of a side: what, and how much."""
    found = side.conflict
    if found is None:
        return
    yield "Gap", f"{found.distance_mm:.2f} mm ({found.low_mm:.2f} to {found.high_mm:.2f})"
    yield "Place", f"{_say_place(found.s_mm)}, {SITES[found.site]}"
    yield "Grade", _say_grade(found)
    if found.grade > 0:
        published = published_grades(found)
        yield "Grade of Campos-Benitez and Kaufmann", published.campos
        yield "Contact or deformity", published.deformity
    if found.depth_mm > 0.0:
        yield "Depth of the indentation", f"{found.depth_mm:.2f} mm or more"
    if found.displacement_mm > 0.0 and found.contact != "no":
        yield "Displacement of the nerve", f"{found.displacement_mm:.1f} mm"
    yield "Length with a gap below 0.25 mm", f"{found.length_mm:.1f} mm"
    yield "Angle between nerve and vessel", f"{found.angle_deg:.0f}°"
    yield "Diameter of the vessel", f"{found.vessel_diameter_mm:.2f} mm"
    if found.nerve_diameter_mm == found.nerve_diameter_mm:
        yield "Diameter of the nerve", f"{found.nerve_diameter_mm:.2f} mm"


def _say_grade(found: Conflict) -> str:
    others = [str(one) for one in found.grades if one != found.grade]
    more = f"; the interval also allows {' and '.join(others)}" if others else ""
    return f"{found.grade}, {GRADES[found.grade]}{more}"


def _say_place(s_mm: float) -> str:
    way = "beyond" if s_mm >= 0.0 else "before"
    return f"{abs(s_mm):.1f} mm {way} the point where the nerve leaves the pons"


def say_mass(mass: FoundMass) -> str:
    """Return where a mass is and how large."""
    x, y, z = mass.place
    return (
        f"To be looked at: {mass.diameter_mm:.0f} mm across, {mass.volume_ml:.2f} ml, at "
        f"{x:.0f}, {y:.0f}, {z:.0f} mm (left, back, up)."
    )
