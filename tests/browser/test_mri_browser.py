"""The MRI in a real browser: sent, clicked, measured, seen in 3D, reported; and without WebGL2."""

import io
import math
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from clinic.mri_story import MEATUS, ON, ROOT_EXIT, kept, loop, signed
from conftest import FLAGS
from hemiface_clinic.jobs import worker
from hemiface_clinic.jobs.actions import VIDEO, claim
from hemiface_clinic.people.actions import add_patient, add_user, give_second_factor
from hemiface_clinic.people.models import Patient, Role, User

AXE = Path(__file__).parents[2] / "islands/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE, DESK = (360, 740), (1280, 900)
WORDS = "correct horse battery staple"
WEBGL = ("--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist")
READY = "mri-viewer[data-ready]"

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@dataclass(frozen=True)
class Clinic:
    """A running site, with one patient of one doctor."""

    url: str
    doctor: User
    patient: Patient


def _started(playwright, *more: str):
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("needs Chromium")
    flags = [flag for flag in FLAGS if "headless" not in flag and "disable-gpu" not in flag]
    return playwright.chromium.launch(executable_path=path, args=[*flags, *more])


@pytest.fixture(scope="module")
def browsers():
    """A browser with WebGL2, and one without."""
    from playwright.sync_api import sync_playwright

    # Playwright runs its own loop in this thread; the database is asked from it all the same.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        started = {
            True: _started(playwright, *WEBGL),
            False: _started(playwright, "--disable-3d-apis"),
        }
        yield started
        for one in started.values():
            one.close()


@pytest.fixture
def clinic(browsers, transactional_db, live_server) -> Clinic:
    doctor = add_user("doctor@clinic.example", "Dr. Demo", Role.DOCTOR, WORDS)
    give_second_factor(doctor)
    patient = add_patient("Asha Rao", "asha@home.example", "+919534200013", by=doctor)
    patient.user = add_user("asha@home.example", "Asha Rao", Role.PATIENT, WORDS)
    patient.save()
    return Clinic(live_server.url, doctor, patient)


