"""The site as people meet it: the demonstration's own server, in a real browser."""

import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from conftest import FLAGS

AXE = Path(__file__).parents[2] / "islands/node_modules/axe-core/axe.min.js"
PUBLIC = (
    "/", "/know/", "/search/", "/search/?q=botox", "/ask/", "/question/link/", "/privacy/",
    "/accessibility/", "/account/login/", "/account/password/reset/", "/no/such/page/",
)  # fmt: skip
STAFF = (
    "/inbox/", "/inbox/?state=all", "/inbox/templates/", "/patients/", "/patients/find/",
    "/account/2fa/", "/account/sessions/", "/account/password/change/", "/account/email/",
)  # fmt: skip
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROW, WIDE, HUGE = (320, 700), (1280, 900), (3840, 2160)

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@dataclass(frozen=True)
class Demo:
    """A running demonstration and what it printed."""

    url: str
    data: Path
    printed: str

    def account(self, email: str) -> tuple[str, list[str]]:
        """Password and one-time codes of an account, as a person reads them from the table."""
        rows = self.printed.split(email)[1].split("└")[0].split("@demo.example")[0]
        words = re.findall(r"[0-9a-z]+(?:-[0-9a-z]+)+|\b\d{8}\b", rows)
        password = next(word for word in words if "-" in word)
        return password, [word for word in words if word.isdigit()]


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Iterator[Demo]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = tmp_path_factory.mktemp("demo") / "data"
    command = [
        Path(sys.executable).with_name("hemiface"),
        "demo",
        "--quick",
        "--data",
        data,
        "--port",
        str(port),
    ]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=_environment()
    ) as server:
        printed = ""
        for line in server.stdout:
            printed += line
            if "Stop with Ctrl-C" in line:
                break
        else:
            pytest.fail(f"the demonstration did not start:\n{printed}")
        yield Demo(f"http://127.0.0.1:{port}", data, printed)
        server.send_signal(signal.SIGTERM)
        assert server.wait(30) == 0


def _environment() -> dict[str, str]:
    import os

    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("HEMIFACE", "DJANGO"))
    }
    kept.pop("DATABASE_URL", None)
    return {**kept, "COLUMNS": "400"}


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("needs Chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=path, args=[f for f in FLAGS if "headless" not in f]
        )
        yield started
        started.close()


class Watched:
    """A page that notes what must not happen: CSP violations, foreign requests, errors."""

    def __init__(self, context, own: str) -> None:
        self.page = context.new_page()
        self.page.set_default_timeout(15_000)
        self.troubles: list[str] = []
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.troubles.append(f"error: {error}"))
        self.page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((own, "data:", "blob:"))
                else self.troubles.append(f"foreign: {request.url}")
            ),
        )

    def _listen(self, message) -> None:
        if message.type == "error" and "404" not in message.text and "422" not in message.text:
            self.troubles.append(message.text)


def log_in(page, demo: Demo, email: str, used: list[str]) -> None:
    password, codes = demo.account(email)
    page.goto(f"{demo.url}/account/login/")
    page.locator("#id_login").fill(email)
    page.locator("#id_password").fill(password)
    page.get_by_role("button", name="Log in", exact=True).click()
    if codes:
        code = next(code for code in codes if code not in used)
        used.append(code)
        page.locator("#id_code").fill(code)
        page.locator("form:has(#id_code) button").first.click()
    page.wait_for_load_state()


@pytest.fixture(scope="module")
def used() -> list[str]:
    """One-time codes that were used."""
    return []


