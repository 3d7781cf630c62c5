"""What a page weighs on the wire, and when it can be read, in Chromium."""

import shutil
from dataclasses import dataclass

from playwright.sync_api import sync_playwright

from benchmarks.web.site import Site

PAGES = (
    "/",
    "/know/",
    "/know/treatments/",
    "/know/surgery/",
    "/know/how-it-spreads/",
    "/ask/",
    "/hi/",
)
_PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"


@dataclass(frozen=True)
class Weight:
    """One page on a first visit: bytes, requests, and the time of the first text."""

    path: str
    kb: float
    requests: int
    first_text_ms: float


def weigh_pages(site: Site) -> list[Weight]:
    """Open every page as a first visitor and count what comes over the wire."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        weights = [_weigh(browser.new_context(), site, path) for path in PAGES]
        browser.close()
    return weights


def _weigh(context, site: Site, path: str) -> Weight:  # type: ignore[no-untyped-def]
    page, sizes = context.new_page(), []
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(site.url + path, wait_until="networkidle")
    first_text_ms = float(page.evaluate(_PAINT))
    context.close()
    return Weight(path, sum(sizes) / 1000, len(sizes), first_text_ms)