@pytest.fixture
def visit(clinic, browsers):
    """Open a page as somebody; whatever the page complains about fails the test."""
    contexts, troubles = [], []

    def open_page(path: str, user: User, size=DESK, *, webgl: bool = True, **options):
        context = browsers[webgl].new_context(
            viewport={"width": size[0], "height": size[1]}, **options
        )
        contexts.append(context)
        client = Client()
        client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
        context.add_cookies(
            [{"name": "session", "value": client.cookies["session"].value, "url": clinic.url}]
        )
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda said: _note(said, troubles))
        page.goto(clinic.url + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert troubles == []


def _note(said, troubles: list[str]) -> None:
    if "Content Security Policy" in said.text or "Content-Security-Policy" in said.text:
        troubles.append(said.text)


def look(page, name: str) -> None:
    """Leave a picture for people, where they name a folder."""
    if folder := os.environ.get("HEMIFACE_SCREENSHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def picture(page) -> bytes:
    return page.locator("mri-viewer canvas").screenshot()


def n_colours(page) -> int:
    """How many colours the pictures have: a few where the canvas is blank."""
    return len(Image.open(io.BytesIO(picture(page))).convert("RGB").getcolors(1 << 24))


def axe(page) -> list[tuple[str, str]]:
    page.evaluate(AXE.read_text("utf-8"))
    told = page.evaluate("rules => axe.run({runOnly: rules})", RULES)
    return [(one["id"], one["nodes"][0]["html"][:160]) for one in told["violations"]]


@pytest.mark.slow
def test_a_loop_is_sent_clicked_measured_seen_and_reported(clinic, visit):
    page = visit(reverse("mri", args=[clinic.patient.pk]), clinic.doctor)
    page.get_by_label("Day of the MRI").fill(ON.isoformat())
    page.get_by_label("Heavy T2").set_input_files(loop() / "t2.nii.gz")
    page.get_by_label("TOF angiography").set_input_files(loop() / "tof.nii.gz")
    look(page, "1-send")
    page.get_by_role("button", name="Send and read").click()
    page.wait_for_selector(READY)
    look(page, "2-read")
    place_the_points(page)
    page.get_by_role("button", name="Keep the points and measure").click()
    page.wait_for_selector("#mri-state [role=status]")
    worker.run(claim(VIDEO))
    page.get_by_role("heading", name="Left (the person's own)").wait_for()
    page.wait_for_selector(READY)
    assert (
        "it touches the nerve, where the nerve is attached"
        in page.locator(".mri-side").inner_text()
    )
    see_it_in_3d(page)
    follow_the_curve(page)
    write_the_report(page)
    page = visit(reverse("home-of-user"), clinic.patient.user, PHONE)
    page.get_by_role("link", name="MRI: the doctor's report").click()
    assert "vessel that touches the nerve of the face" in page.locator("main").inner_text()
    look(page, "7-patient")


def place_the_points(page) -> None:
    """One with the keyboard, where the crosshair is; the other by a click that is then mended."""
    page.get_by_role("button", name="Set Root exit, left").click()
    page.evaluate("place => { document.querySelector('mri-viewer').place = place }", ROOT_EXIT)
    page.locator("mri-viewer canvas").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    assert distance(page.get_by_label("Root exit, left").input_value(), ROOT_EXIT) < 0.2
    page.get_by_role("button", name="Axial", exact=True).click()
    clicked = page.get_by_label("Entrance of the meatus, left")
    proposed = clicked.input_value()
    assert distance(proposed, MEATUS) < 3.0
    page.get_by_role("button", name="Set Entrance of the meatus, left").click()
    box = page.locator("mri-viewer canvas").bounding_box()
    page.mouse.click(box["x"] + 0.6 * box["width"], box["y"] + 0.5 * box["height"])
    assert clicked.input_value() != proposed
    page.get_by_role("button", name="Undo Entrance of the meatus, left").click()
    assert clicked.input_value() == proposed
    clicked.fill(", ".join(f"{one:.2f}" for one in MEATUS))


def see_it_in_3d(page) -> None:
    look(page, "3-measured")
    blank = 10
    assert n_colours(page) > blank
    page.get_by_role("button", name="3D", exact=True).click()
    assert n_colours(page) > blank
    look(page, "4-solid")
    with_nerve = picture(page)
    page.get_by_label("Facial nerve").uncheck()
    assert picture(page) != with_nerve
    page.get_by_label("Facial nerve").check()
    page.get_by_role("button", name="Planes and 3D").click()


def follow_the_curve(page) -> None:
    """A click on the curve, and the slider's keys, move the crosshair along the nerve."""
    told = page.locator("[data-told]")
    before = told.inner_text()
    page.locator("[data-profile] svg").click(position={"x": 300, "y": 90})
    clicked = told.inner_text()
    assert clicked != before
    page.get_by_label("Place along the nerve").focus()
    page.keyboard.press("ArrowLeft")
    assert told.inner_text() != clicked


def write_the_report(page) -> None:
    page.get_by_role("link", name="Write the report").click()
    tags = page.get_by_text("As measured", exact=True)
    n_measured = tags.locator("visible=true").count()
    assert n_measured >= 4
    assert not page.get_by_role("group", name="Tumour").get_by_label("No", exact=True).is_checked()
    page.get_by_label("Vessel, left").select_option(label="AICA")
    assert tags.locator("visible=true").count() == n_measured - 1
    page.get_by_role("group", name="Tumour").get_by_label("Unsure").check()
    page.get_by_label("Conclusion").fill("A loop on the root exit zone.")
    look(page, "5-report")
    page.get_by_role("button", name="Sign").click()
    page.get_by_text("Signed by Dr. Demo").wait_for()
    look(page, "6-signed")


def test_without_webgl_sections_and_numbers_do(clinic, visit):
    study = kept(clinic.patient, clinic.doctor)
    page = visit(reverse("mri-study", args=[study.pk]), clinic.doctor, webgl=False)
    assert page.get_by_text("This browser shows no 3D").is_visible()
    shown = page.get_by_label("Place shown")
    assert shown.input_value() == "13.46, -0.67, -6.54"
    sections = page.locator(".sections input[type='image']")
    assert sections.count() == 3
    look(page, "8-sections")
    box = sections.first.bounding_box()
    page.mouse.click(box["x"] + box["width"] - 60, box["y"] + box["height"] / 2)
    page.wait_for_url("**axial.x=**")
    moved = page.get_by_label("Place shown").input_value()
    assert float(moved.split(",")[0]) > 20
    page.get_by_role("button", name="Set Entrance of the meatus, left").click()
    assert page.get_by_label("Entrance of the meatus, left").input_value() == moved
    page.get_by_role("button", name="Keep the points", exact=True).click()
    page.get_by_text("The points are kept").wait_for()


def test_without_javascript_it_is_all_there(clinic, visit):
    study = kept(clinic.patient, clinic.doctor)
    page = visit(reverse("mri-study", args=[study.pk]), clinic.doctor, java_script_enabled=False)
    assert page.locator(".sections input[type='image']").count() == 3
    page.get_by_role("button", name="Set Root exit, right").click()
    assert page.get_by_label("Root exit, right").input_value() == "13.46, -0.67, -6.54"
    page.get_by_text("The same as a table").click()
    row = page.locator(".mri-side tbody a").first
    place = row.inner_text().replace(",", ", ")
    row.click()
    page.wait_for_url("**place=**")
    assert page.get_by_label("Place shown").input_value() == place


@pytest.mark.parametrize(
    ("size", "scheme", "names"),
    [
        (PHONE, "light", ("mri-study", "mri-report-read", "course")),
        (DESK, "dark", ("mri-study", "mri", "mri-report", "mri-request")),
    ],
)
def test_every_page_fits_and_can_be_read_by_everybody(clinic, visit, size, scheme, names):
    study = kept(clinic.patient, clinic.doctor)
    signed(study, clinic.doctor)
    found = []
    for name in names:
        is_of_patient = name in {"mri", "mri-request", "course"}
        user = clinic.patient.user if name == "mri-report-read" else clinic.doctor
        key = clinic.patient.pk if is_of_patient else study.pk
        page = visit(reverse(name, args=[key]), user, size, color_scheme=scheme)
        if name == "mri-study":
            page.wait_for_selector(READY)
        look(page, f"9-{name}-{size[0]}")
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], name
        found += [(name, *one) for one in axe(page)]
    assert found == []


def distance(text: str, place) -> float:
    return math.dist([float(one) for one in text.split(",")], place)
