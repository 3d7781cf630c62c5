"""A doctor's review: which spasms there are, measured again, and how far both agree."""

import json
import math
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hemiface_clinic.recordings.files import signals_path
from hemiface_clinic.recordings.models import Recording
from hemiface_clinic.vault.files import read_sealed

SIDES = {"left": _("left"), "right": _("right")}
N_BLANK = 5
MOST = 2000
_SHORTEST_S, _LONGEST_S = 0.02, 600.0


class MarkForm(forms.Form):
    """One spasm: when, on which side, and whether it is one."""

    onset_s = forms.FloatField(label=_("Onset, s"), min_value=0.0)
    end_s = forms.FloatField(label=_("End, s"), min_value=0.0)
    # Set beforehand, so that a row that nobody touches counts as empty.
    side = forms.ChoiceField(label=_("Side"), choices=list(SIDES.items()), initial="left")
    verdict = forms.ChoiceField(
        label=_("Verdict"), choices=[("yes", _("a spasm")), ("no", _("not a spasm"))],
        initial="yes", widget=forms.RadioSelect,
    )  # fmt: skip
    found = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Check that it ends after it begins."""
        cleaned = super().clean() or {}
        lasts_s = cleaned.get("end_s", math.nan) - cleaned.get("onset_s", math.nan)
        if not math.isnan(lasts_s) and not _SHORTEST_S <= lasts_s <= _LONGEST_S:
            self.add_error("end_s", _(
                "A spasm must end after it begins, within ten minutes. Set its end again."
            ))  # fmt: skip
        return cleaned


MarkForms = forms.formset_factory(MarkForm, extra=N_BLANK, max_num=MOST, absolute_max=MOST)


@dataclass(frozen=True)
class Agreed:
    """How far the doctor agrees with what was found."""

    n_confirmed: int
    n_rejected: int
    n_added: int
    f1: float


def initial_marks(recording: Recording) -> list[dict[str, Any]]:
    """Return what the form begins with: what was found, as it was reviewed last."""
    found = [
        {
            "onset_s": round(one["onset_s"], 3), "side": one["side"], "found": n,
            "end_s": round(one["onset_s"] + one["duration_s"], 3), "verdict": "yes",
        }
        for n, one in enumerate(recording.result["spasms"])
    ]  # fmt: skip
    if recording.review is None:
        return found
    kept = {one["found"]: one for one in recording.review.marks if one["found"] is not None}
    added = [one for one in recording.review.marks if one["found"] is None]
    told = [
        {**one, **kept[one["found"]], "verdict": "yes"} if one["found"] in kept
        else {**one, "verdict": "no"}
        for one in found
    ]  # fmt: skip
    return sorted(
        [*told, *({**one, "verdict": "yes"} for one in added)], key=lambda one: one["onset_s"]
    )


def marks_from(typed: Any, recording: Recording) -> list[dict[str, Any]]:
    """Return all spasms there are, in order of time, of a form that is filled in."""
    n_found = len(recording.result["spasms"])
    marks = [
        {name: one[name] for name in ("onset_s", "end_s", "side", "found")}
        for one in typed.cleaned_data
        if one and one["verdict"] == "yes"
    ]
    known = [one for one in marks if one["found"] is None or 0 <= one["found"] < n_found]
    return sorted(known, key=lambda one: float(one["onset_s"]))


def measure_again(recording: Recording, marks: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the measurement with these spasms."""
    from hemiface.report.document import from_document, to_document
    from hemiface.report.signals_file import read_signals
    from hemiface.review import Mark, review
    from hemiface.types import TaskSpan

    with TemporaryDirectory() as folder:
        plain = Path(folder) / "signals.npz"
        plain.write_bytes(b"".join(read_sealed(signals_path(recording.pk))))
        signals = read_signals(plain)
    tasks = [TaskSpan(**one) for one in (recording.take or {}).get("tasks", [])]
    measured = from_document(recording.result)
    document = to_document(review(measured, signals, [Mark(**one) for one in marks], tasks))
    return json.loads(json.dumps(document))  # type: ignore[no-any-return]


def agreed_of(recording: Recording) -> Agreed | None:
    """Return how far the last review agrees with what was found."""
    if recording.review is None:
        return None
    n_found = len(recording.result["spasms"])
    n_confirmed = sum(one["found"] is not None for one in recording.review.marks)
    n_marked = len(recording.review.marks)
    both = n_found + n_marked
    return Agreed(
        n_confirmed, n_found - n_confirmed, n_marked - n_confirmed,
        2.0 * n_confirmed / both if both else 1.0,
    )  # fmt: skip


def annotations_of(recording: Recording) -> bytes:
    """Return the spasms as a table that `hemiface compare` and other programs read."""
    from hemiface.report.document import from_document
    from hemiface.report.tables import write_spasms_csv

    with TemporaryDirectory() as folder:
        path = Path(folder) / "spasms.csv"
        write_spasms_csv(from_document(recording.current), path)
        return path.read_bytes()
