"""What a patient can agree to, in words that have a version: new words need a new consent."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True)
class Purpose:
    """One thing the clinic may do with a patient's data, if they agree."""

    name: str
    version: str
    title: "StrPromise"
    words: "StrPromise"


PURPOSES = (
    Purpose(
        "care",
        "1",
        _("Keep my record for my treatment"),
        _("The doctors and nurses who treat me may read what I wrote and what was measured."),
    ),
    Purpose(
        "video",
        "1",
        _("Keep and measure my videos"),
        _("My videos are kept encrypted on the clinic's computer and measured there."),
    ),
    Purpose(
        "research",
        "1",
        _("Use my measurements for research"),
        _("Numbers without my name may be used for studies. Videos are not given to anybody."),
    ),
)
