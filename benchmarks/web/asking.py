"""A thousand people who ask at the same moment, each a browser of its own."""

import asyncio
import json
import time
from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlencode

from benchmarks.web.site import Site, run_in_site

_PREPARE = """
import json, secrets
from hemiface_clinic.questions import codes
people = []
for n in range({n}):
    cookie, nonce = secrets.token_hex(16), codes.new_nonce()
    people.append((cookie, nonce, codes.digits_of(nonce, cookie)))
print(json.dumps(people))
"""
_COUNT = """
from hemiface_clinic.questions.models import Question
print(Question.objects.count(), len(set(q.text for q in Question.objects.all())))
"""


@dataclass(frozen=True)
class Asked:
    """What became of the questions."""

    n: int
    statuses: Counter[int]
    stored: int
    distinct: int
    seconds: float
    slowest_s: float


def ask_at_once(site: Site, n: int) -> Asked:
    """Post `n` questions at once; count what was stored."""
    people = json.loads(run_in_site(site, _PREPARE.format(n=n)))
    before = [int(x) for x in run_in_site(site, _COUNT).split()]
    began = time.perf_counter()
    answers = asyncio.run(_all(site.port, people))
    seconds = time.perf_counter() - began
    stored, distinct = (int(x) for x in run_in_site(site, _COUNT).split())
    statuses = Counter(status for status, _ in answers)
    slowest_s = max(took for _, took in answers)
    return Asked(n, statuses, stored - before[0], distinct - before[1], seconds, slowest_s)


async def _all(port: int, people: list[list[str]]) -> list[tuple[int, float]]:
    return list(await asyncio.gather(*(_post(port, n, *one) for n, one in enumerate(people))))


async def _post(port: int, n: int, cookie: str, nonce: str, code: str) -> tuple[int, float]:
    body = urlencode({
        "csrfmiddlewaretoken": cookie, "nonce": nonce, "code": code, "consent": "on",
        "name": f"Person {n}", "email": f"person{n}@home.example", "phone": "+919534200013",
        "subject": "Twitch", "question": f"This is question number {n} of a thousand.",
    }).encode()  # fmt: skip
    head = (
        f"POST /ask/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n"
        f"Cookie: csrf={cookie}\r\nX-Forwarded-For: 10.{n // 65536}.{n // 256 % 256}.{n % 256}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    began = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(head.encode() + body)
    line = await reader.readline()
    await reader.read()
    writer.close()
    return int(line.split()[1]) if line else 0, time.perf_counter() - began
