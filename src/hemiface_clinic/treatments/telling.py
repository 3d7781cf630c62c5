"""A version in words: its title, what is known, and what differs from the one before."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from hemiface_clinic.treatments.fields import Contents
from hemiface_clinic.treatments.forms import (
    ComplementaryForm,
    MedicineForm,
    NutritionForm,
    OperationForm,
    PhysicalForm,
    RecordForm,
    SideEffectForm,
)
from hemiface_clinic.treatments.injections import InjectionForm, total_of
from hemiface_clinic.treatments.kinds import Kind, Side
from hemiface_clinic.treatments.lists import brand_name
from hemiface_clinic.treatments.models import Version

FORMS: dict[Kind, type[RecordForm]] = {
    Kind.MEDICINE: MedicineForm,
    Kind.INJECTION: InjectionForm,
    Kind.OPERATION: OperationForm,
    Kind.PHYSICAL: PhysicalForm,
    Kind.NUTRITION: NutritionForm,
    Kind.COMPLEMENTARY: ComplementaryForm,
    Kind.SIDE_EFFECT: SideEffectForm,
}
_NAMED_BY = {Kind.OPERATION: "procedure"}


@dataclass(frozen=True)
class Change:
    """One fact that differs between two versions; empty where there was or is nothing."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Step:
    """One version in the history: who wrote it is in it; what it changed is beside it."""

    version: Version
    changes: tuple[Change, ...]


def facts_of(version: Version) -> list[tuple[str, str]]:
    """Return what a version says, as label and value."""
    return FORMS[version.kind].facts_of(version.contents)


def facts_beside_days(version: Version) -> list[tuple[str, str]]:
    """Return what a version says beside its first and last day, which a page tells on top."""
    rest = {name: v for name, v in version.contents.items() if name not in ("on", "until")}
    return FORMS[version.kind].facts_of(rest)


def title_of(version: Version) -> str:
    """Return a version in a few words: what it was, and how much."""
    contents = version.contents
    if version.kind == Kind.INJECTION:
        return f"{brand_name(contents)}, {total_of(contents)} U"
    name = contents["name"] if version.kind == Kind.MEDICINE else _name_of(version.kind, contents)
    if "daily_mg" in contents or "amount" in contents:
        amount = (
            f"{contents.get('daily_mg') or contents['amount']} {contents.get('amount_unit', 'mg')}"
        )
        return _("%(name)s %(amount)s a day") % {"name": name, "amount": amount}
    side = contents.get("side")
    return f"{name}, {Side(side).label}" if side else str(name)


def history(versions: Sequence[Version]) -> list[Step]:
    """Return the versions of a record, each with what it changed, the newest first."""
    known = [{}, *(dict(facts_of(version)) for version in versions)]
    steps = [
        Step(version, tuple(_changes(before, after)))
        for version, before, after in zip(versions, known, known[1:], strict=False)
    ]
    return steps[::-1]


def _changes(before: dict[str, str], after: dict[str, str]) -> Iterator[Change]:
    for label in {**before, **after}:
        was, is_now = before.get(label, ""), after.get(label, "")
        if was != is_now:
            yield Change(label, was, is_now)


def _name_of(kind: Kind, contents: Contents) -> str:
    name = _NAMED_BY.get(kind, "what")
    told: dict[str, str] = dict(
        FORMS[kind].facts_of(
            {key: contents[key] for key in (name, f"{name}_name") if key in contents}
        )
    )
    return next(iter(told.values()), "")
