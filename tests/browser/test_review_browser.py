"""A doctor's review in a real browser: keys, the player in step with the rows, kept."""

import os
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from clinic.review_story import reviewable
from hemiface_clinic.people.actions import add_patient, add_user, give_second_factor
from hemiface_clinic.people.models import Role
from hemiface_clinic.recordings.models import Review

AXE = Path(__file__).parents[2] / "islands/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WORDS = "correct horse battery staple"

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(chromium, live_server, tmp_path, settings):
    """The page of a review, open for the doctor."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    doctor = add_user("doctor@clinic.example", "Dr. Demo", Role.DOCTOR, WORDS)
    give_second_factor(doctor)
    patient = add_patient("Asha Rao", "asha@home.example", "+919534200013", by=doctor)
    recording = reviewable(patient, tmp_path, kind="points")
    client = Client()
    client.force_login(doctor, "allauth.account.auth_backends.AuthenticationBackend")
    chromium.get(live_server.url + "/healthz")
    chromium.delete_all_cookies()
    chromium.add_cookie({"name": "session", "value": client.cookies["session"].value})
    chromium.get_log("browser")
    chromium.get(live_server.url + reverse("recording-review", args=[recording.pk]))
    WebDriverWait(chromium, 20).until(
        lambda one: one.execute_script(
            "const root = document.querySelector('spasm-player').shadowRoot;"
            "return root && root.querySelector('.lanes canvas')?.width > 100"
        )
    )
    yield chromium
    assert [line for line in chromium.get_log("browser") if "Content Security" in str(line)] == []
    chromium.delete_all_cookies()


def press(page, *keys: str) -> None:
    page.execute_script("document.querySelector('spasm-player').shadowRoot"
                        ".querySelector('.overview').focus()")  # fmt: skip
    active = page.execute_script(
        "return document.querySelector('spasm-player').shadowRoot.activeElement"
    )
    for key in keys:
        active.send_keys(key)


def said(page) -> str:
    return page.find_element(By.CSS_SELECTOR, "[data-said]").text


def test_a_doctor_reviews_with_the_keyboard(page):
    press(page, "n", "x")
    assert said(page) == "Spasm 1: not a spasm."
    assert page.find_element(By.CSS_SELECTOR, "tr.chosen [name$='-found']")
    press(page, "n", "s", "n", "c")
    assert said(page) == "Spasm 3: a spasm."
    page.execute_script("document.querySelector('spasm-player').seek(10.4)")
    press(page, "a")
    assert "begins at 10.4" in said(page)
    page.execute_script("document.querySelector('spasm-player').seek(10.7)")
    press(page, "a")
    assert "was added" in said(page)
    page.find_element(By.CSS_SELECTOR, "form .actions .button").send_keys(Keys.ENTER)
    WebDriverWait(page, 20).until(lambda one: "agreement F1" in one.page_source)
    review = Review.objects.get()
    assert len(review.marks) == 10
    assert {one["side"] for one in review.marks} == {"left", "right"}
    assert next(one for one in review.marks if one["found"] is None)["onset_s"] == 10.4
    assert "9 confirmed, 1 rejected, 1 added" in page.page_source


@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_is_for_everybody(page, width):
    page.set_window_size(width, 2400)
    if folder := os.environ.get("HEMIFACE_SCREENSHOTS"):  # a picture for people
        page.save_screenshot(f"{folder}/review-{width}.png")
    page.execute_script(AXE.read_text("utf-8"))
    told = page.execute_async_script("axe.run({runOnly: arguments[0]}).then(arguments[1])", RULES)
    assert [(one["id"], one["nodes"][0]["html"][:120]) for one in told["violations"]] == []
    assert page.execute_script("return document.documentElement.scrollWidth") <= width + 1
    page.set_window_size(1280, 900)
