"""The diary in a real browser: a few taps, without a network, by keyboard, on a small screen."""

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from clinic.diary_story import fill
from conftest import FLAGS
from hemiface_clinic.diary import actions
from hemiface_clinic.diary.models import DiaryEntry
from hemiface_clinic.people.actions import add_patient, add_user, give_second_factor
from hemiface_clinic.people.models import Patient, Role, User

AXE = Path(__file__).parents[2] / "islands/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE, SMALL, DESK = (390, 844), (320, 640), (1280, 900)
WORDS = "correct horse battery staple"
WAITING = """async () => {
  const known = await indexedDB.databases();
  if (!known.some((one) => one.name === "diary")) return null;
  const open = indexedDB.open("diary");
  const database = await new Promise((done) => (open.onsuccess = () => done(open.result)));
  const of = (name) => new Promise((done) => {
    const ask = database.transaction(name).objectStore(name).getAll();
    ask.onsuccess = () => done(ask.result);
  });
  const rows = await of("entries");
  const key = (await of("facts")).find((one) => one instanceof CryptoKey);
  database.close();
  const text = rows.map((row) => new TextDecoder("latin1").decode(row.sealed)).join();
  return { n: rows.length, text, kept: rows.map((row) => Object.keys(row).sort().join()),
           extractable: key?.extractable ?? null };
}"""
LEFT = """async () => [
  (await indexedDB.databases()).length,
  (await caches.keys()).length,
  (await navigator.serviceWorker.getRegistrations()).length,
]"""

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@dataclass(frozen=True)
class Clinic:
    """A running site, with a patient who keeps a diary, and their doctor."""

    url: str
    doctor: User
    patient: Patient


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
    patient.user = add_user("asha@home.example", "Asha", Role.PATIENT, WORDS)
    patient.save()
    actions.begin(patient, by=patient.user)
    return Clinic(live_server.url, doctor, patient)