def test_a_question_with_one_wrong_field_is_mended_answered_and_read(demo, browser, used):
    asker = Watched(browser.new_context(viewport={"width": 390, "height": 800}), demo.url)
    page = asker.page
    page.goto(demo.url)
    page.get_by_role("link", name="Ask the doctor").first.click()
    page.get_by_label("Your name").fill("Lata Nair")
    page.get_by_label("E-mail").fill("lata@home")
    page.get_by_label("Phone").fill("9876543210")
    page.get_by_label("Subject").fill("Flicker under the eye")
    page.get_by_label("Your question").fill("The lower lid of my right eye flickers since June.")
    page.get_by_label("Verification code").fill(_read_code(page, demo))
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Send the question").last.click()
    assert page.title().startswith("Error: ")
    assert page.evaluate("document.activeElement.id") == "summary"
    page.get_by_role("link", name="Write the whole e-mail address").click()
    assert page.evaluate("document.activeElement.id") == "id_email"
    assert page.get_by_label("Your question").input_value().startswith("The lower lid")
    page.get_by_label("E-mail").fill("lata@home.example")
    page.get_by_role("button", name="Send the question").last.click()
    page.get_by_role("heading", name="Your question has arrived").wait_for()
    link = page.locator(".status-link").get_attribute("href")

    doctor = Watched(browser.new_context(), demo.url)
    log_in(doctor.page, demo, "doctor@demo.example", used)
    doctor.page.get_by_role("link", name="Flicker under the eye").click()
    doctor.page.get_by_label("Your words").fill("Please send a short video of it.")
    doctor.page.get_by_role("button", name="Send the answer").click()
    doctor.page.get_by_text("Sent.").wait_for()

    later = Watched(browser.new_context(), demo.url)
    later.page.goto(demo.url + link)
    later.page.get_by_role("button", name="Open my question").click()
    later.page.get_by_text("Please send a short video of it.").wait_for()
    assert asker.troubles + doctor.troubles + later.troubles == []


def test_the_doctor_sees_the_measured_video(demo, browser, used):
    watched = Watched(browser.new_context(), demo.url)
    page = watched.page
    log_in(page, demo, "doctor@demo.example", used)
    page.get_by_role("link", name="Left eye closes by itself").click()
    page.get_by_role("link", name="Open the report").wait_for(timeout=120_000)
    assert page.get_by_text("left (the person's own)").is_visible()
    assert watched.troubles == []


