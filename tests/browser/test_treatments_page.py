"""Treatments in a real browser: doses entered on the face, by keyboard, without JavaScript."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from clinic.treatments_story import written
from conftest import FLAGS
from hemiface_clinic.people.actions import add_patient, add_user, give_second_factor
from hemiface_clinic.people.models import Patient, Role, User
from hemiface_clinic.treatments.kinds import Kind
from hemiface_clinic.treatments.models import Record
from hemiface_clinic.treatments.queries import latest_of

AXE = Path(__file__).parents[2] / "islands/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE, DESK = (390, 844), (1280, 900)
WORDS = "correct horse battery staple"

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@dataclass(frozen=True)
class Clinic:
    """A running site, with one patient of one doctor."""

    url: str
    doctor: User
    patient: Patient
    records: dict[Kind, Record]

    def paths(self) -> list[str]:
        """Every page of treatments."""
        kept = [record.pk for record in self.records.values()]
        return [
            reverse("treatments", args=[self.patient.pk]),
            *(reverse(f"treatment-add-{kind}", args=[self.patient.pk]) for kind in Kind),
            *(reverse("treatment", args=[pk]) for pk in kept),
            *(reverse("treatment-change", args=[pk]) for pk in kept),
            reverse("treatment-error", args=[kept[0]]),
        ]


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
    records = {kind: written(patient, kind, doctor) for kind in Kind if kind != Kind.SIDE_EFFECT}
    after = str(records[Kind.INJECTION].pk)
    records[Kind.SIDE_EFFECT] = written(patient, Kind.SIDE_EFFECT, doctor, after=after)
    return Clinic(live_server.url, doctor, patient, records)


@pytest.fixture
def visit(clinic, browser):
    """Open a page as the doctor; whatever the page complains about fails the test."""
    contexts, troubles = [], []

    def open_page(path: str, size=DESK, **options):
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **options)
        contexts.append(context)
        client = Client()
        client.force_login(clinic.doctor, "allauth.account.auth_backends.AuthenticationBackend")
        context.add_cookies(
            [{"name": "session", "value": client.cookies["session"].value, "url": clinic.url}]
        )
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda said: _listen(said, troubles))
        page.goto(clinic.url + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert troubles == []


def test_an_injection_is_entered_on_the_face_with_the_keyboard_alone(clinic, visit):
    page = visit(reverse("treatment-add-injection", args=[clinic.patient.pk]))
    press = page.keyboard.press
    _tab_to(page, "#id_on")
    page.keyboard.type("03022026")
    _tab_to(page, "#id_affected_side")
    press("ArrowDown")
    _tab_to(page, "#id_brand")
    press("ArrowDown")
    _tab_to(page, "[data-muscle]")
    first = page.evaluate("document.activeElement.dataset.field")
    assert first == "right-frontalis"
    press("ArrowRight")  # to the left side of the face, on the right of the picture
    _enter(page, "2.5")
    assert page.evaluate("document.activeElement.dataset.field") == "left-frontalis"
    press("ArrowDown")
    below = page.evaluate("document.activeElement.dataset.field")
    press("Enter")
    page.keyboard.type("1.25")
    press("Escape")
    assert page.evaluate("document.activeElement.dataset.field") == below
    label = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert label.endswith(": 1.25 units")
    assert page.locator("[data-total]").inner_text() == "3.75"
    assert page.locator(".spot.affected").count() == 2
    _tab_to(page, "form[data-keep] .actions .button")
    press("Enter")
    page.get_by_text("Written down.").first.wait_for()
    record = Record.objects.exclude(pk__in=[r.pk for r in clinic.records.values()]).get()
    kept = latest_of(record).contents
    assert kept == {
        "on": "2026-03-02", "affected_side": "left", "brand": "botox",
        "left-frontalis": "2.5", below: "1.25",
    }  # fmt: skip
    assert page.locator(".doses tfoot .amount").inner_text() == "3.75"


def test_a_muscle_is_chosen_with_the_pointer_and_the_table_says_the_same(clinic, visit):
    page = visit(reverse("treatment-add-injection", args=[clinic.patient.pk]), PHONE)
    page.locator("[data-field=left-zygomaticus]").click()
    page.keyboard.type("5")
    page.get_by_role("button", name="Done").click()
    assert page.locator("#id_left-zygomaticus").input_value() == "5"
    page.locator("#id_right-mentalis").fill("2")
    assert (
        page.locator("[data-field=right-mentalis]").get_attribute("aria-label").endswith("2 units")
    )
    page.locator("#id_right-mentalis").fill("two")
    assert page.locator("[data-total]").inner_text() == "–"


def test_an_injection_is_entered_without_javascript(clinic, visit):
    path = reverse("treatment-add-injection", args=[clinic.patient.pk])
    page = visit(path, java_script_enabled=False)
    page.get_by_label("Date").fill("2026-03-02")
    page.locator("#id_brand").select_option("dysport")
    page.get_by_label("Zygomaticus, left, units").fill("zehn")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Zygomaticus, left: write a number").click()
    page.get_by_label("Zygomaticus, left, units").fill("10")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("heading", name="Dysport, 10 U").wait_for()


def test_the_segment_chosen_is_shown_on_the_nerve(clinic, visit):
    page = visit(reverse("treatment-add-operation", args=[clinic.patient.pk]))
    drawn = page.locator(".seg.transition_zone")
    assert drawn.evaluate("one => getComputedStyle(one).opacity") == "0"
    page.get_by_label("Transition zone").check()
    assert drawn.evaluate("one => getComputedStyle(one).opacity") == "1"


@pytest.mark.slow
@pytest.mark.parametrize(("scheme", "size"), [("light", (320, 700)), ("dark", DESK)])
def test_every_page_is_accessible_and_fits(clinic, visit, scheme, size):
    # axe cannot be put into a page while the page's policy holds.
    page = visit(clinic.paths()[0], size, color_scheme=scheme, bypass_csp=True)
    assert list(_faults(page, clinic)) == []


def _faults(page, clinic: Clinic) -> Iterator[str]:
    for path in clinic.paths():
        page.goto(clinic.url + path)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 0:
            yield f"{path}: {wide} px wider than the screen"
        page.add_script_tag(path=AXE)
        found = page.evaluate(f"axe.run(document, {{runOnly: {RULES}}})")
        for one in found["violations"]:
            yield f"{path}: {one['impact']} {one['id']} {one['nodes'][0]['html'][:160]}"


def _listen(said, troubles: list[str]) -> None:
    if said.type == "error" and "422" not in said.text:
        troubles.append(said.text)


def _tab_to(page, selector: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    pytest.fail(f"the Tab key does not lead to {selector}")


def _enter(page, units: str) -> None:
    page.keyboard.press("Enter")
    page.keyboard.type(units)
    page.keyboard.press("Enter")
