"""The clinic's rule of how long pictures are kept: then they go, and the numbers stay."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.review_story import reviewable
from hemiface_clinic.audit.models import Event
from hemiface_clinic.card import SHIPPED, read_card, shown_card
from hemiface_clinic.recordings import actions, views
from hemiface_clinic.recordings.actions import forget_old_pictures
from hemiface_clinic.recordings.files import (
    clip_path,
    faceless_path,
    film_path,
    report_path,
    signals_path,
    still_path,
    video_path,
)
from hemiface_clinic.recordings.models import Recording

pytestmark = pytest.mark.django_db(transaction=True)
PICTURES = (video_path, report_path, film_path, clip_path, still_path, faceless_path)


@pytest.fixture
def recording(patient, tmp_path, settings) -> Recording:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    return reviewable(patient, tmp_path)


@pytest.fixture
def rule(monkeypatch):
    """Let the clinic keep pictures for so many days."""

    def keep(days: int | None) -> None:
        card = shown_card().model_copy(update={"keep_videos_days": days})
        for module in (actions, views):
            monkeypatch.setattr(module, "shown_card", lambda: card)

    return keep


def sent(recording: Recording, days: float) -> None:
    Recording.objects.filter(pk=recording.pk).update(made_at=timezone.now() - timedelta(days=days))


def test_without_a_rule_everything_is_kept(recording):
    sent(recording, 5000)
    assert forget_old_pictures() == 0
    assert all(path_of(recording.pk).exists() for path_of in PICTURES)


def test_after_that_time_pictures_go_and_numbers_stay(recording, patient, logged_in, rule):
    rule(30)
    sent(recording, 29.9)
    assert forget_old_pictures() == 0
    page = logged_in(patient.user).get(reverse("recording", args=[recording.pk])).content.decode()
    assert "The clinic deletes the pictures 30 days after they were sent." in page
    sent(recording, 30.1)
    assert forget_old_pictures() == 1
    assert not any(path_of(recording.pk).exists() for path_of in PICTURES)
    assert signals_path(recording.pk).exists()
    browser = logged_in(patient.user)
    page = browser.get(reverse("recording", args=[recording.pk])).content.decode()
    assert "The pictures were deleted on" in page
    assert "10 spasms were found" in page
    assert "<video" not in page
    assert "/report/" not in page
    for name in ("video", "report", "film", "clip", "still", "faceless"):
        url = reverse(f"recording-{name}", args=[recording.pk])
        assert browser.get(url).status_code == 404, name
        assert url not in page, name


def test_it_is_done_and_noted_once(recording, rule):
    rule(1)
    sent(recording, 2)
    assert [forget_old_pictures(), forget_old_pictures()] == [1, 0]
    assert Event.objects.filter(action="recording.forget-pictures").count() == 1


def test_the_rule_is_a_line_of_the_card(tmp_path):
    card = tmp_path / "clinic.toml"
    text = SHIPPED.read_text("utf-8")
    card.write_text(text.replace("# keep_videos_days", "keep_videos_days"))
    assert read_card(card).keep_videos_days == 365
