"""The MRI on the site: what is taken and refused, points, the job, the report, who goes when."""

import io
import json
import zipfile
from collections import Counter

import numpy as np
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from clinic.mri_story import ON, ROOT_EXIT, conflict, dicom_zip, found, kept, signed
from hemiface_clinic.audit.models import Event
from hemiface_clinic.jobs import worker
from hemiface_clinic.jobs.actions import VIDEO, claim
from hemiface_clinic.mri import actions, measuring
from hemiface_clinic.mri.child import FOUND, T2
from hemiface_clinic.mri.files import files_of, folder
from hemiface_clinic.mri.models import Report, State, Study
from hemiface_clinic.mri.points import read_place
from hemiface_clinic.mri.profile import profile_of
from hemiface_clinic.mri.reporting import proposed
from hemiface_clinic.mri.slices import PLANES, SIZE_PX, place_of
from hemiface_clinic.mri.tubes import tube, write_tubes
from hemiface_clinic.people.models import Role
from hemiface_clinic.people.personal import (
    erase,
    everything_about,
    pack_everything_about,
    person_of,
)

pytestmark = pytest.mark.django_db

POINTS = {
    "left-root_exit": "11.55, -0.63, -9.71", "left-meatus": "29.56, 0.56, 0.24",
    "right-root_exit": "", "right-meatus": "",
}  # fmt: skip


def said(answer) -> str:
    return answer.content.decode()


