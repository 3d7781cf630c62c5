"""Recording at home in a real browser, before a camera that shows a simulated patient."""

import gzip
import io
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import av
import numpy as np
import pytest
from django.test import Client
from django.urls import reverse

from conftest import FLAGS
from hemiface.pipeline import simulate_video
from hemiface.source.points import read_points
from hemiface_clinic.jobs import actions as jobs
from hemiface_clinic.jobs import worker
from hemiface_clinic.people.actions import add_patient, add_user, give_consent, give_second_factor
from hemiface_clinic.people.models import Patient, Role
from hemiface_clinic.people.purposes import PURPOSES
from hemiface_clinic.recordings.models import Recording
from hemiface_clinic.site.headers import WORKER_POLICY
from hemiface_clinic.uploads.models import Upload
from hemiface_clinic.uploads.parts import read_parts

AXE = Path(__file__).parents[2] / "islands/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE, DESK = (360, 740), (1280, 900)
WORDS = "correct horse battery staple"
VIDEO = next(purpose for purpose in PURPOSES if purpose.name == "video")
SECONDS, N_TASKS = 4, 2
FILM_S, N_SPASMS = 12.0, 8  # of the film that the camera shows

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@dataclass(frozen=True)
class Clinic:
    """A running site, with a patient who agrees to recordings."""

    url: str
    patient: Patient

    @property
    def recorder(self) -> str:
        return self.url + reverse("guided", args=[self.patient.pk])


@pytest.fixture(scope="module")
def film(tmp_path_factory) -> Path:
    """What the camera sees: twelve seconds of a simulated patient, again and again; 1280 by 720."""
    folder = tmp_path_factory.mktemp("camera")
    simulate_video(folder / "a.mp4", seed=7041, duration_s=FILM_S, size=720, severity="severe")
    with av.open(folder / "a.mp4") as clip, (folder / "a.mjpeg").open("wb") as out:
        for frame in clip.decode(video=0):
            out.write(_widened(frame.to_ndarray(format="rgb24")))
    return folder / "a.mjpeg"


def _widened(image) -> bytes:
    from PIL import Image

    side = (1280 - image.shape[1]) // 2
    wide = np.pad(image, ((0, 0), (side, side), (0, 0)), mode="edge")
    buffer = io.BytesIO()
    Image.fromarray(wide).save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def browser(film):
    from playwright.sync_api import sync_playwright

    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("needs Chromium")
    camera = (
        "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    )  # fmt: skip
    flags = [flag for flag in FLAGS if "headless" not in flag]
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright runs a loop in this thread
        started = playwright.chromium.launch(executable_path=found, args=[*flags, *camera])
        yield started
        started.close()


@pytest.fixture
def clinic(settings, tmp_path, transactional_db, live_server) -> Clinic:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    doctor = add_user("doctor@clinic.example", "Dr. Demo", Role.DOCTOR, WORDS)
    give_second_factor(doctor)
    patient = add_patient("Asha Rao", "asha@home.example", "+919534200013", by=doctor)
    patient.user = add_user("asha@home.example", "Asha Rao", Role.PATIENT, WORDS)
    patient.save()
    give_consent(patient, VIDEO, by=patient.user)
    return Clinic(live_server.url, patient)


@dataclass
class Visitor:
    """A patient's browser; what it asked for, and what its pages complained of."""

    context: object
    clinic: Clinic
    asked: list
    troubles: list

    def open(self):
        page = self.context.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("console", self._note)
        page.goto(self.clinic.recorder)
        page.wait_for_selector("guided-recorder[data-ready]")
        return page

    def _note(self, said) -> None:
        if "Content Security Policy" in said.text or "Content-Security-Policy" in said.text:
            self.troubles.append(said.text)

    @property
    def bodies(self) -> list[tuple[str, bytes]]:
        """Everything that left the browser with a body."""
        return [(one.method, one.post_data_buffer) for one in self.asked if one.post_data_buffer]


@pytest.fixture
def visit(clinic, browser):
    """Come as the patient; at the end nothing foreign was asked for and nothing complained."""
    visitors = []

    def come(size=PHONE, **options) -> Visitor:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            permissions=["camera", "microphone"], **options,
        )  # fmt: skip
        client = Client()
        client.force_login(
            clinic.patient.user, "allauth.account.auth_backends.AuthenticationBackend"
        )
        cookie = {"name": "session", "value": client.cookies["session"].value, "url": clinic.url}
        context.add_cookies([cookie])
        visitor = Visitor(context, clinic, [], [])
        context.on("request", lambda one: visitor.asked.append(one))
        context.route("**/record-worker*.js", _with_policy)
        visitors.append(visitor)
        return visitor

    yield come
    for one in visitors:
        one.context.close()
    assert [trouble for one in visitors for trouble in one.troubles] == []
    places = {urlsplit(asked.url)[:2] for one in visitors for asked in one.asked}
    ours = {("http", urlsplit(clinic.url).netloc), ("blob", ""), ("data", "")}
    assert places <= ours


