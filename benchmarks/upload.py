"""`python -m benchmarks.upload` writes benchmarks/UPLOAD.md: two gigabytes, cut off often."""

import argparse
import base64
import hashlib
import http.client
import json
import random
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from benchmarks.results import Row, Table, Target, write_upload_results
from benchmarks.web.site import Site, run_in_site, running_site
from hemiface.pipeline import simulate_video

PATH = Path(__file__).parent / "UPLOAD.md"
N_BYTES, N_CUTS, PART_BYTES = 2 * 10**9, 20, 5_000_000
MOST_MB = 100.0  # what "flat" means here; our choice
_PEOPLE = """
import json
from django.conf import settings
from django.test import Client
from hemiface_clinic.people.actions import add_patient, add_user, give_consent, give_second_factor
from hemiface_clinic.people.models import Role
from hemiface_clinic.people.purposes import PURPOSES
doctor = add_user("d@clinic.example", "Doctor", Role.DOCTOR, "correct horse battery staple")
give_second_factor(doctor)
patient = add_patient("Virtual Patient", "v@home.example", "+919534200013", by=doctor)
user = add_user("v@home.example", "V", Role.PATIENT, "correct horse battery staple")
patient.user = user
patient.save()
for purpose in PURPOSES:
    give_consent(patient, purpose, by=user)
browser = Client()
browser.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
name = settings.SESSION_COOKIE_NAME
cookie = f"{name}={browser.cookies[name].value}; {settings.CSRF_COOKIE_NAME}=" + "a" * 32
print(json.dumps([f"/recordings/of/{patient.pk}/", cookie]))
"""
_KEPT = """
import json
from hemiface_clinic.recordings.models import Recording
one = Recording.objects.first()
print(json.dumps([one.sha256, one.size, one.state, one.refusal] if one else None))
"""


def main() -> None:
    """Send a large film with cuts, and see what the server has of it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.upload", description=__doc__)
    parser.add_argument("--bytes", type=int, default=N_BYTES)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-upload-") as folder:
        film = make_film(Path(folder) / "film.mp4", asked.bytes)
        with running_site(Path(folder) / "data") as site, memory_of(site) as most:
            began = time.perf_counter()
            n_cuts = send(site, film, random.Random(0))
            sent_s, during_mb = time.perf_counter() - began, most[0]
            sha256, size, state = wait_until_kept(site)
        is_same = sha256 == digest(film) and size == film.stat().st_size
    on = f"{asked.bytes / 1e9:.1f} GB, {n_cuts} cuts"
    rows = (
        Row("same SHA-256 (1: yes)", float(is_same), Target(1.0), (), f"{on}; then {state}"),
        Row(
            "memory of the web process, MB more than before",
            during_mb,
            Target(MOST_MB, at_least=False),
            (),
            on,
        ),
        Row("speed, MB/s", asked.bytes / 1e6 / sent_s, None, (), "encrypted as it comes"),
    )
    write_upload_results([Table("A large upload that is cut off", "", (), rows)], PATH)
    print(f"Results: {PATH}")


def make_film(path: Path, n_bytes: int) -> Path:
    """Render a film and fill it up with a box that players skip."""
    simulate_video(path, seed=7041, duration_s=3.0, size=480, severity="severe", fps=30)
    left = n_bytes - path.stat().st_size
    with path.open("ab") as file:
        file.write((1).to_bytes(4, "big") + b"free" + left.to_bytes(8, "big"))
        left -= 16
        while left > 0:
            left -= file.write(random.Random(left).randbytes(min(left, 10_000_000)))
    return path


def digest(path: Path) -> str:
    """Return a file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def send(site: Site, film: Path, chance: random.Random) -> int:
    """Send a file in parts; cut the connection in the middle of some; return how often."""
    address, cookie = json.loads(run_in_site(site, _PEOPLE))
    size = film.stat().st_size
    place = begin(site, address, cookie, size)
    cuts = sorted(chance.sample(range(size), N_CUTS))
    n_cuts, at = 0, 0
    with film.open("rb") as file:
        while at < size:
            file.seek(at)
            part = file.read(PART_BYTES)
            if cuts and cuts[0] < at + len(part):
                cut_off(site, place, cookie, at, part, max(1, cuts.pop(0) - at))
                n_cuts += 1
            else:
                patch(site, place, cookie, at, part)
            at = offset(site, place, cookie)
    return n_cuts


