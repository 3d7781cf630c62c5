"""The form of an entry: everything may be left out, but not all of it."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils import timezone as clock
from django.utils.translation import gettext_lazy as _

from hemiface.records import Entry
from hemiface_clinic.diary.choices import SCALE, SIDES, SITES, SPELLS, TRIGGERS
from hemiface_clinic.diary.contents import packed

EARLIEST_YEAR = 2000
CLOCKS_DIFFER_BY = timedelta(minutes=10)
MOST_OFFSET_MIN = 14 * 60  # Kiribati
NAME_CHARACTERS, MOST_NAMES, NOTE_CHARACTERS = 60, 20, 2000
_WIRE = "%Y-%m-%dT%H:%M"
_NO_ANSWER = ("", "–")


class NamesField(forms.MultipleChoiceField):
    """Names chosen from a list that may be older, or newer, than what the sender saw."""

    widget = forms.CheckboxSelectMultiple

    def valid_value(self, value: str) -> bool:
        """Take any name of a decent length."""
        return len(value) <= NAME_CHARACTERS


def _chosen(label: Any, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=[*choices, _NO_ANSWER], required=False, widget=forms.RadioSelect
    )


def _several(label: Any, choices: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=list(choices),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class EntryForm(forms.Form):
    """What somebody notes about their spasms."""

    burden = _chosen(_("How much did the spasms trouble you?"), SCALE)
    triggers = _several(_("What brought them on?"), TRIGGERS.items())
    spell_s = _chosen(
        _("How long was the worst spell?"),
        [(str(int(seconds)), words) for seconds, words in SPELLS.items()],
    )
    side = _chosen(_("Which side of your face?"), SIDES.items())
    sites = _several(_("Where?"), SITES.items())
    stress = _chosen(_("How stressed were you?"), SCALE)
    sleep_h = forms.DecimalField(
        label=_("Hours slept last night"),
        required=False,
        min_value=0,
        max_value=24,
        max_digits=4,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.25"}),
    )
    medicines = NamesField(label=_("Medicines taken"), required=False)
    other_medicines = forms.CharField(
        label=_("Another medicine"),
        help_text=_("More than one: put a comma between them."),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    note = forms.CharField(
        label=_("Anything else"),
        max_length=NOTE_CHARACTERS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    at = forms.DateTimeField(
        label=_("When, if not now"),
        required=False,
        input_formats=[_WIRE, f"{_WIRE}:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_WIRE),
    )
    offset_min = forms.IntegerField(
        required=False,
        min_value=-MOST_OFFSET_MIN,
        max_value=MOST_OFFSET_MIN,
        widget=forms.HiddenInput,
    )
    sent_as = forms.UUIDField(required=False, widget=forms.HiddenInput)
    spasm_now = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, names: Iterable[str] = (), held: Entry | None = None
    ) -> None:
        super().__init__(data, initial=_initial(held) if held else {})
        field = self.fields["medicines"]
        assert isinstance(field, forms.MultipleChoiceField)
        known = dict.fromkeys([*names, *(held.medicines if held else ())])
        field.choices = [(name, name) for name in known]

    def clean_at(self) -> datetime | None:
        """Take the time of day without its zone, which comes with the offset."""
        at: datetime | None = self.cleaned_data["at"]
        return at.replace(tzinfo=None) if at else None

    def clean(self) -> dict[str, Any]:
        """Ask for something, and for a time that has come."""
        typed = super().clean() or self.cleaned_data
        if self.errors:
            return typed
        typed["medicines"] = self._names()
        self._check_time()
        if "at" not in self.errors and not packed(self.entry()):
            raise forms.ValidationError(_("Choose or write something first."), code="empty")
        return typed

    def entry(self) -> Entry:
        """Return what was written down."""
        typed = self.cleaned_data
        return Entry(
            at=self._at(),
            side=typed["side"] or None,
            burden=_number(typed["burden"]),
            spell_s=float(typed["spell_s"]) if typed["spell_s"] else None,
            sites=tuple(typed["sites"]),
            triggers=tuple(typed["triggers"]),
            stress=_number(typed["stress"]),
            sleep_h=None if typed["sleep_h"] is None else float(typed["sleep_h"]),
            medicines=tuple(typed["medicines"]),
            spasm_now=typed["spasm_now"],
            note=typed["note"],
        )

    @property
    def key(self) -> UUID:
        """The key its sender made; a sender without one sends once."""
        return self.cleaned_data["sent_as"] or uuid4()

    def _at(self) -> datetime:
        at, offset = self.cleaned_data["at"], self.cleaned_data["offset_min"]
        now = clock.localtime()
        if offset is not None:
            zone = timezone(timedelta(minutes=offset))
            return at.replace(tzinfo=zone) if at else now.astimezone(zone).replace(microsecond=0)
        return clock.make_aware(at) if at else now.replace(microsecond=0)

    def _check_time(self) -> None:
        if self.cleaned_data["at"] is None:
            return
        if self.cleaned_data["at"].year < EARLIEST_YEAR:
            self.add_error("at", _("Choose a day of this century."))
        elif self._at() > datetime.now(UTC) + CLOCKS_DIFFER_BY:
            self.add_error("at", _("Choose a time that is not in the future."))

    def _names(self) -> list[str]:
        written = self.cleaned_data["other_medicines"].split(",")
        given = (name.strip() for name in [*self.cleaned_data["medicines"], *written])
        names = dict.fromkeys(filter(None, given))
        if len(names) > MOST_NAMES or any(len(name) > NAME_CHARACTERS for name in names):
            self.add_error("other_medicines", _("Write fewer or shorter names."))
        return list(names)


def _number(text: str) -> int | None:
    return int(text) if text else None


def _initial(held: Entry) -> dict[str, Any]:
    offset = held.at.utcoffset() or timedelta()
    return {
        **packed(held),
        "burden": _text(held.burden),
        "stress": _text(held.stress),
        "spell_s": _text(None if held.spell_s is None else int(held.spell_s)),
        "at": held.at.strftime(_WIRE),
        "offset_min": round(offset / timedelta(minutes=1)),
    }


def _text(number: int | None) -> str:
    return "" if number is None else str(number)
