"""What a report can say: sequences, answers, segments, vessels, deformity."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

Words = Mapping[str, "StrPromise"]

SIDES: Words = {"left": _("left"), "right": _("right")}
YES_NO: Words = {"yes": _("Yes"), "no": _("No"), "unsure": _("Unsure")}
SEQUENCES: Words = {
    "t2_3d": _("Heavy T2 in 3D (CISS, FIESTA, DRIVE, SPACE)"),
    "tof": _("TOF angiography"),
    "t1_contrast": _("T1 with contrast"),
    "t1": _("T1 without contrast"),
    "flair": _("FLAIR of the brain"),
    "t2_brain": _("T2 of the brain"),
    "diffusion": _("Diffusion"),
    "other": _("Others"),
}
SEGMENTS: Words = {
    "root_exit": _("Root exit point (groove between pons and medulla)"),
    "attached": _("Attached to the pons"),
    "detachment": _("Root detachment point and transition zone"),
    "cisternal": _("In the cistern"),
    "meatal": _("In the meatus"),
}
VESSELS: Words = {
    "small_artery": _("A small artery, not named"),
    "aica": _("AICA"),
    "pica": _("PICA"),
    "vertebral": _("Vertebral artery"),
    "basilar": _("Basilar artery"),
    "vein": _("A vein"),
    "vein_or_slow": _("A vein or a vessel with slow flow"),
    "several": _("Several vessels"),
    "other": _("Another vessel"),
}
DEFORMITIES: Words = {
    "none": _("None"),
    "displaced": _("Nerve or brainstem displaced"),
    "indented": _("Nerve or brainstem indented"),
    "unsure": _("Unsure"),
}