def headers(cookie: str, **more: str) -> dict[str, str]:
    """Return what each request says."""
    named = {name.replace("_", "-"): value for name, value in more.items()}
    return {"Cookie": cookie, "X-CSRFToken": "a" * 32, "Tus-Resumable": "1.0.0", **named}


def begin(site: Site, address: str, cookie: str, size: int) -> str:
    """Begin an upload; return its address."""
    said = {"kind": "video", "filename": "film.mp4"}
    pairs = ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in said.items())
    more = {"Upload_Length": str(size), "Upload_Metadata": pairs}
    answer = ask(site, "POST", address, headers(cookie, **more))
    return answer.headers["Location"]


def patch(site: Site, place: str, cookie: str, at: int, part: bytes) -> None:
    """Send one part."""
    more = {"Upload_Offset": str(at), "Content_Type": "application/offset+octet-stream"}
    ask(site, "PATCH", place, headers(cookie, **more), part)


def cut_off(site: Site, place: str, cookie: str, at: int, part: bytes, n: int) -> None:
    """Send some bytes of a part, and hang up."""
    more = {"Upload_Offset": str(at), "Content_Type": "application/offset+octet-stream"}
    said = {**headers(cookie, **more), "Content-Length": str(len(part)), "Host": "127.0.0.1"}
    head = "".join(f"{name}: {value}\r\n" for name, value in said.items())
    with socket.create_connection(("127.0.0.1", site.port)) as line:
        line.sendall(f"PATCH {place} HTTP/1.1\r\n{head}\r\n".encode() + part[:n])
    time.sleep(0.2)


def offset(site: Site, place: str, cookie: str) -> int:
    """Return how much the server has; a whole upload is a recording, and has no offset any more."""
    answer = ask(site, "HEAD", place, headers(cookie))
    return int(answer.headers["Upload-Offset"])


def ask(
    site: Site, method: str, place: str, said: dict[str, str], body: bytes = b""
) -> http.client.HTTPResponse:
    """Ask the site; a refusal ends the run."""
    line = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    line.request(method, place.removeprefix(site.url), body, said)
    answer = line.getresponse()
    answer.read()
    if answer.status >= 300:
        raise RuntimeError(f"{method} {place}: {answer.status}")
    return answer


def wait_until_kept(site: Site) -> tuple[str, int, str]:
    """Wait until the worker has put the parts together and measured them."""
    for _ in range(600):
        kept = json.loads(run_in_site(site, _KEPT))
        if kept and kept[2] in ("measured", "failed"):
            return kept[0], kept[1], " ".join(kept[2:]).strip()
        time.sleep(1)
    raise RuntimeError("The recording was not measured in ten minutes.")


@contextmanager
def memory_of(site: Site) -> Iterator[list[float]]:
    """Watch the web process; the list holds the most that it had above its start, in MB."""
    web = next(
        one.pid and psutil.Process(one.pid)
        for one in psutil.net_connections("tcp")
        if one.status == "LISTEN" and one.laddr.port == site.port
    )
    start, most, over = web.memory_info().rss, [0.0], threading.Event()

    def watch() -> None:
        while not over.wait(0.05):
            with suppress(psutil.NoSuchProcess):
                most[0] = max(most[0], (web.memory_info().rss - start) / 1e6)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield most
    finally:
        over.set()
        thread.join()


if __name__ == "__main__":
    main()
