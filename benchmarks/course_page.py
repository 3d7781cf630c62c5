"""`python -m benchmarks.course_page`: how long the page of a course takes after ten years."""

import json
import statistics
import tempfile
import time
from pathlib import Path
from urllib.request import Request, urlopen

from benchmarks.web.site import run_in_site, running_site

N_ENTRIES, N_WEEKS, N_ASKED = 5000, 520, 30
TARGET_MS = 300.0
_FILL = f"""
import json
from datetime import timedelta
from uuid import uuid4
from django.conf import settings
from django.test import Client
from django.utils import timezone
from hemiface.records import Entry
from hemiface_clinic.diary.models import DiaryEntry
from hemiface_clinic.people.actions import add_patient, add_user, give_second_factor
from hemiface_clinic.people.models import Role
from hemiface_clinic.recordings.models import Recording

doctor = add_user("d@clinic.example", "Doctor", Role.DOCTOR, "correct horse battery staple")
give_second_factor(doctor)
patient = add_patient("Virtual Patient", "v@home.example", "+919534200013", by=doctor)
now, rows, films = timezone.localtime(), [], []
for number in range({N_ENTRIES}):
    row = DiaryEntry(patient=patient, sent_as=uuid4())
    at = now - timedelta(hours=17.5 * number)
    row.hold(Entry(at, burden=number % 11, triggers=("stress",), note="A note. " * (number % 4)))
    rows.append(row)
for week in range({N_WEEKS}):
    day = now.date() - timedelta(days=7 * week)
    measures = [
        {{"name": name, "side": side, "value": 5.0 + week % 9, "unit": "1/min", "n": 5, "low": 2.0,
          "high": 18.0, "observed_s": 60.0, "task": "rest"}}
        for name in ("spasm_rate", "burden", "amplitude", "lid_opening")
        for side in ("left", "right")
    ]
    result = {{"affected_side": "left", "measures": measures, "spasms": [],
               "recording": {{"started_at": day.isoformat(), "rate_hz": 30.0}}}}
    films.append(Recording(
        patient=patient, filename="film.mp4", size=4, sha256="0" * 64, media_type="video/mp4",
        task="rest", measured_at=now, result=result,
    ))
DiaryEntry.objects.bulk_create(rows, batch_size=500)
Recording.objects.bulk_create(films, batch_size=100)
browser = Client()
browser.force_login(doctor, "allauth.account.auth_backends.AuthenticationBackend")
name = settings.SESSION_COOKIE_NAME
cookie = f"{{name}}={{browser.cookies[name].value}}"
print(json.dumps([f"/patients/{{patient.pk}}/course/", cookie]))
"""


def main() -> None:
    """Fill a new site with ten years of one patient; print what their course takes to answer."""
    with (
        tempfile.TemporaryDirectory(prefix="bench-course-") as folder,
        running_site(Path(folder)) as site,
    ):
        path, cookie = json.loads(run_in_site(site, _FILL))
        page = site.url + path
        print(f"{N_ENTRIES} entries, {N_WEEKS} weeks with a video; asked for: {TARGET_MS:.0f} ms")
        print(f"page, nothing kept yet: {_ask(page, cookie):.0f} ms")
        print(f"chart put together, after the page: {_ask(page + 'chart/', cookie):.0f} ms")
        for name, url in (("page", page), ("drawing of other days", f"{page}drawing/")):
            taken = [_ask(url, cookie) for _ in range(N_ASKED)]
            middle, most = statistics.median(taken), max(taken)
            print(f"{name}: median {middle:.0f} ms, slowest of {N_ASKED} {most:.0f} ms")


def _ask(url: str, cookie: str) -> float:
    """Return how long an answer takes, ms."""
    began = time.perf_counter()
    with urlopen(Request(url, headers={"Cookie": cookie})) as answer:
        answer.read()
        if answer.url != url:
            raise RuntimeError(f"{url} leads to {answer.url}")
    return 1000 * (time.perf_counter() - began)


if __name__ == "__main__":
    main()
