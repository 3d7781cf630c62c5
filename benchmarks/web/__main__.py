"""`python -m benchmarks.web [--quick]` writes benchmarks/WEB.md."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.results import Row, Table, Target, write_site_results
from benchmarks.web.asking import ask_at_once
from benchmarks.web.pages import weigh_pages
from benchmarks.web.site import Site, run_in_site, running_site, wrk
from benchmarks.web.writers import write_at_once

PATH = Path(__file__).parents[1] / "WEB.md"
_MEASURE = """
from pathlib import Path
from django.core.files import File
from hemiface_clinic.questions import actions, codes
from hemiface_clinic.recordings.actions import receive
question, _ = actions.ask({{
    "name": "V", "email": "v@home.example", "phone": "+919534200013", "subject": "Video",
    "question": "Please look at my video.", "nonce": codes.new_nonce(),
}})
for n in range({n}):
    with Path({film!r}).open("rb") as file:
        receive(File(file, name="film.mp4"), question=question, by=actions.ASKER)
"""
_STATES = """
from hemiface_clinic.jobs.models import Job
from collections import Counter
print(dict(Counter(Job.objects.filter(kind="measure").values_list("state", flat=True))))
"""


def main() -> None:
    """Measure a new site; write the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.web", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="less of everything, to see it runs")
    parser.add_argument("--out", type=Path, default=PATH)
    asked = parser.parse_args()
    seconds, n = (3, 100) if asked.quick else (15, 1000)
    with tempfile.TemporaryDirectory(prefix="bench-web-") as folder:
        tables = _measure(Path(folder), seconds, n)
    remarks = ["Made with `--quick`: too little to conclude from."] if asked.quick else []
    write_site_results(tables, remarks, asked.out)
    print(f"Results: {asked.out}")


def _measure(folder: Path, seconds: int, n: int) -> list[Table]:
    film = _film(folder)
    with running_site(folder / "data") as site:
        first_s = site.start_s
        _tell("pages")
        weights = weigh_pages(site)
        _tell("load")
        idle = wrk(site, "/know/treatments/", seconds=seconds)
        busy = _while_measuring(site, film, seconds)
        _tell("questions at once")
        asked = ask_at_once(site, n)
    with running_site(folder / "data") as site:
        again_s = site.start_s
        _tell("writers")
        written = write_at_once(site)
    speed = Table(
        "Speed",
        "One page of knowledge, asked for over 16 connections by wrk on the same two cores.",
        (),
        (
            Row("page, requests per second", idle[0], None, (), f"{seconds} s"),
            Row("page, 99th percentile (ms)", idle[1], None),
            Row("page while a video is measured, requests per second", busy[0], Target(500)),
            Row(
                "page while a video is measured, 99th percentile (ms)",
                busy[1],
                Target(150, at_least=False),
            ),
            Row("failed requests", idle[2] + busy[2], Target(0, at_least=False)),
            Row("start to first page, new folder (s)", first_s, Target(5, at_least=False)),
            Row("start to first page, again (s)", again_s, Target(5, at_least=False)),
        ),
    )
    asking = Table(
        "Questions",
        f"{n} people post the question form at the same moment, each from an address of their own.",
        (),
        (
            Row("lost", n - asked.stored, Target(0, at_least=False), (), f"{n}"),
            Row("doubled", asked.stored - asked.distinct, Target(0, at_least=False)),
            Row("answered with an error", n - asked.statuses[302], Target(0, at_least=False)),
            Row("all stored after (s)", asked.seconds),
            Row("slowest answer (s)", asked.slowest_s),
            Row(
                "lock errors of 8 writers on SQLite",
                written.locked,
                Target(0, at_least=False),
                (),
                f"{written.n} writes",
            ),
            Row("their slowest question with addition (s)", written.slowest_s),
            Row("their writes per second, start of the processes included", written.per_s),
        ),
    )
    pages = Table(
        "Pages",
        "First visit in Chromium: everything that comes over the wire (kB), and the first text.",
        (),
        tuple(
            Row(
                f"`{one.path}` (kB)",
                one.kb,
                Target(100, at_least=False),
                (),
                f"{one.requests} requests, text after {one.first_text_ms:.0f} ms",
            )
            for one in weights
        ),
    )
    return [speed, asking, pages]


def _while_measuring(site: Site, film: Path, seconds: int) -> tuple[float, float, int]:
    run_in_site(site, _MEASURE.format(film=str(film), n=3))
    while "running" not in run_in_site(site, _STATES):
        time.sleep(0.2)
    result = wrk(site, "/know/treatments/", seconds=seconds)
    if "running" not in run_in_site(site, _STATES):
        raise RuntimeError("the videos were measured before the load ended: use longer ones")
    return result


def _film(folder: Path) -> Path:
    from hemiface.pipeline import simulate_video

    film = folder / "film.mp4"
    simulate_video(film, seed=1, severity="moderate", side="left", duration_s=15.0, fps=30)
    return film


def _tell(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