def test_asking_works_without_javascript_and_with_the_keyboard_alone(demo, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{demo.url}/ask/")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the text"
    page.keyboard.press("Enter")
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.locator(":focus").get_attribute("id") == "id_name":
            break
    for words in (
        "Lata Nair",
        "lata@home.example",
        "+919876543210",
        "Flicker",
        "It flickers since June.",
    ):
        page.keyboard.type(words)
        page.keyboard.press("Tab")
    page.locator("#id_code").focus()
    page.keyboard.type(_read_code(page, demo))
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Your question has arrived").wait_for()


def test_a_patient_makes_a_passkey_and_logs_in_with_it(demo, browser, used):
    here = Demo(demo.url.replace("127.0.0.1", "localhost"), demo.data, demo.printed)
    watched = Watched(browser.new_context(), here.url)
    page = watched.page
    wire = page.context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    wire.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    log_in(page, here, "asha@demo.example", used)
    page.goto(f"{here.url}/account/2fa/webauthn/add/")
    if page.locator("#id_password").count():
        page.locator("#id_password").fill(here.account("asha@demo.example")[0])
        page.locator("form:has(#id_password) button").first.click()
    page.locator("#id_name").fill("telephone")
    page.locator("#id_passwordless").check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url(lambda url: "webauthn/add" not in url)
    page.goto(f"{here.url}/me/")
    page.get_by_role("button", name="Log out").click()
    page.goto(f"{here.url}/account/login/")
    page.get_by_role("button", name="Log in with a passkey").click()
    page.wait_for_url(f"{here.url}/me/")
    assert watched.troubles == []


@pytest.mark.parametrize("language", ["", "/hi"])
@pytest.mark.parametrize("size", [NARROW, HUGE], ids=["narrow", "huge"])
def test_public_pages_load_nothing_foreign_and_fit(demo, browser, language, size):
    context = _context(browser, "light", size)
    assert _visit(context, demo, _public_pages(demo, language)) == []


@pytest.mark.parametrize(
    ("language", "scheme", "size"),
    [("", "light", NARROW), ("/hi", "dark", WIDE)],
)
def test_public_pages_are_accessible(demo, browser, language, scheme, size):
    context = _context(browser, scheme, size)
    assert _inspect(context, demo, _public_pages(demo, language)) == []


@pytest.mark.parametrize(("scheme", "size"), [("light", NARROW), ("dark", HUGE)])
def test_staff_pages_are_accessible_load_nothing_foreign_and_fit(demo, browser, used, scheme, size):
    context = _context(browser, scheme, size)
    page = context.new_page()
    log_in(page, demo, "doctor@demo.example", used)
    page.goto(f"{demo.url}/inbox/?state=all")
    questions = [a.get_attribute("href") for a in page.locator(".questions a").all()][:4]
    page.goto(f"{demo.url}/patients/")
    patients = [a.get_attribute("href") for a in page.locator(".questions a").all()][:2]
    assert questions
    assert patients
    paths = [*STAFF, *questions, *patients, patients[0] + "emergency/"]
    assert _visit(context, demo, paths) + _inspect(context, demo, paths) == []


def test_administrators_and_patients_pages_are_accessible(demo, browser, used):
    for email, paths in (
        ("admin@demo.example", ["/people/", "/people/audit/"]),
        ("asha@demo.example", ["/me/", "/me/erase/"]),
    ):
        context = _context(browser, "light", NARROW)
        log_in(context.new_page(), demo, email, used)
        assert _visit(context, demo, paths) + _inspect(context, demo, paths) == []


def _public_pages(demo: Demo, language: str) -> list[str]:
    from urllib.request import urlopen

    with urlopen(f"{demo.url}/sitemap.xml") as answer:
        listed = re.findall(r"<loc>https?://[^/]+([^<]+)</loc>", answer.read().decode())
    known = [path for path in listed if path.startswith("/hi/") == bool(language)]
    return sorted({*known, *(f"{language}{path}" for path in PUBLIC)})


def _context(browser, scheme: str, size: tuple[int, int]):
    return browser.new_context(color_scheme=scheme, viewport={"width": size[0], "height": size[1]})


def _visit(context, demo: Demo, paths) -> list[str]:
    """Open pages as they are; tell what they load from elsewhere, what fails, what does not fit."""
    watched = Watched(context, demo.url)
    faults = []
    for path in paths:
        watched.page.goto(demo.url + path)
        wide = watched.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        faults += [f"{path}: {wide} px wider than the screen"] if wide > 0 else []
    return faults + watched.troubles


def _inspect(context, demo: Demo, paths) -> list[str]:
    """Let axe look at pages; it cannot be put into one while the page's policy holds."""
    loose = context.browser.new_context(
        color_scheme="dark" if _is_dark(context) else "light",
        viewport=context.pages[0].viewport_size if context.pages else None,
        bypass_csp=True,
        storage_state=context.storage_state(),
    )
    page, faults = loose.new_page(), []
    for path in paths:
        page.goto(demo.url + path)
        page.add_script_tag(path=AXE)
        found = page.evaluate(f"axe.run(document, {{runOnly: {RULES}}})")
        faults += [
            f"{path}: {one['impact']} {one['id']} {one['nodes'][0]['html'][:160]}"
            for one in found["violations"]
            if one["impact"] in ("serious", "critical")
        ]
    loose.close()
    return faults


def _is_dark(context) -> bool:
    page = context.pages[0] if context.pages else context.new_page()
    return bool(page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches"))


def _read_code(page, demo: Demo) -> str:
    """Read the digits as the person at the keyboard would; the machine knows them from its keys."""
    nonce = page.locator("input[name=nonce]").get_attribute("value")
    cookie = next(c["value"] for c in page.context.cookies() if c["name"] == "csrf")
    program = (
        "import django; django.setup(); from hemiface_clinic.questions.codes import digits_of;"
        f"print(digits_of({nonce!r}, {cookie!r}))"
    )
    environment = {
        **_environment(),
        "HEMIFACE_DATA": str(demo.data),
        "DJANGO_SETTINGS_MODULE": "hemiface_clinic.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()
