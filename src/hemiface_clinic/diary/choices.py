"""What can be chosen in the diary: the lists are closed, the words are for patients.

The lengths of spells in seconds stand for their words, and are our choice; so are the sites, which
are the regions of `hemiface.muscles.Group`. The triggers are those of `hemiface.records.Trigger`.
"""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hemiface.muscles import Group
from hemiface.records import Trigger
from hemiface.types import Side

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

MOST = 10
SCALE = tuple((str(number), str(number)) for number in range(MOST + 1))

SIDES: dict[Side, "StrPromise"] = {
    "left": pgettext_lazy("side of the face", "Left"),
    "right": pgettext_lazy("side of the face", "Right"),
}

TRIGGERS: dict[Trigger, "StrPromise"] = {
    "stress": _("Stress"),
    "fatigue": _("Tiredness"),
    "speaking": _("Speaking"),
    "eating": _("Eating"),
    "reading": _("Reading"),
    "screen": _("Screen"),
    "bright_light": _("Bright light"),
    "cold": _("Cold or wind"),
    "meeting_people": _("Meeting people"),
    "head_position": _("Head position"),
    "closing_the_eyes": _("Closing the eyes"),
    "singing": _("Singing"),
    "sneezing": _("Sneezing"),
    "exercise": _("Exercise"),
}

SITES: dict[Group, "StrPromise"] = {
    "brow": _("Forehead, brow"),
    "eye": _("Around the eye"),
    "nose": _("Nose"),
    "cheek": _("Cheek"),
    "mouth": _("Mouth"),
    "chin": _("Chin"),
    "neck": _("Neck"),
}

SPELLS: dict[float, "StrPromise"] = {
    1.0: _("A moment"),
    5.0: _("A few seconds"),
    30.0: _("Half a minute"),
    90.0: _("A minute or two"),
    300.0: _("About five minutes"),
    900.0: _("A quarter of an hour or more"),
}
