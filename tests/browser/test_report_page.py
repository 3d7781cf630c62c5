"""The report in a real browser: it works from the file system, by keyboard, and for everybody."""

import json
from pathlib import Path

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from hemiface.report.page import write_page
from report_story import left_eye_story, still_story
from test_report_preview import make_video

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE = Path(__file__).parents[2] / "islands" / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    video = make_video(folder / "v.mp4", times_ms=range(0, 12000, 33), size=(320, 240))
    write_page(left_eye_story(12.0), folder / "p.html", video=video)
    write_page(still_story(), folder / "still.html", video=None)
    return folder / "p.html"


@pytest.fixture
def opened(chromium, page):
    return open_page(chromium, page)


def open_page(chromium, page):
    chromium.get_log("performance")
    chromium.get_log("browser")
    chromium.get(page.as_uri())
    script = """const player = document.querySelector("spasm-player");
        const video = player.querySelector("video");
        return player.shadowRoot.querySelector(".overview") && (!video || video.readyState >= 2)"""
    wait(chromium, script)
    return chromium


def wait(chromium, script):
    WebDriverWait(chromium, 15, 0.05).until(lambda driver: driver.execute_script(script))


def player(chromium, what):
    return chromium.execute_script(f'return document.querySelector("spasm-player").{what}')


def inner(chromium, selector):
    host = chromium.find_element(By.TAG_NAME, "spasm-player")
    return host.shadow_root.find_element(By.CSS_SELECTOR, selector)


def emulate(chromium, **features):
    listed = [{"name": name.replace("_", "-"), "value": v} for name, v in features.items()]
    chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": listed})


def test_opens_without_errors_and_without_network(opened):
    assert opened.get_log("browser") == []
    entries = [json.loads(one["message"])["message"] for one in opened.get_log("performance")]
    asked = [
        one["params"]["request"]["url"]
        for one in entries
        if one["method"] == "Network.requestWillBeSent"
    ]
    assert asked
    assert {url.split(":")[0] for url in asked} <= {"file", "data", "blob"}


def test_a_spasm_of_the_table_is_shown_and_played(opened):
    opened.find_element(By.CSS_SELECTOR, '[data-spasm="2"]').click()
    wait(opened, 'return document.querySelector("video").currentTime > 5.3')
    row = opened.find_element(By.CSS_SELECTOR, "tr[aria-current]")
    assert "0:05.00" in row.text
    wait(opened, 'return document.querySelector("video").paused')
    assert player(opened, "position_s") == pytest.approx(5.8, abs=0.2)


def test_a_click_on_a_spasm_in_the_lanes_plays_it(opened):
    lanes = inner(opened, ".lanes")
    width, height = lanes.size["width"], lanes.size["height"]
    x = round((7.1 / 12 - 0.5) * width)
    opened.execute_script("arguments[0].scrollIntoView({block: 'center'})", lanes)
    ActionChains(opened).move_to_element_with_offset(lanes, x, 14 - height // 2).click().perform()
    assert player(opened, "selected") == 3


def test_frames_are_stepped_as_recorded(opened):
    inner(opened, ".overview").click()
    opened.execute_script('document.querySelector("spasm-player").seek(3)')
    start = player(opened, "position_s")
    inner(opened, ".overview").send_keys("..")
    assert player(opened, "position_s") - start == pytest.approx(2 / 30, abs=0.005)
    inner(opened, ".overview").send_keys(",")
    assert player(opened, "position_s") - start == pytest.approx(1 / 30, abs=0.005)


def test_space_plays_and_slow_motion_is_slow(opened):
    overview = inner(opened, ".overview")
    inner(opened, '[data-rate="0.25"]').click()
    assert opened.execute_script('return document.querySelector("video").playbackRate') == 0.25
    overview.send_keys(Keys.SPACE)
    wait(opened, 'return !document.querySelector("video").paused')
    overview.send_keys(Keys.SPACE)
    wait(opened, 'return document.querySelector("video").paused')


def test_who_wants_less_motion_sees_the_peak_at_rest(opened):
    emulate(opened, prefers_reduced_motion="reduce")
    opened.find_element(By.CSS_SELECTOR, '[data-spasm="4"]').click()
    assert opened.execute_script('return document.querySelector("video").paused')
    assert player(opened, "position_s") == pytest.approx(9.1, abs=0.01)
    emulate(opened)


def test_the_face_map_reads_out_by_keyboard(opened):
    shape = opened.find_element(By.ID, "face-zygomaticus-left")
    opened.execute_script("arguments[0].focus()", shape)
    readout = opened.find_element(By.CSS_SELECTOR, "[data-readout]").text
    assert readout.startswith("Zygomaticus major and minor, left: in 33")


def test_the_traces_are_drawn_in_the_sides_colours(opened):
    """Coral above the base line of the eye's lane at a spasm; slate below it at a blink only."""
    script = """
    const canvas = document.querySelector("spasm-player").shadowRoot.querySelector(".lanes canvas");
    const ratio = canvas.width / canvas.clientWidth, context = canvas.getContext("2d");
    const count = (from, to, top, bottom, pick) => {
      const x = Math.round(from / 12 * canvas.width);
      const w = Math.round((to - from) / 12 * canvas.width);
      const data = context.getImageData(x, top * ratio, w, (bottom - top) * ratio).data;
      let n = 0;
      for (let i = 0; i < data.length; i += 4)
        if (data[i + 3] > 200 && pick(data[i], data[i + 1], data[i + 2])) n++;
      return n;
    };
    const coral = (r, g, b) => r > 170 && g < 120, slate = (r, g, b) => b > r + 15 && r < 130;
    return [count(5, 5.2, 55, 72, coral), count(5, 5.2, 76, 96, slate),
      count(4.1, 4.25, 76, 96, slate)];
    """
    opened.execute_script("document.querySelector('spasm-player').removeAttribute('selected')")
    wait(opened, f"const n = (() => {{ {script} }})(); return n[0] > 0")
    up, down_in_spasm, down_in_blink = opened.execute_script(script)
    assert up > 10
    assert down_in_spasm == 0
    assert down_in_blink > 10


@pytest.mark.skipif(not AXE.exists(), reason="needs `npm ci` in islands")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["p.html", "still.html"])
def test_axe_finds_nothing_against_wcag_22_aa(chromium, page, name, scheme):
    emulate(chromium, prefers_color_scheme=scheme)
    open_page(chromium, page.with_name(name))
    chromium.execute_script(AXE.read_text("utf-8"))
    found = chromium.execute_async_script(
        """const done = arguments[arguments.length - 1];
        axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa",
          "best-practice"] }).then((found) => done(found.violations.map((one) =>
            [one.id, one.nodes.map((node) => [node.html, node.failureSummary])])));"""
    )
    emulate(chromium)
    assert found == []


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_no_width_scrolls_sideways(chromium, page, width):
    size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 700}
    chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    open_page(chromium, page)
    wide = chromium.execute_script("return document.documentElement.scrollWidth")
    chromium.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert wide <= width


def test_print_shows_the_tables_and_the_strip(opened):
    opened.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    shown = opened.execute_script(
        "return ['.strip', '.spasms', '.measures', 'spasm-player'].map("
        "(one) => document.querySelector(one).getClientRects().length > 0)"
    )
    opened.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert shown == [True, True, True, False]
