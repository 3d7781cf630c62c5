"""Two recordings side by side in a real browser: whichever is touched leads, the other follows."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from selenium.webdriver.support.ui import WebDriverWait

from clinic.review_story import reviewable
from hemiface_clinic.people.actions import add_patient, add_user, give_second_factor
from hemiface_clinic.people.models import Role
from hemiface_clinic.recordings.files import film_path
from hemiface_clinic.vault.files import write_sealed
from test_report_preview import make_video

AXE = Path(__file__).parents[2] / "islands/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WORDS = "correct horse battery staple"

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(chromium, live_server, tmp_path, settings):
    """The page of two recordings, open for the doctor."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    doctor = add_user("doctor@clinic.example", "Dr. Demo", Role.DOCTOR, WORDS)
    give_second_factor(doctor)
    patient = add_patient("Asha Rao", "asha@home.example", "+919534200013", by=doctor)
    film = make_video(tmp_path / "film.mp4", times_ms=range(0, 20_000, 40), size=(320, 240))
    first, second = (reviewable(patient, tmp_path) for _ in range(2))
    for one, start_s in ((first, 2.0), (second, 5.0)):
        write_sealed(film_path(one.pk), [film.read_bytes()])
        one.take = {"tasks": [{"task": "rest", "start_s": start_s, "end_s": start_s + 8}]}
        one.save()
    first.made_at -= timedelta(weeks=4)
    first.save()
    client = Client()
    client.force_login(doctor, "allauth.account.auth_backends.AuthenticationBackend")
    chromium.get(live_server.url + "/healthz")
    chromium.delete_all_cookies()
    chromium.add_cookie({"name": "session", "value": client.cookies["session"].value})
    chromium.get_log("browser")
    chromium.get(live_server.url + reverse("recording-compare", args=[second.pk]))
    until(chromium, "[...document.querySelectorAll('spasm-player')].every((one) => "
          "one.shadowRoot?.querySelector('.lanes canvas')?.width > 100 && "
          "one.querySelector('video').readyState > 1)")  # fmt: skip
    yield chromium
    assert [line for line in chromium.get_log("browser") if "Content Security" in str(line)] == []
    chromium.delete_all_cookies()


def until(page, what: str) -> None:
    WebDriverWait(page, 20).until(lambda one: one.execute_script(f"return {what}"))


def positions(page) -> list[float]:
    return page.execute_script(
        "return [...document.querySelectorAll('spasm-player')].map((one) => one.position_s)"
    )


def test_the_other_follows(page):
    page.execute_script("document.querySelectorAll('spasm-player')[0].seek(7)")
    assert positions(page) == pytest.approx([7.0, 7.0], abs=0.02)
    page.execute_script(
        "const select = document.querySelector('[data-start]'); select.selectedIndex = 1;"
        "select.dispatchEvent(new Event('change'))"
    )
    assert positions(page) == pytest.approx([2.0, 5.0], abs=0.02)
    page.execute_script(
        "const one = document.querySelectorAll('spasm-player')[1];"
        "one.dispatchEvent(new KeyboardEvent('keydown', {key: 'End', bubbles: true}));"
        "one.seek(12)"
    )
    assert positions(page) == pytest.approx([9.0, 12.0], abs=0.02)


def test_both_play_and_stay_in_step(page):
    play = page.find_element("css selector", "[data-play]")
    assert play.text == "Play both"
    play.click()
    until(page, "[...document.querySelectorAll('spasm-player')].every((one) => one.position_s > 2)")
    assert play.text == "Pause both"
    first, second = positions(page)
    assert abs(first - second) < 0.3
    play.click()
    until(page, "[...document.querySelectorAll('video')].every((one) => one.paused)")
    until(page, "document.querySelector('[data-play]').textContent === 'Play both'")


@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_is_for_everybody(page, width):
    page.set_window_size(width, 2600)
    if folder := os.environ.get("HEMIFACE_SCREENSHOTS"):  # a picture for people
        page.save_screenshot(f"{folder}/compare-{width}.png")
    page.execute_script(AXE.read_text("utf-8"))
    told = page.execute_async_script("axe.run({runOnly: arguments[0]}).then(arguments[1])", RULES)
    assert [(one["id"], one["nodes"][0]["html"][:120]) for one in told["violations"]] == []
    assert page.execute_script("return document.documentElement.scrollWidth") <= width + 1
    page.set_window_size(1280, 900)
