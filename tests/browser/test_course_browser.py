"""History, scales and course in a real browser: keyboard, phone, no JavaScript, screen reader."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from clinic.scales_story import graded
from clinic.treatments_story import written
from conftest import FLAGS
from hemiface.records import Entry
from hemiface_clinic.diary import actions as diary
from hemiface_clinic.people.actions import add_patient, add_user, give_second_factor
from hemiface_clinic.people.models import Patient, Role, User
from hemiface_clinic.treatments.kinds import Kind

AXE = Path(__file__).parents[2] / "islands/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE, DESK = (360, 740), (1280, 900)
WORDS = "correct horse battery staple"

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@dataclass(frozen=True)
class Clinic:
    """A running site, with one patient of one doctor, and something of a course."""

    url: str
    doctor: User
    patient: Patient

    def page(self, name: str, query: str = "") -> str:
        """Address of a page about the patient."""
        return reverse(name, args=[self.patient.pk]) + query


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("needs Chromium")
    # Playwright runs its own loop in this thread; the database is asked from it all the same.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        started = playwright.chromium.launch(
            executable_path=path, args=[f for f in FLAGS if "headless" not in f]
        )
        yield started
        started.close()


@pytest.fixture
def clinic(browser, transactional_db, live_server) -> Clinic:
    doctor = add_user("doctor@clinic.example", "Dr. Demo", Role.DOCTOR, WORDS)
    give_second_factor(doctor)
    patient = add_patient("Asha Rao", "asha@home.example", "+919534200013", by=doctor)
    patient.user = add_user("asha@home.example", "Asha Rao", Role.PATIENT, WORDS)
    patient.save()
    for kind in (Kind.INJECTION, Kind.MEDICINE, Kind.OPERATION, Kind.SIDE_EFFECT):
        written(patient, kind, doctor)
    for value, month in ((80, 1), (20, 5)):
        graded(patient, value, by=patient.user, on=datetime(2026, month, 4, tzinfo=UTC).date())
    for day in range(40):
        at = datetime(2026, 2, 1, 18, tzinfo=UTC) + timedelta(days=day)
        diary.write(patient, Entry(at, burden=day % 9), uuid4(), by=patient.user)
    return Clinic(live_server.url, doctor, patient)


@pytest.fixture
def visit(clinic, browser):
    """Open a page as somebody; whatever the page complains about fails the test."""
    contexts, troubles = [], []

    def open_page(path: str, user: User, size=DESK, **options):
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **options)
        contexts.append(context)
        client = Client()
        client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
        context.add_cookies(
            [{"name": "session", "value": client.cookies["session"].value, "url": clinic.url}]
        )
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.goto(clinic.url + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert troubles == []


def shown(page) -> tuple[str, str]:
    told = page.locator("[data-drawing] [data-first]")
    return told.get_attribute("data-first"), told.get_attribute("data-last")


def after(page, before: tuple[str, str]) -> tuple[str, str]:
    """Wait until other days are shown."""
    told = f"[data-first='{before[0]}'][data-last='{before[1]}']"
    page.wait_for_selector(f"[data-drawing]:not(:has({told}))")
    return shown(page)


def test_the_course_is_read_with_the_keyboard_alone(clinic, visit):
    page = visit(clinic.page("course"), clinic.doctor)
    page.locator("[data-drawing]").focus()
    whole = shown(page)
    page.keyboard.press("+")
    closer = after(page, whole)
    assert whole[0] < closer[0] < closer[1] < whole[1]
    page.keyboard.press("Home")
    first = after(page, closer)
    assert first[0] == whole[0]
    page.keyboard.press("ArrowRight")
    later = after(page, first)
    assert later[0] > first[0]
    page.keyboard.press("End")
    last = after(page, later)
    assert last[1] == whole[1]
    page.keyboard.press("-")
    assert after(page, last) == whole
    assert page.evaluate("document.activeElement.hasAttribute('data-drawing')")


def test_treatments_are_reached_one_by_one_and_say_their_text(clinic, visit):
    page = visit(clinic.page("course"), clinic.doctor)
    page.locator("[data-drawing]").focus()
    told = []
    for _ in range(4):
        page.keyboard.press("Tab")
        told.append(page.locator("[data-told]").inner_text())
    assert "Botulinum toxin" in told[0]
    assert "Microvascular decompression" in told[1]
    assert len(set(told)) == 4
    whole = shown(page)
    page.keyboard.press("+")
    after(page, whole)
    assert page.evaluate("document.activeElement.hasAttribute('data-drawing')")


def test_every_press_counts_though_the_site_answers_later(clinic, visit):
    page = visit(clinic.page("course"), clinic.doctor)
    page.locator("[data-drawing]").focus()
    whole = shown(page)
    for key in ("+", "+", "Home", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    first = datetime.fromisoformat(whole[0])
    length = (datetime.fromisoformat(whole[1]) - first).days / 4
    wanted = (first + timedelta(days=int(length / 2))).date().isoformat()
    page.wait_for_selector(f"[data-drawing] [data-first='{wanted}']")


def test_what_is_drawn_is_read_aloud_on_the_same_line(clinic, visit):
    page = visit(clinic.page("course"), clinic.doctor)
    page.evaluate("window.line = document.querySelector('[data-drawing] [role=status]')")
    before = shown(page)
    page.get_by_role("button", name="3 months").click()
    after(page, before)
    assert page.evaluate("window.line.isConnected && window.line.textContent.startsWith('Shown:')")


def test_who_is_logged_out_meanwhile_is_asked_to_log_in(clinic, visit):
    page = visit(clinic.page("course"), clinic.doctor)
    page.context.clear_cookies()
    page.get_by_role("button", name="3 months").click()
    page.wait_for_url("**/account/login/**")


def test_buttons_choose_the_days_and_a_late_drawing_does_not_win(clinic, visit):
    page = visit(clinic.page("course"), clinic.doctor)
    whole = shown(page)
    page.get_by_role("button", name="3 months").click()
    quarter = after(page, whole)
    days = datetime.fromisoformat(quarter[1]) - datetime.fromisoformat(quarter[0])
    assert days.days == 91
    for name in ("Closer", "Wider", "Earlier", "Later", "1 year", "All"):
        page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_selector(f"[data-drawing] [data-first='{whole[0]}'][data-last='{whole[1]}']")


def test_another_measure_is_shown_and_the_table_says_the_same(clinic, visit):
    page = visit(clinic.page("course"), clinic.patient.user, PHONE)
    assert page.locator("#measure option").count() == 1
    page.get_by_text("The same as a table").click()
    row = page.locator(".course-table tr", has_text="Self rating").first
    assert "20" in row.inner_text()


@pytest.mark.parametrize(("size", "drawn"), [(PHONE, "narrow"), (DESK, "wide")])
def test_without_javascript_the_course_is_all_there(clinic, visit, size, drawn):
    page = visit(clinic.page("course"), clinic.doctor, size, java_script_enabled=False)
    assert page.locator(f".course-svg.{drawn} svg").is_visible()
    assert page.locator(".course-svg svg:visible").count() == 1
    assert page.locator("svg:visible").last.bounding_box()["width"] <= size[0]
    assert not page.locator(".course-tools").is_visible()
    assert page.locator("noscript").count() == 0
    page.get_by_text("The same as a table").click()
    assert page.locator(".course-table").is_visible()


def test_a_question_that_follows_is_asked_only_when_it_does(clinic, visit):
    page = visit(clinic.page("history"), clinic.patient.user, PHONE)
    follow = page.locator("[name='spread_after_months']")
    assert not follow.is_visible()
    page.get_by_role("group", name="Has it spread").get_by_label("Yes").check()
    assert follow.is_visible()


def test_the_history_is_answered_part_by_part_on_a_phone(clinic, visit):
    page = visit(clinic.page("history"), clinic.patient.user, PHONE)
    page.get_by_role("button", name="Save and go on").click()
    assert page.evaluate("document.activeElement.id") == "summary"
    page.get_by_label("My left").check()
    page.get_by_label("How old were you").fill("51")
    page.get_by_role("group", name="Where did you feel it first").get_by_label(
        "Lower eyelid"
    ).check()
    page.get_by_role("button", name="Save and go on").click()
    assert page.locator("[aria-current='step']").inner_text() == "What changes it"


def test_help_stands_first_when_somebody_thinks_of_harming_themselves(clinic, visit):
    page = visit(clinic.page("scale-phq9-2001"), clinic.patient.user, PHONE)
    for group in page.get_by_role("group").all():
        group.get_by_role("radio").nth(1).check()
    page.get_by_role("button", name="Save").click()
    assert page.get_by_role("heading", name="You are not alone with this").is_visible()
    waiting = visit(reverse("inbox"), clinic.doctor)
    assert waiting.get_by_text("Asha Rao answered something that cannot wait").is_visible()


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "light"), (DESK, "dark")])
def test_every_page_fits_and_can_be_read_by_everybody(clinic, visit, size, scheme):
    pages = [
        *((name, clinic.patient.user) for name in ("history", "scales", "scale-phq9-2001")),
        *((name, clinic.doctor) for name in ("course", "examination", "differential", "patient")),
        *((name, clinic.doctor) for name in ("scale-mvd-2012", "scale-smc-2012")),
    ]
    found = []
    for name, user in pages:
        page = visit(clinic.page(name), user, size, color_scheme=scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], name
        page.evaluate(AXE.read_text("utf-8"))
        told = page.evaluate("rules => axe.run({runOnly: rules})", RULES)
        found += [(name, one["id"], one["nodes"][0]["html"][:160]) for one in told["violations"]]
    assert found == []