def _with_policy(route) -> None:
    """The worker under the policy that its file is served with, outside of tests by WhiteNoise."""
    answer = route.fetch()
    headers = {**answer.headers, "content-security-policy": WORKER_POLICY}
    route.fulfill(response=answer, headers=headers)


def look(page, name: str) -> None:
    """Leave a picture for people, where they name a folder."""
    if folder := os.environ.get("HEMIFACE_SCREENSHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def shorten(page, seconds: int = SECONDS) -> None:
    """Two tasks of a few seconds, in place of eleven."""
    page.evaluate(
        """([n, seconds]) => document.querySelectorAll('[data-protocol] li').forEach((one, i) =>
        i < n ? one.dataset.seconds = seconds : one.remove())""",
        [N_TASKS, seconds],
    )


def turn_on(page) -> None:
    page.get_by_role("button", name="Turn on the camera").click()
    page.get_by_role("heading", name="Place your face").wait_for()


def record(page) -> None:
    """Record all tasks, and wait until they are over."""
    shorten(page)
    turn_on(page)
    page.get_by_role("button", name="Start the guided recording").click()
    page.get_by_role("heading", name="Send to the clinic").wait_for()


def n_kept(page) -> dict[str, int]:
    """How many recordings and parts lie in the browser."""
    return page.evaluate(
        """() => new Promise((resolve) => { const request = indexedDB.open('recordings');
        request.onsuccess = () => { const base = request.result, found = {};
          const names = ['takes', 'parts'].filter((one) => base.objectStoreNames.contains(one));
          const transaction = base.transaction(names);
          for (const name of names) transaction.objectStore(name).count().onsuccess =
            (event) => (found[name] = event.target.result);
          transaction.oncomplete = () => { base.close(); resolve(found); } } })"""
    )


def arrived() -> tuple[Recording, bytes]:
    """The one recording that the clinic has, and its bytes."""
    recording = Recording.objects.get()
    return recording, b"".join(read_parts(Upload.objects.get(pk=recording.pk).names))


def measured(recording: Recording, page, clinic: Clinic) -> None:
    """Measure it as the worker does, and read what the patient is told.

    How near the rate comes to the truth is for benchmarks/home.py: a busy computer drops frames.
    """
    points_fps = page.locator('[data-step="send"]').get_attribute("data-fps")
    worker.run(jobs.claim(jobs.VIDEO))
    recording.refresh_from_db()
    assert recording.summary.affected_side == "left"
    assert recording.summary.n_spasms >= 4
    page.goto(clinic.url + reverse("recording", args=[recording.pk]))
    assert page.get_by_text("They are on your left.").is_visible()
    assert page.locator("figure.clip video").evaluate("film => film.readyState > 0 || film.src")
    assert check(page, f"10-found-{recording.kind}", PHONE) == []
    if folder := os.environ.get("HEMIFACE_MEASURED"):
        told = {"kind": recording.kind, "rate_per_min": recording.summary.rate_per_min,
                "truth_per_min": 60 * N_SPASMS / FILM_S, "n": recording.summary.n_spasms,
                "seconds": recording.summary.observed_s,
                "fps": recording.result["recording"]["rate_hz"],
                "points_fps": float(points_fps) if points_fps else None}  # fmt: skip
        (Path(folder) / f"{recording.kind}-{recording.pk}.json").write_text(json.dumps(told))


def n_frames(film: bytes) -> int:
    with av.open(io.BytesIO(film)) as file:
        return sum(1 for _ in file.decode(video=0))


def test_the_camera_is_explained_then_the_video_recorded_and_sent(clinic, visit):
    visitor = visit()
    page = visitor.open()
    assert page.get_by_text("your browser asks whether this page may use").is_visible()
    assert page.locator("video[data-preview]").is_hidden()
    shorten(page)
    turn_on(page)
    page.get_by_text("Good. Stay like this, and start.").wait_for()
    look(page, "1-look")
    page.get_by_role("button", name="Start the guided recording").click()
    page.get_by_role("heading", name="Rest").wait_for()
    look(page, "2-record")
    page.wait_for_timeout(2500)
    assert n_kept(page)["parts"] >= 1  # while it goes on, not at its end
    page.get_by_role("heading", name="Send to the clinic").wait_for()
    look(page, "3-send")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_role("heading", name="The clinic has it").wait_for()
    look(page, "4-done")
    recording, data = arrived()
    assert recording.kind == "video"
    assert recording.take["mirrored"] is False
    spans = recording.take["tasks"]
    assert [one["task"] for one in spans] == ["rest", "eye_closure"]
    assert all(abs(one["end_s"] - one["start_s"] - SECONDS) < 1.0 for one in spans)
    assert spans[0]["end_s"] < spans[1]["start_s"]
    assert n_frames(data) > 60
    assert n_kept(page) == {"takes": 0, "parts": 0}
    measured(recording, page, clinic)


def test_points_only_sends_no_pixel(clinic, visit):
    visitor = visit()
    page = visitor.open()
    record(page)
    page.get_by_label("Points only").check()
    page.evaluate("window.beats = 0; setInterval(() => (window.beats += 1), 50)")
    page.evaluate("window.started = performance.now()")
    page.get_by_role("button", name="Send", exact=True).click()
    page.locator("[data-told]", has_text="Finding the points").wait_for()
    look(page, "5-points")
    page.get_by_role("heading", name="The clinic has it").wait_for()
    gone_ms, beats = page.evaluate("[performance.now() - window.started, window.beats]")
    assert beats > 0.5 * gone_ms / 50  # the page was never blocked for long
    recording, data = arrived()
    assert recording.kind == "points"
    sent = [body for method, body in visitor.bodies if method == "PATCH"]
    assert b"".join(sent) == data
    assert {method for method, body in visitor.bodies} == {"PATCH"}
    header, _, frames = gzip.decompress(data).partition(b"\n")
    said = json.loads(header)
    assert said["schema"] == "hemiface.points/1"
    assert len(frames) == said["n_frames"] * (2 + 3 * 478) * 4
    assert [one["task"] for one in said["tasks"]] == ["rest", "eye_closure"]
    kept = clinic_file(data)
    assert np.isfinite(kept.points.places_px).mean() > 0.9
    assert (kept.points.width, kept.points.height) == (1280, 720)
    assert n_kept(page) == {"takes": 0, "parts": 0}
    measured(recording, page, clinic)


def clinic_file(data: bytes):
    """Read points as the clinic does."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "a.points").write_bytes(data)
        return read_points(Path(folder) / "a.points")


def test_a_reload_loses_nothing_and_it_goes_on_where_it_was(clinic, visit):
    page = visit().open()
    shorten(page)
    turn_on(page)
    page.get_by_role("button", name="Start the guided recording").click()
    page.get_by_role("heading", name="Close your eyes gently").wait_for()
    page.wait_for_timeout(2500)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.wait_for_selector("guided-recorder[data-ready]")
    assert page.get_by_role("heading", name="Not sent yet").is_visible()
    look(page, "6-kept")
    shorten(page)
    page.get_by_role("button", name="Go on recording").click()
    page.get_by_role("button", name="Start the guided recording").click()
    page.get_by_role("heading", name="Close your eyes gently").wait_for()
    page.get_by_role("button", name="Stop here and keep what is recorded").click()
    page.get_by_role("heading", name="Send to the clinic").wait_for()
    page.get_by_role("button", name="Later").click()
    rows = page.locator("[data-kept-list] li")
    assert rows.count() == 2
    rows.first.get_by_role("button", name="Send").click()
    page.get_by_role("heading", name="Send to the clinic").wait_for()
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_role("heading", name="The clinic has it").wait_for()
    recording, data = arrived()
    assert recording.take["tasks"][0]["task"] == "rest"
    assert n_frames(data) > 60
    assert n_kept(page)["takes"] == 1


def test_a_lost_connection_is_waited_for_and_a_reload_goes_on(clinic, visit, tmp_path):
    visitor = visit()
    page = visitor.open()
    data = np.random.default_rng([7041, 9]).bytes(12_000_000)
    (tmp_path / "film.mp4").write_bytes(data)
    page.get_by_label("A film of your face").set_input_files(tmp_path / "film.mp4")
    page.context.route("**/recordings/sent/**", _lose_after(1))
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_text("There is no connection now").wait_for()
    look(page, "7-waiting")
    assert Upload.objects.get().offset == 5_000_000
    page.on("dialog", lambda dialog: dialog.accept())
    page.context.unroute("**/recordings/sent/**")
    page.reload()
    page.wait_for_selector("guided-recorder[data-ready]")
    page.get_by_label("A film of your face").set_input_files(tmp_path / "film.mp4")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_role("heading", name="The clinic has it").wait_for()
    assert arrived()[1] == data
    sent = [len(body) for method, body in visitor.bodies if method == "PATCH"]
    assert sum(sent[-2:]) == 7_000_000


def _lose_after(n: int):
    """Let so many parts pass, then none."""
    passed = []

    def handle(route) -> None:
        if route.request.method == "PATCH" and len(passed) < n:
            passed.append(route)
            route.continue_()
        else:
            route.abort("internetdisconnected")

    return handle


def test_sending_is_cancelled_and_the_clinic_keeps_nothing(clinic, visit, tmp_path):
    page = visit().open()
    (tmp_path / "film.mp4").write_bytes(bytes(12_000_000))
    page.get_by_label("A film of your face").set_input_files(tmp_path / "film.mp4")
    page.context.route("**/recordings/sent/**", _lose_after(1))
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_text("There is no connection now").wait_for()
    page.context.unroute("**/recordings/sent/**")
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("Cancelled. Nothing was kept by the clinic").wait_for()
    page.wait_for_timeout(1000)
    assert Upload.objects.count() == 0


def test_a_spasm_is_caught_with_one_tap_across_pieces(clinic, visit):
    page = visit().open()
    page.clock.install()
    turn_on(page)
    page.get_by_role("button", name="Catch a spasm instead").click()
    page.wait_for_timeout(3000)
    page.clock.run_for(31_000)  # the next piece begins
    page.wait_for_timeout(3000)
    look(page, "8-catch")
    page.get_by_role("button", name="There was a spasm: save it").click()
    page.get_by_role("heading", name="Send to the clinic").wait_for()
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_role("heading", name="The clinic has it").wait_for()
    recording, data = arrived()
    assert recording.take["tasks"] == []
    with av.open(io.BytesIO(data)) as file:
        times = [float(frame.time) for frame in file.decode(video=0)]
    assert (np.diff(times) > 0).all()
    assert len(times) > 60


def test_a_full_device_is_told_and_what_there_is_stays(clinic, visit):
    page = visit().open()
    shorten(page, 60)
    turn_on(page)
    tools = page.context.new_cdp_session(page)
    tools.send("Storage.overrideQuotaForOrigin", {"origin": clinic.url, "quotaSize": 1_500_000})
    page.get_by_role("button", name="Start the guided recording").click()
    page.get_by_text("This device had no more room").wait_for()
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_role("heading", name="The clinic has it").wait_for()
    assert n_frames(arrived()[1]) > 20


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        ("NotAllowedError", "The camera was not allowed, and that is all right."),
        ("NotFoundError", "No camera was found on this device."),
        ("NotReadableError", "The camera is in use by another program."),
    ],
)
def test_without_a_camera_kind_words(clinic, visit, problem, words):
    visitor = visit()
    visitor.context.add_init_script(
        "navigator.mediaDevices.getUserMedia = () => "
        f"Promise.reject(new DOMException('no', '{problem}'))"
    )
    page = visitor.open()
    page.get_by_role("button", name="Turn on the camera").click()
    page.get_by_text(words).wait_for()
    assert page.get_by_label("A film of your face").is_visible()
    look(page, f"9-{problem}")


def test_without_webcodecs_only_the_video_can_be_sent(clinic, visit, tmp_path):
    visitor = visit()
    visitor.context.add_init_script("delete window.VideoDecoder")
    page = visitor.open()
    (tmp_path / "film.mp4").write_bytes(b"film")
    page.get_by_label("A film of your face").set_input_files(tmp_path / "film.mp4")
    page.get_by_text("This browser cannot find the points by itself").wait_for()
    assert page.get_by_label("Points only").is_disabled()
    assert page.get_by_label("The video").is_checked()


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "light"), (DESK, "dark")])
def test_every_step_fits_and_can_be_read_by_everybody(clinic, visit, size, scheme):
    visitor = visit(size, color_scheme=scheme, bypass_csp=True)
    page = visitor.open()
    found = check(page, "start", size)
    turn_on(page)
    page.get_by_text("Good. Stay like this, and start.").wait_for()
    found += check(page, "look", size)
    page.get_by_role("button", name="Catch a spasm instead").click()
    found += check(page, "catch", size)
    page.get_by_role("button", name="Stop without saving").click()
    turn_on(page)
    page.get_by_role("button", name="Start the guided recording").click()
    page.get_by_role("heading", name="Rest").wait_for()
    page.wait_for_timeout(3000)
    found += check(page, "record", size)
    for _ in range(6):
        page.get_by_role("button", name="Next").click()
    page.get_by_text("In the morning the market wakes").wait_for()
    found += check(page, "read", size)
    page.get_by_role("button", name="Stop here and keep what is recorded").click()
    page.get_by_role("heading", name="Send to the clinic").wait_for()
    found += check(page, "send", size)
    page.get_by_role("button", name="Later").click()
    page.get_by_role("heading", name="Not sent yet").wait_for()
    found += check(page, "kept", size)
    assert found == []


def check(page, name: str, size) -> list[tuple[str, str, str]]:
    look(page, f"{name}-{size[0]}")
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0], name
    page.evaluate(AXE.read_text("utf-8"))
    told = page.evaluate("rules => axe.run({runOnly: rules})", RULES)
    return [(name, one["id"], one["nodes"][0]["html"][:160]) for one in told["violations"]]
