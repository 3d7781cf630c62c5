"""The forms: what is sent, and what a doctor reports."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hemiface_clinic.mri.kinds import (
    DEFORMITIES,
    SEGMENTS,
    SEQUENCES,
    SIDES,
    VESSELS,
    YES_NO,
)

_MOST_WORDS = 4000


class UploadForm(forms.Form):
    """The pictures, and the day they were taken."""

    on = forms.DateField(
        label=_("Day of the MRI"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text=_("It is not read from the files: names and dates are left behind."),
    )  # fmt: skip
    t2 = forms.FileField(
        label=_("Heavy T2 (CISS, FIESTA, DRIVE, SPACE), or a zip with everything"),
        help_text=_("NIfTI (.nii, .nii.gz), or the DICOM files as one zip, uncompressed."),
    )
    tof = forms.FileField(label=_("TOF angiography, where it is a file of its own"), required=False)

    def clean_on(self) -> Any:
        """Check the day."""
        day = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("The day of the MRI must not lie ahead. Check it."))
        return day


class ReportForm(forms.Form):
    """The structured report on an MRI.

    Parameters
    ----------
    measured : mapping
        What the measurement proposes, by field.
    """

    may_leave_out = True

    def __init__(
        self,
        initial: Mapping[str, Any],
        measured: Mapping[str, Any],
        data: Mapping[str, Any] | None = None,
    ) -> None:
        """Make the fields."""
        super().__init__(data, initial=dict(initial))
        self.measured = measured
        self.fields["sequences"] = forms.MultipleChoiceField(
            label=_("Sequences seen"), choices=list(SEQUENCES.items()), required=False,
            widget=forms.CheckboxSelectMultiple,
        )  # fmt: skip
        self._ask("tumour", _("Tumour"), YES_NO)
        self._words("tumour_words", _("About a tumour"))
        self._ask("plaques", _("Plaques of multiple sclerosis"), YES_NO)
        self._words("plaques_words", _("About plaques"))
        for side, name in SIDES.items():
            self._ask(
                f"{side}-conflict", _("Contact of a vessel, %(side)s") % {"side": name}, YES_NO
            )
            self._ask(f"{side}-segment", _("Segment, %(side)s") % {"side": name}, SEGMENTS)
            self._ask(f"{side}-vessel", _("Vessel, %(side)s") % {"side": name}, VESSELS)
            self._ask(f"{side}-deformity", _("Deformity, %(side)s") % {"side": name}, DEFORMITIES)
        self._words("other", _("Other findings"))
        self._words("conclusion", _("Conclusion"))

    def rows(self) -> Iterator[tuple[forms.BoundField, str, str]]:
        """Yield each field with what was measured for it: as the page compares it, and in words."""
        for name in self.fields:
            measured = self.measured.get(name, "")
            keys = measured if isinstance(measured, list) else [measured]
            yield self[name], " ".join(keys), self._say(name, keys)

    def contents(self) -> dict[str, Any]:
        """Return what was filled in, and which of it is as it was measured."""
        filled = {name: value for name, value in self.cleaned_data.items() if value}
        same = [name for name, value in self.measured.items() if filled.get(name) == value]
        return {**filled, "measured": sorted(same)}

    def check_to_sign(self) -> bool:
        """Whether it can be signed; if not, the fields say why."""
        if not self.cleaned_data.get("sequences"):
            self.add_error("sequences", _("A signed report must say which sequences were seen."))
        if not self.cleaned_data.get("conclusion"):
            self.add_error("conclusion", _("A signed report must have a conclusion."))
        return self.is_valid()

    def _say(self, name: str, keys: list[str]) -> str:
        words = {str(key): str(word) for key, word in getattr(self.fields[name], "choices", ())}
        return ", ".join(words.get(key, key) for key in keys)

    def _ask(self, name: str, label: Any, choices: Mapping[str, Any]) -> None:
        offered = [("", _("not said")), *choices.items()]
        widget = forms.RadioSelect if choices is YES_NO else forms.Select
        self.fields[name] = forms.ChoiceField(
            label=label, choices=offered, required=False, widget=widget
        )

    def _words(self, name: str, label: Any) -> None:
        self.fields[name] = forms.CharField(
            label=label, required=False, max_length=_MOST_WORDS, widget=forms.Textarea({"rows": 3})
        )
