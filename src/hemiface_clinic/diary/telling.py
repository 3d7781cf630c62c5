"""An entry in words."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from hemiface.records import Entry
from hemiface_clinic.diary.choices import MOST, SIDES, SITES, SPELLS, TRIGGERS

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


def facts_of(entry: Entry) -> Iterator[tuple[str, str]]:
    """Yield what an entry says as label and words; the note and the tap are told elsewhere."""
    if entry.burden is not None:
        yield _("Trouble"), _of_ten(entry.burden)
    if entry.triggers:
        yield _("Brought on by"), ", ".join(str(TRIGGERS[name]) for name in entry.triggers)
    if entry.spell_s is not None:
        yield _("Worst spell"), spell_words(entry.spell_s)
    if entry.side or entry.sites:
        yield _("Where"), place_of(entry)
    if entry.stress is not None:
        yield _("Stress"), _of_ten(entry.stress)
    if entry.sleep_h is not None:
        yield _("Sleep"), _("%(hours)s hours") % {"hours": number_format(f"{entry.sleep_h:g}")}
    if entry.medicines:
        yield _("Medicines"), ", ".join(entry.medicines)


def place_of(entry: Entry) -> str:
    """Return side and regions."""
    side = [str(SIDES[entry.side])] if entry.side else []
    words: dict[str, StrPromise] = {str(site): text for site, text in SITES.items()}
    return ", ".join([*side, *(str(words[site]) for site in entry.sites)])


def spell_words(seconds: float) -> str:
    """Return the words for a length that was chosen; seconds for one that was not."""
    words = SPELLS.get(seconds)
    return str(words) if words else _("%(seconds)g seconds") % {"seconds": seconds}


def _of_ten(number: int) -> str:
    return _("%(number)d of %(most)d") % {"number": number, "most": MOST}
