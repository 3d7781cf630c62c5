"""The face of a recording as lines: drawn when asked for, once, without a pixel of the video."""

import av
import numpy as np
import pytest
from django.core.files import File
from django.urls import reverse

from hemiface.pipeline import simulate_video
from hemiface_clinic.audit.models import Event
from hemiface_clinic.jobs import actions as jobs
from hemiface_clinic.jobs import worker
from hemiface_clinic.jobs.models import Job
from hemiface_clinic.people.actions import give_consent
from hemiface_clinic.people.purposes import PURPOSES
from hemiface_clinic.recordings.actions import receive
from hemiface_clinic.recordings.files import faceless_path
from hemiface_clinic.recordings.models import Recording
from hemiface_clinic.vault.files import read_sealed

pytestmark = pytest.mark.django_db(transaction=True)
VIDEO = next(purpose for purpose in PURPOSES if purpose.name == "video")


@pytest.fixture
def recording(patient, tmp_path, settings) -> Recording:
    """Three measured seconds of a simulated patient."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    give_consent(patient, VIDEO, by=patient.user)
    film = tmp_path / "film.mp4"
    simulate_video(film, seed=7041, duration_s=3.0, size=360, fps=15, severity="severe")
    with film.open("rb") as file:
        made = receive(File(file, name="film.mp4"), patient=patient, by=patient.user)
    worker.run(jobs.claim(jobs.VIDEO))
    return made


def test_it_is_drawn_once_shown_and_gone_with_the_recording(patient, logged_in, recording):
    browser, url = logged_in(patient.user), reverse("recording-faceless", args=[recording.pk])
    still = browser.get(reverse("recording-still", args=[recording.pk]))
    assert still.content[:3] == b"\xff\xd8\xff"  # a JPEG
    assert browser.get(url).status_code == 404
    page = browser.post(url, follow=True).content.decode()
    assert "It is being drawn." in page
    browser.post(url)
    assert Job.objects.filter(kind="faceless").count() == 1
    worker.run(jobs.claim(jobs.VIDEO))
    page = browser.get(reverse("recording", args=[recording.pk])).content.decode()
    assert "Download the drawn face" in page
    drawn = b"".join(browser.get(url).streaming_content)
    assert drawn == b"".join(read_sealed(faceless_path(recording.pk)))
    noted = Event.objects.values_list("action", flat=True)
    assert {"recording.draw", "recording.drawn", "recording.faceless"} <= set(noted)
    assert_only_lines(drawn, recording)
    browser.post(reverse("recording-delete", args=[recording.pk]))
    assert not faceless_path(recording.pk).exists()


def assert_only_lines(drawn: bytes, recording: Recording) -> None:
    """Paper and thin lines, nothing else: no picture has so few dark places."""
    import io

    with av.open(io.BytesIO(drawn)) as film:
        assert not film.streams.audio
        pictures = [frame.to_ndarray(format="gray") for frame in film.decode(video=0)]
    assert len(pictures) == recording_frames(recording)
    for picture in pictures:
        paper = np.median(picture)
        assert paper > 230
        assert (picture > paper - 20).mean() > 0.9


def recording_frames(recording: Recording) -> int:
    return Recording.objects.get(pk=recording.pk).result["recording"]["n_frames"]


def test_without_agreement_it_is_not_drawn(patient, logged_in, recording):
    logged_in(patient.user).post(reverse("recording-faceless", args=[recording.pk]))
    patient.consents.update(withdrawn_at="2026-01-01T00:00Z")
    worker.run(jobs.claim(jobs.VIDEO))
    assert Job.objects.get(kind="faceless").state == Job.State.FAILED
    assert not faceless_path(recording.pk).exists()
