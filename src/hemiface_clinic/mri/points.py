"""Where the doctor sees the nerves: two points a side, typed or clicked, in LPS mm."""

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from hemiface.types import SIDES
from hemiface_clinic.mri.actions import Clicks
from hemiface_clinic.mri.models import Study

PLACES = {"root_exit": _("Root exit"), "meatus": _("Entrance of the meatus")}
SIDE_NAMES = {"left": _("left"), "right": _("right")}
LEAST_APART_MM, MOST_APART_MM = 5.0, 45.0
"""Our choice: from the root exit to the meatus it is some two centimetres."""
_NUMBER = re.compile(r"[+-]?\d{1,4}(?:[.,]\d{1,4})?")


class PlaceField(forms.CharField):
    """A place as three numbers: to the left, to the back, to the head."""

    def to_python(self, value: Any) -> Any:
        """Return three numbers; nothing where nothing is typed."""
        text = super().to_python(value)
        return read_place(text) if text else None


class PointsForm(forms.Form):
    """Root exit and meatus of each side; a side may be left out."""

    may_leave_out = True

    def __init__(self, study: Study, data: Mapping[str, Any] | None = None) -> None:
        """Make four fields."""
        super().__init__(data, initial=_initial(study.points))
        self.study = study
        for name, label in names():
            self.fields[name] = PlaceField(label=label, required=False, max_length=60)
            self.fields[name].widget.attrs |= {"inputmode": "text", "autocomplete": "off"}

    def clean(self) -> dict[str, Any]:
        """Check that both points of a side are there, in the picture, and on that side."""
        cleaned = super().clean() or {}
        for side in SIDES:
            for name in (f"{side}-{place}" for place in PLACES):
                if cleaned.get(name) and not self._is_inside(cleaned[name]):
                    self.add_error(name, _("The point lies outside the T2. Choose one within it."))
            self._check_side(side, cleaned)
        return cleaned

    def clicks(self) -> Clicks:
        """Return the points by side."""
        return {
            side: {place: list(self.cleaned_data[f"{side}-{place}"]) for place in PLACES}
            for side in SIDES
            if self.cleaned_data.get(f"{side}-root_exit")
        }

    def _check_side(self, side: str, cleaned: Mapping[str, Any]) -> None:
        exit_, meatus = (cleaned.get(f"{side}-{place}") for place in PLACES)
        lacking = f"{side}-meatus" if exit_ else f"{side}-root_exit"
        if self.has_error(f"{side}-root_exit") or self.has_error(f"{side}-meatus"):
            return
        if (exit_ is None) != (meatus is None):
            self.add_error(
                lacking, _("A side needs both points. Set this one, or clear the other.")
            )
        elif exit_ and meatus:
            self._check_way(side, exit_, meatus)

    def _check_way(self, side: str, exit_: list[float], meatus: list[float]) -> None:
        outwards = (meatus[0] - exit_[0]) * (1.0 if side == "left" else -1.0)
        name = f"{side}-meatus"
        if outwards <= 0.0:
            self.add_error(name, _(
                "The meatus must lie further out than the root exit, on the person's own side. "
                "Check the side, and which point is which."
            ))  # fmt: skip
        elif not LEAST_APART_MM <= math.dist(exit_, meatus) <= MOST_APART_MM:
            self.add_error(name, _(
                "Root exit and meatus must lie 5 to 45 mm apart. Set them again."
            ))  # fmt: skip

    def _is_inside(self, place: list[float]) -> bool:
        t2 = self.study.contents["t2"]
        ends = zip(t2["low_mm"], place, t2["high_mm"], strict=True)
        return all(low <= one <= high for low, one, high in ends)


def names() -> Iterator[tuple[str, Any]]:
    """Yield name and label of each point."""
    for side in SIDES:
        for place, label in PLACES.items():
            yield f"{side}-{place}", _("%(place)s, %(side)s") % {
                "place": label, "side": SIDE_NAMES[side],
            }  # fmt: skip


def read_place(text: str) -> list[float]:
    """Return the three numbers of a place.

    Raises
    ------
    django.core.exceptions.ValidationError
        If there are not three.
    """
    separator = ";" if ";" in text else r"[,\s]"
    parts = [part.strip() for part in re.split(separator, text) if part.strip()]
    if len(parts) != 3 or not all(_NUMBER.fullmatch(part) for part in parts):
        raise ValidationError(_(
            "A place must be three numbers in mm, such as 12.5, -0.6, -9.7. Type them again."
        ))  # fmt: skip
    return [round(float(part.replace(",", ".")), 2) for part in parts]


def say_place(place: list[float]) -> str:
    """Return a place as it is typed."""
    return ", ".join(f"{one:.2f}" for one in place)


def _initial(clicks: Clicks) -> dict[str, str]:
    return {
        f"{side}-{place}": say_place(where)
        for side, places in clicks.items()
        for place, where in places.items()
    }
