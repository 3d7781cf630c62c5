"""A file sent in parts by tus 1.0: resumed after anything, whole or not at all, nobody else's."""

import base64
import hashlib
import json
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from clinic.recordings_story import write_clip
from hemiface.pipeline import find_points, simulate_video
from hemiface.source.points import write_points
from hemiface_clinic.audit.models import Event
from hemiface_clinic.jobs import actions as jobs
from hemiface_clinic.jobs import worker
from hemiface_clinic.people.actions import give_consent
from hemiface_clinic.people.personal import erase, everything_about, person_of
from hemiface_clinic.people.purposes import PURPOSES
from hemiface_clinic.recordings.actions import take_over
from hemiface_clinic.recordings.files import video_path
from hemiface_clinic.recordings.models import Recording, Task
from hemiface_clinic.recordings.takes import TakeError, read_take
from hemiface_clinic.uploads import actions
from hemiface_clinic.uploads.actions import ConflictError, TooMuchError, append, begin
from hemiface_clinic.uploads.models import KEPT, Upload
from hemiface_clinic.uploads.parts import folder
from hemiface_clinic.vault.files import read_sealed

pytestmark = pytest.mark.django_db(transaction=True)
VIDEO = next(purpose for purpose in PURPOSES if purpose.name == "video")
FILM = bytes(range(256)) * 400
N_BYTES = len(FILM)
TUS = {"headers": {"Tus-Resumable": "1.0.0"}}
SPANS = [{"task": "rest", "start_s": 0.0, "end_s": 60.0}]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    return settings.MEDIA_ROOT


@pytest.fixture
def asha(patient):
    give_consent(patient, VIDEO, by=patient.user)
    return patient


@pytest.fixture
def phone(asha, logged_in):
    return logged_in(asha.user)


def metadata(**said: str) -> str:
    pairs = {"kind": "video", "filename": "film.webm", "tasks": json.dumps(SPANS), **said}
    return ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in pairs.items())


def create(phone, patient, length: int = N_BYTES, **said: str):
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(length),
               "Upload-Metadata": metadata(**said)}  # fmt: skip
    return phone.post(reverse("uploads", args=[patient.pk]), headers=headers)


def patch(phone, place: str, offset: int, data: bytes, **more: str):
    headers = {"Tus-Resumable": "1.0.0", "Upload-Offset": str(offset), **more}
    return phone.generic("PATCH", place, data, "application/offset+octet-stream", headers=headers)


def offset_of(phone, place: str) -> int:
    return int(phone.head(place, **TUS).headers["Upload-Offset"])


def sealed_parts() -> list[str]:
    return sorted(path.name for path in folder().iterdir())


class TestProtocol:
    def test_what_the_server_can_do_is_told(self, phone, asha):
        told = phone.options(reverse("uploads", args=[asha.pk])).headers
        assert told["Tus-Version"] == told["Tus-Resumable"] == "1.0.0"
        assert told["Tus-Extension"] == "creation,termination,expiration"
        assert int(told["Tus-Max-Size"]) >= 2 * 10**9

    def test_a_file_comes_in_parts_and_becomes_a_recording(self, phone, asha, tmp_path):
        film = write_clip(tmp_path / "grey.mp4").read_bytes()
        made = create(phone, asha, len(film))
        assert made.status_code == 201
        place = made.headers["Location"]
        for start in range(0, len(film), 3_000):
            assert patch(phone, place, start, film[start : start + 3_000]).status_code == 204
        recording = Recording.objects.get()
        assert place == reverse("upload", args=[recording.pk])
        assert (recording.kind, recording.task) == ("video", Task.GUIDED)
        assert recording.take["tasks"] == SPANS
        worker.run(jobs.claim(jobs.VIDEO))
        recording.refresh_from_db()
        assert recording.refusal == "no_face"
        assert recording.sha256 == hashlib.sha256(film).hexdigest()
        assert recording.media_type == "video/mp4"
        assert b"".join(read_sealed(video_path(recording.pk))) == film
        assert sealed_parts() == []
        assert not Upload.objects.exists()
        assert offset_of(phone, place) == len(film)  # whose last answer was lost may ask again

    def test_what_is_no_video_is_refused_in_words_and_not_kept(self, phone, asha):
        place = create(phone, asha).headers["Location"]
        patch(phone, place, 0, FILM)
        worker.run(jobs.claim(jobs.VIDEO))
        recording = Recording.objects.get()
        assert "must be a video" in str(recording.trouble)
        assert sealed_parts() == []
        assert not video_path(recording.pk).exists()

    @pytest.mark.parametrize(
        ("header", "value", "status"),
        [
            ("Tus-Resumable", "0.9", 412),
            ("Upload-Length", "many", 400),
            ("Upload-Length", "0", 413),
            ("Upload-Length", str(10**12), 413),
            ("Upload-Metadata", "filename ###", 400),
            ("Upload-Metadata", f"kind {base64.b64encode(b'poem').decode()}", 400),
        ],
    )
    def test_what_is_not_of_the_protocol_is_refused(self, phone, asha, header, value, status):
        headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "10", header: value}
        answer = phone.post(reverse("uploads", args=[asha.pk]), headers=headers)
        assert answer.status_code == status
        assert not Upload.objects.exists()

    def test_bytes_for_another_place_are_refused(self, phone, asha):
        place = create(phone, asha).headers["Location"]
        assert patch(phone, place, 0, FILM[:100]).status_code == 204
        assert patch(phone, place, 0, FILM[:100]).status_code == 409
        assert patch(phone, place, 200, FILM[:100]).status_code == 409
        assert offset_of(phone, place) == 100

    def test_more_than_announced_is_refused_and_not_kept(self, phone, asha):
        place = create(phone, asha, length=50).headers["Location"]
        assert patch(phone, place, 0, FILM[:51]).status_code == 413
        assert offset_of(phone, place) == 0
        assert sealed_parts() == []

    def test_another_type_is_refused(self, phone, asha):
        place = create(phone, asha).headers["Location"]
        headers = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0"}
        answer = phone.generic("PATCH", place, b"x", "video/mp4", headers=headers)
        assert answer.status_code == 415

    def test_an_upload_is_given_up(self, phone, asha):
        place = create(phone, asha).headers["Location"]
        patch(phone, place, 0, FILM[:100])
        assert phone.delete(place, **TUS).status_code == 204
        assert phone.head(place, **TUS).status_code == 404
        assert sealed_parts() == []


