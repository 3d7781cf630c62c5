"""A doctor's review on the site: confirmed, rejected, moved, added; measured again; never lost."""

import json

import pytest
from django.urls import reverse

from clinic.review_story import reviewable
from hemiface.agreement import read_events
from hemiface_clinic.audit.models import Event
from hemiface_clinic.people.personal import everything_about, person_of
from hemiface_clinic.recordings.files import signals_path
from hemiface_clinic.recordings.models import Recording, Review

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()


@pytest.fixture
def recording(patient, tmp_path) -> Recording:
    return reviewable(patient, tmp_path)


@pytest.fixture
def browser(doctor, logged_in):
    return logged_in(doctor)


def filled(recording: Recording, *more: dict[str, str], number: str = "0", **changes: str):
    """Return what the form sends: what was found, with changes such as `row0-verdict`."""
    rows = [
        {"onset_s": f"{one['onset_s']:.3f}", "end_s": f"{one['onset_s'] + one['duration_s']:.3f}",
         "side": one["side"], "verdict": "yes", "found": str(n)}
        for n, one in enumerate(recording.result["spasms"])
    ]  # fmt: skip
    sent = {"number": number, "form-INITIAL_FORMS": str(len(rows)),
            "form-TOTAL_FORMS": str(len(rows) + len(more))}  # fmt: skip
    for n, row in enumerate([*rows, *({"verdict": "yes", "side": "left", **one} for one in more)]):
        sent |= {f"form-{n}-{name}": text for name, text in row.items()}
    return sent | {f"form-{name}": text for name, text in changes.items()}


def url(recording: Recording, name: str = "review") -> str:
    return reverse(f"recording-{name}", args=[recording.pk])


def test_the_page_shows_what_was_found(browser, recording):
    page = browser.get(url(recording)).content.decode()
    assert page.count("data-row") == len(recording.result["spasms"]) + 5
    assert f'src="{url(recording, "player")}"' in page
    document = json.loads(b"".join(browser.get(url(recording, "player")).streaming_content))
    assert document["schema"] == "hemiface.player/1"
    assert Event.objects.filter(action="recording.review-page").count() == 1


def test_to_confirm_all_keeps_the_numbers_and_the_original(browser, recording):
    assert browser.post(url(recording), filled(recording)).url == url(recording)
    review = Review.objects.get()
    assert review.number == 1
    assert len(review.marks) == len(recording.result["spasms"])
    page = browser.get(url(recording)).content.decode()
    assert "10 confirmed, 0 rejected, 0 added; agreement F1 1.00" in page
    assert "Reviewed by a doctor" in page


def test_rows_that_nobody_touches_are_empty(browser, recording):
    untouched = {"onset_s": "", "end_s": "", "found": ""}
    browser.post(url(recording), filled(recording, untouched, untouched))
    assert len(Review.objects.get().marks) == len(recording.result["spasms"])


def test_what_is_rejected_and_added_changes_the_measures(browser, recording):
    before = recording.summary
    changes = {"0-verdict": "no", "1-verdict": "no", "2-side": "right"}
    added = {"onset_s": "10.4", "end_s": "10.6"}
    browser.post(url(recording), filled(recording, added, **changes))
    recording = Recording.objects.get()
    assert recording.summary.n_spasms == before.n_spasms - 1
    assert recording.result["spasms"][0]["side"] == "left"  # the original stays
    assert {one["side"] for one in recording.current["spasms"]} == {"left", "right"}
    page = browser.get(url(recording)).content.decode()
    assert "8 confirmed, 2 rejected, 1 added" in page


def test_the_table_can_be_compared_again(browser, recording, tmp_path):
    browser.post(url(recording), filled(recording, **{"0-verdict": "no"}))
    table = browser.get(url(recording, "spasms"))
    assert "attachment" in table.headers["Content-Disposition"]
    (tmp_path / "spasms.csv").write_bytes(table.content)
    events = read_events(tmp_path / "spasms.csv")
    assert len(events.spasms) == len(recording.result["spasms"]) - 1


@pytest.mark.parametrize(
    "row", [{"onset_s": "3", "end_s": "2"}, {"onset_s": "x", "end_s": "2"}, {"onset_s": "1"}]
)
def test_a_row_that_cannot_be_is_told_and_nothing_is_kept(browser, recording, row):
    answer = browser.post(url(recording), filled(recording, row))
    assert answer.status_code == 422
    assert "Please mend this" in answer.content.decode()
    assert not Review.objects.exists()


def test_of_two_who_review_at_once_the_second_is_told(browser, recording):
    browser.post(url(recording), filled(recording))
    answer = browser.post(url(recording), filled(recording))
    assert answer.status_code == 422
    assert "Somebody else reviewed this meanwhile" in answer.content.decode()
    browser.post(url(recording), filled(recording, number="1"))
    assert [one.number for one in Review.objects.all()] == [1, 2]


def test_without_signals_there_is_no_review(browser, recording):
    signals_path(recording.pk).unlink()
    assert browser.get(url(recording)).status_code == 404


def test_reviews_are_the_persons_data_too(browser, recording, patient):
    browser.post(url(recording), filled(recording))
    assert len(everything_about(person_of(patient))["reviews of recordings"]) == 1