def send(browser, patient, **files):
    return browser.post(reverse("mri", args=[patient.pk]), {"on": ON.isoformat(), **files})


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """A media folder for each test, so that what is left over is seen."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def browser(doctor, logged_in):
    return logged_in(doctor)


@pytest.mark.django_db(transaction=True)
class TestSending:
    def test_a_zip_with_both_becomes_a_study_with_nothing_of_the_file_names(self, browser, patient):
        answer = send(browser, patient, t2=upload("Asha.zip", dicom_zip()))
        study = Study.objects.get()
        assert answer.url == reverse("mri-study", args=[study.pk])
        assert study.has_tof
        assert study.on == ON
        assert study.state == State.NEW
        kept_files = [name for name, _ in files_of(study.pk)]
        assert kept_files == ["t2.nii.gz", "tof.nii.gz", "t2.headers.json"]
        assert study.contents["proposed"].keys() == {"left"}
        assert np.allclose(study.points["left"]["root_exit"], ROOT_EXIT, atol=2.5)
        assert all(b"n+1" not in path.read_bytes() for _, path in files_of(study.pk))
        assert "Asha" not in json.dumps(study.contents)
        assert study.contents["t2"]["description"] == "CISS 3D"
        assert Event.objects.filter(action="mri.receive", patient=str(patient.pk)).count() == 1

    @pytest.mark.parametrize(
        ("name", "content", "words"),
        [
            ("a.nii.gz", b"", "empty"),
            ("a.nii", b"\0" * 3000, "magnetic resonance"),
            ("a.zip", b"PK\x03\x04 no zip at all", "zip"),
        ],
    )
    def test_what_is_no_mri_is_refused_in_words_and_nothing_is_kept(
        self, browser, patient, name, content, words
    ):
        answer = send(browser, patient, t2=upload(name, content))
        assert answer.status_code == 422
        assert words in said(answer)
        assert str(settings.MEDIA_ROOT) not in said(answer)
        assert not Study.objects.exists()
        assert list(folder().iterdir()) == []

    def test_what_is_too_big_is_refused(self, browser, patient, settings):
        settings.LARGEST_MRI = 1_000_000
        t2, tof = (upload(name, b"x" * 600_000) for name in ("t2.nii", "tof.nii"))
        answer = send(browser, patient, t2=t2, tof=tof)
        assert "at most 1 MB" in said(answer)
        assert not Study.objects.exists()

    def test_a_day_that_lies_ahead_is_refused(self, browser, patient):
        typed = {"on": "2999-01-01", "t2": upload("a.nii", b"x")}
        answer = browser.post(reverse("mri", args=[patient.pk]), typed)
        assert "must not lie ahead" in said(answer)


class TestPoints:
    @pytest.mark.parametrize(
        ("text", "place"),
        [
            ("1, 2, 3", [1.0, 2.0, 3.0]),
            ("-1.25 2.5 +3", [-1.25, 2.5, 3.0]),
            ("1,5; 2,5; -3,5", [1.5, 2.5, -3.5]),
        ],
    )
    def test_a_place_may_be_typed_in_several_ways(self, text, place):
        assert read_place(text) == place

    @pytest.mark.parametrize("text", ["1, 2", "1, 2, 3, 4", "a, b, c", "1e9, 2, 3", "nan, 1, 2"])
    def test_what_is_no_place_is_refused(self, browser, patient, doctor, text):
        study = kept(patient, doctor)
        answer = browser.post(
            reverse("mri-points", args=[study.pk]), POINTS | {"left-meatus": text}
        )
        assert answer.status_code == 422
        assert "three numbers" in said(answer)

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ({"left-meatus": ""}, "needs both points"),
            ({"left-meatus": "300, 0, 0"}, "outside the T2"),
            ({"left-root_exit": "29, 0, 0", "left-meatus": "12, 0, 0"}, "further out"),
            ({"left-meatus": "12, -0.6, -9.7"}, "5 to 45 mm apart"),
        ],
    )
    def test_points_that_cannot_be_are_refused(self, browser, patient, doctor, typed, words):
        study = kept(patient, doctor)
        answer = browser.post(reverse("mri-points", args=[study.pk]), POINTS | typed)
        assert answer.status_code == 422
        assert words in said(answer)

    def test_the_right_side_lies_the_other_way(self, browser, patient, doctor):
        study = kept(patient, doctor)
        right = {"right-root_exit": "20, 0, 0", "right-meatus": "4, 0, 0"}
        browser.post(reverse("mri-points", args=[study.pk]), right)
        study.refresh_from_db()
        assert study.clicks == {"right": {"root_exit": [20, 0, 0], "meatus": [4, 0, 0]}}
        assert study.is_moved

    def test_without_a_script_a_point_is_set_to_the_place_shown(self, browser, patient, doctor):
        study = kept(patient, doctor)
        answer = browser.post(
            reverse("mri-points", args=[study.pk]),
            POINTS | {"here": "right-meatus", "place": "1.00, 2.00, 3.00"},
        )
        assert answer.status_code == 200
        assert 'value="1.00, 2.00, 3.00" maxlength' in said(answer)

    def test_a_click_in_a_section_moves_the_place(self, browser, patient, doctor):
        middle = [10.0, 0.0, 0.0]
        assert place_of(PLANES["axial"], middle, 60, SIZE_PX / 2 - 0.5, SIZE_PX / 2 - 0.5) == middle
        right_of_it = place_of(PLANES["axial"], middle, 60, SIZE_PX - 0.5, SIZE_PX / 2 - 0.5)
        assert right_of_it == [40.0, 0.0, 0.0]  # the person's left is on the right
        up = place_of(PLANES["coronal"], middle, 60, SIZE_PX / 2 - 0.5, -0.5)
        assert up == [10.0, 0.0, 30.0]
        study = kept(patient, doctor)
        page = browser.get(
            reverse("mri-study", args=[study.pk]),
            {"place": "10,0,0", "field": "60", "sagittal.x": "180", "sagittal.y": "0"},
        )
        assert page.context["place"] == "10.00, 0.08, 18.00"  # where the T2 ends

    def test_a_section_is_a_picture(self, browser, patient, doctor):
        study = kept(patient, doctor)
        answer = browser.get(reverse("mri-axial", args=[study.pk]), {"place": "13,0,-6"})
        picture = Image.open(io.BytesIO(answer.content))
        assert picture.size == (SIZE_PX, SIZE_PX)
        assert len(picture.getcolors(1 << 20)) > 50


@pytest.mark.django_db(transaction=True)
class TestMeasuring:
    @pytest.fixture
    def child(self, monkeypatch):
        """A child that leaves what it would have measured."""

        def run(command, pictures, out, asked, on_progress):
            assert command == "mri-measure"
            assert (pictures / T2).exists()
            assert json.loads(asked)["clicks"]["left"]["root_exit"] == list(ROOT_EXIT)
            on_progress(0.5)
            told = {"version": "0", "snr": 25.0, "has_tof": True, "doubts": [],
                    "sides": {"left": found()}}  # fmt: skip
            (out / FOUND).write_text(json.dumps(told))
            (out / "nerves.mz3").write_bytes(b"tubes")
            return {"done": True}

        monkeypatch.setattr(measuring, "run_child", run)

    def test_the_job_keeps_numbers_and_surfaces(self, browser, patient, doctor, child):
        study = kept(patient, doctor)
        Study.objects.filter(pk=study.pk).update(measured_at=None)
        browser.post(reverse("mri-points", args=[study.pk]), POINTS | {"measure": "1"})
        study.refresh_from_db()
        assert study.state == State.WAITING
        state = reverse("mri-state", args=[study.pk])
        assert "Waiting to be measured" in said(browser.get(state, headers={"HX-Request": "true"}))
        worker.run(claim(VIDEO))
        study = Study.objects.get()
        assert study.state == State.MEASURED
        assert browser.get(state, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
        tubes = browser.get(reverse("mri-file-nerves", args=[study.pk]))
        assert b"".join(tubes.streaming_content) == b"tubes"
        page = said(browser.get(reverse("mri-study", args=[study.pk])))
        assert "it touches the nerve, where the nerve is attached to the pons" in page
        assert "-0.26 mm (95 % interval -0.39 to -0.13)" in page
        assert page.count("research software, not a medical device") == 1

    def test_it_is_not_asked_for_twice(self, patient, doctor):
        study = kept(patient, doctor)
        for _ in range(2):
            actions.ask_to_measure(Study.objects.get(pk=study.pk), by=doctor)
        assert claim(VIDEO) is not None
        assert claim(VIDEO) is None

    def test_a_refusal_is_told(self, browser, patient, doctor, monkeypatch):
        from hemiface_clinic.recordings.runner import RefusedError

        def refuse(*_, **__):
            raise RefusedError("The nerve must be seen; it is not. Click again.")

        monkeypatch.setattr(measuring, "run_child", refuse)
        study = kept(patient, doctor)
        actions.ask_to_measure(study, by=doctor)
        worker.run(claim(VIDEO))
        page = said(browser.get(reverse("mri-study", args=[study.pk])))
        assert "The nerve must be seen; it is not. Click again." in page

    def test_a_doubt_that_refuses_takes_the_numbers_away(self, browser, patient, doctor):
        study = kept(patient, doctor, is_refused=True, conflict=None, profile=[])
        page = said(browser.get(reverse("mri-study", args=[study.pk])))
        assert "for the reason below no number is given" in page
        assert "95 % interval" not in page.split("What was measured")[1]

    def test_the_drawing_knows_the_place_of_each_point(self):
        drawn = profile_of("left", found(), None)
        places = json.loads(drawn.places)
        assert len(places) == len(found()["profile"])
        assert min(places, key=lambda row: -row[1])[:2] == list(drawn.nearest)


class TestReport:
    def test_what_was_measured_is_proposed_but_never_that_there_is_no_tumour(self, patient, doctor):
        study = kept(patient, doctor)
        assert proposed(study) == {
            "sequences": ["t2_3d", "tof"], "left-conflict": "yes", "left-segment": "attached",
            "left-vessel": "small_artery", "left-deformity": "none",
        }  # fmt: skip

    def test_a_mass_is_proposed_as_unsure(self, patient, doctor):
        mass = {"place": [20.0, 1.0, -2.0], "diameter_mm": 6.2, "volume_ml": 0.1}
        fields = proposed(kept(patient, doctor, masses=[mass]))
        assert fields["tumour"] == "unsure"
        assert "6 mm" in fields["tumour_words"]

    @pytest.mark.parametrize(
        ("grade", "grades", "deformity"), [(3, [3], "indented"), (1, [0, 1], "unsure")]
    )
    def test_a_sure_degree_becomes_a_deformity(self, patient, doctor, grade, grades, deformity):
        study = kept(patient, doctor, conflict=conflict(grade=grade, grades=grades))
        assert proposed(study)["left-deformity"] == deformity

    def test_a_draft_is_the_doctors_and_a_signed_report_the_patients_too(
        self, browser, patient, doctor, logged_in
    ):
        study = kept(patient, doctor)
        url, read = (reverse(name, args=[study.pk]) for name in ("mri-report", "mri-report-read"))
        typed = {"number": "0", "sequences": ["t2_3d", "tof"], "left-conflict": "yes",
                 "tumour": "no", "left-segment": "cisternal", "conclusion": "A loop."}  # fmt: skip
        browser.post(url, typed)
        theirs = logged_in(patient.user)
        assert theirs.get(read).status_code == 404
        browser.post(url, typed | {"number": "1", "sign": "1"})
        report = Report.objects.get(signature__isnull=False)
        assert report.signature == "Doctor"
        assert report.contents["measured"] == ["left-conflict", "sequences"]
        page = said(theirs.get(read))
        assert "On the left side the doctor sees a vessel that touches the nerve" in page
        assert "A loop." in page
        assert "Segment" not in page
        assert "Segment, left" in said(browser.get(read))
        assert "MRI: the doctor&#x27;s report" in said(theirs.get(reverse("home-of-user")))

    def test_what_is_signed_lacks_nothing(self, browser, patient, doctor):
        study = kept(patient, doctor)
        answer = browser.post(reverse("mri-report", args=[study.pk]), {"number": "0", "sign": "1"})
        assert answer.status_code == 422
        assert "must have a conclusion" in said(answer)
        assert not Report.objects.exists()

    def test_a_signed_report_is_amended_by_a_new_version_and_holds_until_then(
        self, browser, patient, doctor
    ):
        study = kept(patient, doctor)
        signed(study, doctor)
        url, read = (reverse(name, args=[study.pk]) for name in ("mri-report", "mri-report-read"))
        amended = {"number": "1", "sequences": ["tof"], "conclusion": "No loop after all."}
        browser.post(url, amended)
        assert "A loop." in said(browser.get(read))
        browser.post(url, amended | {"number": "2", "sign": "1"})
        assert "No loop after all." in said(browser.get(read))
        assert Report.objects.count() == 3

    def test_of_two_who_write_the_same_version_the_second_is_told(self, browser, patient, doctor):
        study = kept(patient, doctor)
        signed(study, doctor)
        answer = browser.post(reverse("mri-report", args=[study.pk]), {"number": "0"})
        assert answer.status_code == 422
        assert "Somebody else wrote a version meanwhile" in said(answer)

    def test_it_stands_beside_the_course(self, browser, patient, doctor):
        signed(kept(patient, doctor), doctor)
        page = said(browser.get(reverse("course", args=[patient.pk])))
        assert "MRI: the doctor" in page
        assert page.count('class="mark"') == 2  # in the wide drawing and in the narrow one


class TestRequest:
    def test_it_asks_for_the_right_sequences(self, browser, patient):
        page = said(browser.get(reverse("mri-request", args=[patient.pk])))
        for words in ("Asha Rao", "CISS, FIESTA, DRIVE or SPACE", "0.6 mm", "uncompressed"):
            assert words in page

    def test_it_is_there_as_pdf(self, browser, patient):
        answer = browser.get(reverse("mri-request-pdf", args=[patient.pk]))
        assert answer.content.startswith(b"%PDF")


class TestLeaving:
    def test_everything_is_handed_over_and_erased(
        self, patient, doctor, django_capture_on_commit_callbacks
    ):
        study = kept(patient, doctor)
        signed(study, doctor)
        person = person_of(patient)
        held = everything_about(person)
        assert held["MRI"][0]["day"] == ON.isoformat()
        assert held["reports on the MRI"][0]["contents"]["conclusion"] == "A loop."
        packed = io.BytesIO()
        pack_everything_about(person, packed)
        assert f"mri/{study.pk}/t2.nii.gz" in zipfile.ZipFile(packed).namelist()
        with django_capture_on_commit_callbacks(execute=True):
            erase(person, by=doctor)
        assert not Study.objects.exists()
        assert list(files_of(study.pk)) == []

    def test_deleting_takes_the_files_along(
        self, browser, patient, doctor, django_capture_on_commit_callbacks
    ):
        study = kept(patient, doctor)
        with django_capture_on_commit_callbacks(execute=True):
            browser.post(reverse("mri-delete", args=[study.pk]))
        assert list(files_of(study.pk)) == []
        assert Event.objects.filter(action="mri.delete").exists()

    def test_files_of_a_crash_are_forgotten_and_others_are_not(self, patient, doctor):
        import os
        import time
        from uuid import uuid4

        study = kept(patient, doctor)
        stray = folder() / f"{uuid4()}.t2.nii.gz.sealed"
        stray.write_bytes(b"left")
        os.utime(stray, (time.time() - 7200, time.time() - 7200))
        assert actions.forget_strays() == 1
        assert len(list(files_of(study.pk))) == 7

    def test_every_look_is_noted(self, browser, patient, doctor):
        study = kept(patient, doctor)
        for name in ("mri-study", "mri-file-t2", "mri-page", "mri-axial", "mri-report"):
            browser.get(reverse(name, args=[study.pk]))
        noted = set(Event.objects.filter(patient=str(patient.pk)).values_list("action", flat=True))
        assert {"mri.read", "mri.file", "mri.page", "mri.section", "mri.report"} <= noted

    def test_a_nurse_of_the_patient_sees_nothing_of_it(self, patient, doctor, nurse, logged_in):
        from hemiface_clinic.people.actions import add_to_team

        study = kept(patient, doctor)
        add_to_team(patient, nurse, by=doctor)
        assert nurse.role == Role.NURSE
        assert logged_in(nurse).get(reverse("mri-study", args=[study.pk])).status_code == 404


class TestMade:
    """What the child makes of a measurement for the viewer."""

    def test_a_tube_is_closed_and_as_wide_as_it_should_be(self):
        line = np.column_stack([np.linspace(0.0, 10.0, 21), np.zeros(21), np.zeros(21)])
        corners, faces = tube(line, np.full(21, 0.5))
        around = np.linalg.norm(corners[:-2, 1:], axis=1)
        assert around == pytest.approx(0.5)
        sides = Counter(
            tuple(sorted(pair)) for a, b, c in faces for pair in ((a, b), (b, c), (c, a))
        )
        assert set(sides.values()) == {2}  # each edge belongs to two triangles: no hole

    def test_surfaces_are_written_in_ras(self, tmp_path):
        line = np.array([[1.0, 2.0, 3.0], [1.0, 2.0, 4.0]])
        write_tubes(tmp_path / "a.mz3", [(line, np.full(2, 0.1))])
        content = (tmp_path / "a.mz3").read_bytes()
        assert content[:2] == b"MZ"
        n_faces, n_corners = np.frombuffer(content[4:12], "<u4")
        corners = np.frombuffer(content[16 + 12 * n_faces :], "<f4").reshape(n_corners, 3)
        assert corners[-2:].tolist() == [[-1.0, -2.0, 3.0], [-1.0, -2.0, 4.0]]
