"""Eight processes that read and then write the same database."""

import json
import time
from dataclasses import dataclass
from multiprocessing import get_context

from benchmarks.web.site import Site, run_in_site

_WRITE = """
import json, time
from django.db import OperationalError
from hemiface_clinic.questions import actions, codes
locked, slowest = 0, 0.0
for n in range({n}):
    began = time.perf_counter()
    try:
        question, _ = actions.ask({{
            "name": "W", "email": "w@home.example", "phone": "+919534200013", "subject": "S",
            "question": "Written by one of eight.", "nonce": codes.new_nonce(),
        }})
        actions.add_to_question(question, "and more")
    except OperationalError:
        locked += 1
    slowest = max(slowest, time.perf_counter() - began)
print(json.dumps([locked, slowest]))
"""


@dataclass(frozen=True)
class Written:
    """How the writers fared."""

    n: int
    locked: int
    slowest_s: float
    per_s: float


def write_at_once(site: Site, n_writers: int = 8, n_each: int = 60) -> Written:
    """Let several processes write; count lock errors."""
    began = time.perf_counter()
    with get_context("spawn").Pool(n_writers) as pool:
        told = pool.starmap(run_in_site, [(site, _WRITE.format(n=n_each))] * n_writers)
    seconds = time.perf_counter() - began
    results = [json.loads(one) for one in told]
    n = n_writers * n_each * 2
    return Written(n, sum(r[0] for r in results), max(r[1] for r in results), n / seconds)