class TestBroken:
    def test_what_came_before_the_connection_broke_counts(self, asha):
        def broken():
            yield FILM[:1000]
            yield FILM[1000:1500]

        upload = begin(asha, len(FILM), read_take({}), by=asha.user)
        assert append(upload, 0, broken(), take_over) == 1500
        upload.refresh_from_db()
        assert append(upload, 1500, [FILM[1500:]], take_over) == len(FILM)
        assert Recording.objects.get().pk == upload.pk

    def test_a_part_that_failed_leaves_nothing(self, asha):
        def failing():
            yield FILM[:1000]
            raise RuntimeError

        upload = begin(asha, len(FILM), read_take({}), by=asha.user)
        with pytest.raises(RuntimeError):
            append(upload, 0, failing(), take_over)
        upload.refresh_from_db()
        assert upload.offset == 0
        assert sealed_parts() == []

    def test_of_two_that_send_the_same_place_one_counts(self, asha):
        upload = begin(asha, len(FILM), read_take({}), by=asha.user)
        together, told = threading.Barrier(2), []

        def send() -> None:
            def chunks():
                together.wait()
                yield FILM[:1000]

            try:
                told.append(append(Upload.objects.get(pk=upload.pk), 0, chunks(), take_over))
            except ConflictError:
                told.append(-1)
            connection.close()

        threads = [threading.Thread(target=send) for _ in range(2)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert sorted(told) == [-1, 1000]
        assert len(sealed_parts()) == 1

    def test_the_recording_comes_with_the_last_byte_or_not_at_all(self, asha):
        def fail(_: Upload) -> None:
            raise RuntimeError

        upload = begin(asha, 4, read_take({}), by=asha.user)
        with pytest.raises(RuntimeError):
            append(upload, 0, [b"film"], fail)
        upload.refresh_from_db()
        assert upload.offset == 0
        append(upload, 0, [b"film"], take_over)
        assert Recording.objects.count() == 1


class TestWho:
    def test_without_consent_nothing_is_taken(self, patient, logged_in):
        assert create(logged_in(patient.user), patient).status_code == 403

    def test_an_upload_is_its_senders_alone(self, phone, asha, doctor, nurse, person, logged_in):
        from hemiface_clinic.people.models import Role

        place = create(phone, asha).headers["Location"]
        for other in (doctor, nurse, person(Role.PATIENT, "other")):
            theirs = logged_in(other)
            assert theirs.head(place, **TUS).status_code == 404
            assert patch(theirs, place, 0, b"x").status_code == 404
            assert theirs.delete(place, **TUS).status_code == 404
        assert create(logged_in(person(Role.PATIENT, "stranger")), asha).status_code == 404

    def test_one_person_has_a_few_on_their_way_at_most(self, phone, asha):
        for _ in range(actions.MOST_OPEN):
            assert create(phone, asha).status_code == 201
        assert create(phone, asha).status_code == 413

    def test_beginning_and_giving_up_are_noted(self, phone, asha):
        place = create(phone, asha).headers["Location"]
        phone.delete(place, **TUS)
        noted = set(Event.objects.filter(patient=str(asha.pk)).values_list("action", flat=True))
        assert {"upload.begin", "upload.give-up"} <= noted


class TestLeaving:
    def test_what_nobody_goes_on_with_is_forgotten(self, asha):
        upload, young = (begin(asha, 10, read_take({}), by=asha.user) for _ in range(2))
        append(upload, 0, [b"abc"], take_over)
        append(young, 0, [b"abc"], take_over)
        long_ago = timezone.now() - KEPT - timedelta(hours=1)
        Upload.objects.filter(pk=upload.pk).update(touched_at=long_ago)
        (folder() / "0000.sealed").write_bytes(b"of a crash")
        actions.forget_old()
        assert list(Upload.objects.all()) == [young]
        assert len(sealed_parts()) == 1

    def test_everything_goes_with_the_person(self, phone, asha, doctor):
        place = create(phone, asha).headers["Location"]
        patch(phone, place, 0, FILM[:100])
        assert len(everything_about(person_of(asha))["uploads on their way"]) == 1
        erase(person_of(asha), by=doctor)
        assert sealed_parts() == []

    def test_bytes_at_rest_are_sealed(self, phone, asha):
        place = create(phone, asha).headers["Location"]
        patch(phone, place, 0, FILM[:3000])
        assert all(bytes(range(256)) not in path.read_bytes() for path in folder().iterdir())


class TestTake:
    def test_what_is_said_of_a_recording_is_read(self):
        take = read_take({
            "kind": "points", "filename": "../../a\nb.webm", "tasks": json.dumps(SPANS),
            "mirrored": "false", "started_at": "2026-11-23T10:00:00+05:30",
        })  # fmt: skip
        assert take == {
            "kind": "points", "filename": "ab.webm", "tasks": SPANS, "mirrored": False,
            "started_at": "2026-11-23T10:00:00+05:30",
        }  # fmt: skip

    @pytest.mark.parametrize(
        "said",
        [
            {"tasks": "no"}, {"tasks": '[{"task": "rest"}]'},
            {"tasks": '[{"task": "dance", "start_s": 0, "end_s": 1}]'},
            {"tasks": '[{"task": "rest", "start_s": 2, "end_s": 1}]'},
            {"tasks": '[{"task": "rest", "start_s": 0, "end_s": 1e9}]'},
            {"tasks": '[{"task": "rest", "start_s": NaN, "end_s": 1}]'},
            {"tasks": json.dumps(SPANS * 61)}, {"kind": "poem"}, {"started_at": "yesterday"},
        ],
    )  # fmt: skip
    def test_what_cannot_be_is_refused(self, said):
        with pytest.raises(TakeError):
            read_take(said)


def test_too_much_is_an_error_of_its_own(asha):
    upload = begin(asha, 3, read_take({}), by=asha.user)
    with pytest.raises(TooMuchError):
        append(upload, 0, [b"four"], take_over)


def test_points_are_taken_and_measured_task_by_task(phone, asha, tmp_path):
    film = tmp_path / "film.mp4"
    simulate_video(film, seed=7, severity="severe", side="left", duration_s=12.0, fps=30, size=480)
    write_points(tmp_path / "a.points", find_points(film), mirrored=False)
    sent = (tmp_path / "a.points").read_bytes()
    spans = [
        {"task": "rest", "start_s": 0, "end_s": 6}, {"task": "smile", "start_s": 6, "end_s": 12},
    ]  # fmt: skip
    made = create(phone, asha, len(sent), kind="points", tasks=json.dumps(spans))
    place = made.headers["Location"]
    for start in range(0, len(sent), 1_000_000):
        patch(phone, place, start, sent[start : start + 1_000_000])
    worker.run(jobs.claim(jobs.VIDEO))
    recording = Recording.objects.get()
    assert recording.kind == "points"
    assert recording.summary.affected_side == "left"
    assert {one["task"] for one in recording.result["measures"]} == {"guided", "rest", "smile"}
    page = phone.get(reverse("recording", args=[recording.pk])).content.decode()
    assert "Download the points" in page
    assert "no picture" in page
    report = phone.get(reverse("recording-report", args=[recording.pk]))
    assert b"Task by task" in b"".join(report.streaming_content)