@pytest.fixture
def visit(clinic, browser):
    """Open a page; whatever it complains about, but an answer that is missing, fails the test."""
    contexts, troubles = [], []

    def open_page(path="/diary/", size=PHONE, user=None, **options):
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **options)
        contexts.append(context)
        log_in(context, clinic, user or clinic.patient.user)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda said: troubles.append(said.text) if _is_bad(said) else None)
        page.goto(clinic.url + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert troubles == []


def log_in(context, clinic, user) -> None:
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    session = client.cookies["session"].value
    context.add_cookies([{"name": "session", "value": session, "url": clinic.url}])


def _is_bad(said) -> bool:
    return said.type == "error" and "Failed to load resource" not in said.text


def test_an_entry_takes_one_tap_and_can_be_taken_back(visit):
    page = visit()
    page.get_by_role("button", name="Spasm now").click()
    page.get_by_text("Saved.", exact=True).wait_for()
    assert DiaryEntry.objects.get().entry.spasm_now
    page.locator("#days .spasm").wait_for()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Taken back.").wait_for()
    page.locator("#days .none").wait_for()
    assert not DiaryEntry.objects.exists()


def test_a_whole_entry_takes_four_taps(visit):
    page = visit(timezone_id="Asia/Kolkata", has_touch=True)
    began = time.perf_counter()
    page.locator("#id_burden_7").tap()
    page.get_by_label("Stress", exact=True).tap()
    page.get_by_label("Bright light").tap()
    page.get_by_role("button", name="Save").tap()
    page.get_by_text("Saved.", exact=True).wait_for()
    assert time.perf_counter() - began < 5  # the rest of twenty seconds is for thinking
    row = DiaryEntry.objects.get()
    assert (row.entry.burden, row.entry.triggers) == (7, ("stress", "bright_light"))
    assert row.offset_min == 330
    assert abs((timezone.now() - row.at).total_seconds()) < 30
    assert page.locator("#entry :checked:not([value=''])").count() == 0


def test_without_a_network_entries_wait_and_each_arrives_once(visit, clinic):
    page = visit()
    _wait_for_worker(page)
    page.context.set_offline(True)
    page.reload()
    page.get_by_text("There is no connection.").wait_for()
    page.get_by_role("button", name="Spasm now").click()
    page.get_by_text("Waiting to be sent (1).").wait_for()
    page.locator("#entry summary").click()
    page.get_by_label("Anything else").fill("plain words")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Waiting to be sent (2).").wait_for()
    assert not page.get_by_text("Saved.", exact=True).is_visible()
    lying = page.evaluate(WAITING)
    assert (lying["n"], lying["extractable"]) == (2, False)
    assert lying["kept"] == ["id,iv,number,sealed"] * 2
    assert "plain words" not in lying["text"]
    assert not DiaryEntry.objects.exists()
    # The answer to the first sending is lost on its way: it is sent again.
    lost = []
    page.context.route("**/diary/", lambda route: _lose_once(route, lost))
    page.context.set_offline(False)
    for _ in range(2):
        page.evaluate("dispatchEvent(new Event('online'))")
    page.get_by_text("Saved.", exact=True).wait_for()
    assert [answer.status for answer in lost] == [200]
    entries = [row.entry for row in DiaryEntry.objects.order_by("at")]
    assert [entry.spasm_now for entry in entries] == [True, False]
    assert entries[1].note == "plain words"
    assert page.evaluate(WAITING)["n"] == 0


def test_an_entry_that_waits_can_be_taken_back(visit):
    page = visit()
    _wait_for_worker(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Spasm now").click()
    page.get_by_text("Waiting to be sent (1).").wait_for()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Taken back.").wait_for()
    assert page.evaluate(WAITING)["n"] == 0


def test_the_browser_keeps_the_empty_form_alone(visit, clinic):
    fill(clinic.patient, 3)
    page = visit()
    _wait_for_worker(page)
    kept = page.evaluate(
        """async () => {
          const names = await caches.keys();
          const all = await Promise.all(names.map(async (name) => {
            const cache = await caches.open(name);
            return Promise.all((await cache.keys()).map(async (key) =>
              [new URL(key.url).pathname, await (await cache.match(key)).text()]));
          }));
          return all.flat();
        }"""
    )
    pages = dict(kept)
    assert "/diary/offline/" in pages
    assert all(path.startswith(("/static/", "/diary/offline/")) for path in pages)
    for secret in ("Medicine 1", "A note of some length", "Asha", str(clinic.patient.pk)):
        assert secret not in pages["/diary/offline/"]


def test_what_waits_is_sent_after_the_log_in_of_the_same_person_only(visit, clinic):
    page = visit()
    _wait_for_worker(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Spasm now").click()
    page.get_by_text("Waiting to be sent (1).").wait_for()
    page.context.clear_cookies()
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    page.get_by_text("Log in again to send what waits (1).").wait_for()
    ben = add_patient("Ben", "ben@home.example", "+919000000000", by=clinic.doctor)
    ben.user = add_user("ben@home.example", "Ben", Role.PATIENT, WORDS)
    ben.save()
    actions.begin(ben, by=ben.user)
    log_in(page.context, clinic, ben.user)
    page.goto(f"{clinic.url}/diary/")
    page.get_by_role("button", name="Spasm now").click()
    page.get_by_text("Saved.", exact=True).wait_for()
    assert DiaryEntry.objects.get().patient == ben
    page.context.clear_cookies()
    log_in(page.context, clinic, clinic.patient.user)
    page.goto(f"{clinic.url}/diary/")
    page.get_by_text("Saved.", exact=True).wait_for()
    assert DiaryEntry.objects.filter(patient=clinic.patient).count() == 1


@pytest.mark.parametrize("path", ["/diary/", "/me/"])
def test_logging_out_leaves_nothing_in_the_browser(visit, clinic, path):
    page = visit()
    _wait_for_worker(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Spasm now").click()
    page.get_by_text("Waiting to be sent (1).").wait_for()
    page.context.route("**/diary/sender/", lambda route: route.abort())
    page.context.set_offline(False)
    page.goto(clinic.url + path)
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url(f"{clinic.url}/")
    page.wait_for_function("async () => !(await indexedDB.databases()).length")
    assert page.evaluate("caches.keys()") == []
    assert (
        page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
    )


def test_what_is_not_taken_is_told_and_can_be_mended(visit, clinic):
    page = visit()
    page.locator("#entry summary").click()
    page.get_by_label("Hours slept last night").fill("70")
    page.get_by_label("Anything else").fill("tired")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Not taken:").wait_for()
    page.get_by_role("button", name="Mend it").click()
    assert page.get_by_label("Anything else").input_value() == "tired"
    page.get_by_label("Hours slept last night").fill("7")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.", exact=True).wait_for()
    assert DiaryEntry.objects.get().entry.sleep_h == 7.0


def test_the_keyboard_alone_is_enough(visit):
    page = visit(size=DESK)
    press = page.keyboard.press
    _tab_to(page, "[name=burden]")
    for _ in range(3):  # from "no answer" to 0, 1, 2
        press("ArrowRight")
    _tab_to(page, "[name=triggers]")
    press("Space")
    _tab_to(page, ".more summary")
    press("Enter")
    _tab_to(page, "[name=note]")
    page.keyboard.type("by keyboard")
    _tab_to(page, "#entry .save .button")
    press("Enter")
    page.get_by_text("Saved.", exact=True).wait_for()
    entry = DiaryEntry.objects.get().entry
    assert (entry.burden, entry.triggers, entry.note) == (2, ("stress",), "by keyboard")


def test_without_javascript_it_is_a_form(visit):
    page = visit(java_script_enabled=False)
    page.get_by_role("button", name="Spasm now").click()
    page.get_by_text("Saved.", exact=True).wait_for()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Deleted.").wait_for()
    page.locator("#id_burden_3").click()
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.", exact=True).wait_for()
    assert DiaryEntry.objects.get().entry.burden == 3


def test_more_entries_come_into_the_same_page(visit, clinic):
    fill(clinic.patient, 60)
    page = visit()
    for n_shown in (40, 60):
        page.get_by_role("link", name="Show more").click()
        expect(page.locator("#days li")).to_have_count(n_shown)
    expect(page.get_by_role("link", name="Show more")).to_have_count(0)


@pytest.mark.slow
@pytest.mark.parametrize(("scheme", "size"), [("light", SMALL), ("dark", DESK)])
def test_every_page_is_accessible_fits_and_has_large_targets(visit, clinic, scheme, size):
    fill(clinic.patient, 60)
    entry = DiaryEntry.objects.first()
    own = ["/diary/", "/diary/offline/", "/diary/reminder/", f"/diary/entries/{entry.pk}/"]
    own += [f"/diary/?day={entry.on}", f"/diary/?before={entry.pk}", "/hi/diary/"]
    page = visit("/diary/", size, color_scheme=scheme, bypass_csp=True)
    faults = list(_faults(page, clinic, own))
    theirs = [reverse("patient-diary", args=[clinic.patient.pk])]
    page = visit("/", size, user=clinic.doctor, color_scheme=scheme, bypass_csp=True)
    faults += list(_faults(page, clinic, theirs))
    assert faults == []


def _faults(page, clinic, paths) -> Iterator[str]:
    for path in paths:
        page.goto(clinic.url + path)
        page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 0:
            yield f"{path}: {wide} px wider than the screen"
        small = page.evaluate(
            """() => [...document.querySelectorAll(
                 ".diary button, .diary .button, .choices label, .diary summary, .ways-of-line a")]
               .filter((one) => one.getBoundingClientRect().height)
               .filter((one) => Math.min(one.getBoundingClientRect().height,
                                         one.getBoundingClientRect().width) < 43.9)
               .map((one) => one.outerHTML.slice(0, 80))"""
        )
        yield from (f"{path}: smaller than 44 px: {one}" for one in small)
        page.add_script_tag(path=AXE)
        found = page.evaluate(f"axe.run(document, {{runOnly: {RULES}}})")
        for one in found["violations"]:
            yield f"{path}: {one['impact']} {one['id']} {one['nodes'][0]['html'][:160]}"


def _wait_for_worker(page) -> None:
    page.evaluate(
        """async () => {
          await navigator.serviceWorker.ready;
          while (!navigator.serviceWorker.controller || !(await caches.keys()).length)
            await new Promise((done) => setTimeout(done, 50));
        }"""
    )


def _lose_once(route, lost) -> None:
    if route.request.method != "POST" or lost:
        route.fallback()
        return
    lost.append(route.fetch())
    route.abort()


def _tab_to(page, selector: str) -> None:
    for _ in range(90):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    pytest.fail(f"the Tab key does not lead to {selector}")
