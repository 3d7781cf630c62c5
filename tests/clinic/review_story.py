"""A recording that was measured and can be reviewed."""

import json
from pathlib import Path

from hemiface.report.document import to_document
from hemiface.report.player import player_document
from hemiface.report.signals_file import write_signals
from hemiface_clinic.people.models import Patient
from hemiface_clinic.questions.models import Question
from hemiface_clinic.recordings.files import (
    clip_path,
    faceless_path,
    film_path,
    player_path,
    report_path,
    signals_path,
    still_path,
    video_path,
)
from hemiface_clinic.recordings.models import Recording
from hemiface_clinic.vault.files import write_sealed
from report_story import left_eye_story


def reviewable(
    patient: Patient, folder: Path, *, kind: str = "video", question: Question | None = None
) -> Recording:
    """Return a recording of twenty seconds with ten spasms on the left; its files a few bytes."""
    story = left_eye_story(20.0)
    made = Recording.objects.create(
        patient=patient, question=question, kind=kind, filename="a.webm", size=4, sha256="0" * 64,
        media_type="video/webm", measured_at="2026-11-23T10:00:00Z",
        result=json.loads(json.dumps(to_document(story))), take={"tasks": []},
    )  # fmt: skip
    write_signals(story.signals, folder / "signals.npz")
    write_sealed(signals_path(made.pk), [(folder / "signals.npz").read_bytes()])
    write_sealed(player_path(made.pk), [json.dumps(player_document(story)).encode()])
    for path_of in (video_path, report_path, clip_path, film_path, still_path, faceless_path):
        write_sealed(path_of(made.pk), [b"some"])
    return made
