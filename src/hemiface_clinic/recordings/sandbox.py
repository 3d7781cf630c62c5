"""The child that reads what a stranger sent: bounded, with no key and no database in reach.

Run as ``python -m hemiface_clinic.recordings.sandbox probe|measure|faceless FILE OUT [ASKED]``, or
``mri-read|mri-measure FOLDER OUT [ASKED]``; what is asked is JSON. It writes one JSON object a
line: ``{"progress": 0.4}`` now and then, at the end what it found or why it refuses. It imports no
Django.
"""

import json
import os
import random
import resource
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

from hemiface.errors import NoFaceError, SourceError, TooLittleError
from hemiface_clinic.recordings.bounds import BOUNDS, N_PROCESSORS, Bounds
from hemiface_clinic.recordings.probing import ProbeError, probe
from hemiface_clinic.serve.lifeline import take_lifeline, watch

RESULT, REPORT, SIGNALS, PLAYER = "result.json", "report.html", "signals.npz", "player.json"
FILM, CLIP, STILL, FACELESS = "film.mp4", "clip.mp4", "still.jpg", "faceless.mp4"
NICE = 19
TELL_EVERY_S = 1.0
_PATIENCE_S, _PATIENCE = 120.0, 20.0  # a second of 4K at 60 Hz takes 4 s on two processors


_REFUSALS = (ProbeError, SourceError, NoFaceError, TooLittleError, MemoryError)


def main(arguments: list[str]) -> int:
    """Do one command; 0 if there is an answer, and be it a refusal."""
    command, file, out, *options = arguments
    set_bounds(BOUNDS[command])
    watch(take_lifeline())
    answers = _take_output()
    try:
        answer = _COMMANDS[command](Path(file), Path(out), answers, *options)
    except _REFUSALS as problem:  # whatever else goes wrong is not the video's fault
        answer = {"refused": _code(problem)}
    _say(answers, answer)
    return 0


def set_bounds(bounds: Bounds) -> None:
    """Bound what this process may use, before anything else is imported."""
    for kind, value, hard in (
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_AS, bounds.memory_bytes, bounds.memory_bytes),
        (resource.RLIMIT_CPU, bounds.cpu_s, bounds.cpu_s + 5),  # told first, then killed
        (resource.RLIMIT_FSIZE, bounds.file_bytes, bounds.file_bytes),
        (resource.RLIMIT_NOFILE, bounds.n_files, bounds.n_files),
    ):
        resource.setrlimit(kind, (value, hard))
    # FFmpeg takes a thread, and memory, for each processor it sees.
    processors = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, random.sample(processors, min(N_PROCESSORS, len(processors))))
    os.nice(NICE)


def _probe(file: Path, _out: Path, _answers: TextIO) -> dict[str, Any]:
    return probe(file)


def _measure(file: Path, out: Path, answers: TextIO, asked: str) -> dict[str, Any]:
    # Out of memory, a library may wait for ever; so there is an end that fits the video's length.
    signal.alarm(round(_PATIENCE_S + _PATIENCE * probe(file)["duration_s"]))
    import hemiface
    from hemiface.report.clip import strongest, write_clip
    from hemiface.report.document import write_json
    from hemiface.report.film import write_film
    from hemiface.report.page import write_page
    from hemiface.report.player import player_document
    from hemiface.report.signals_file import write_signals
    from hemiface.report.still import write_still
    from hemiface.types import TaskSpan

    about = json.loads(asked)
    tasks = tuple(TaskSpan(**one) for one in about["tasks"])
    found = hemiface.measure(
        file, task=about["task"], tasks=tasks, mirrored=about["mirrored"],
        progress=_teller(answers),
    )  # fmt: skip
    write_json(found, out / RESULT)
    film = out / FILM
    has_film = write_film(file, film)
    write_page(found, out / REPORT, video=film if has_film else None)
    if found.signals is not None:
        write_signals(found.signals, out / SIGNALS)
    (out / PLAYER).write_text(json.dumps(player_document(found)), encoding="utf-8")
    if spasm := strongest(found.spasms):
        write_clip(file, spasm, out / CLIP)
    if has_film:
        write_still(film, found.recording.duration_s / 2, out / STILL)
    return {"done": True}


def _faceless(file: Path, out: Path, answers: TextIO) -> dict[str, Any]:
    signal.alarm(round(_PATIENCE_S + _PATIENCE * probe(file)["duration_s"]))
    import numpy as np

    from hemiface.pipeline import find_points
    from hemiface.report.faceless import write_faceless

    points = find_points(file, progress=_teller(answers))
    if not np.isfinite(points.brightness).any():
        raise NoFaceError("A face must be seen in it; there is none.")
    write_faceless(points, out / FACELESS)
    return {"done": True}


def _mri_read(uploads: Path, out: Path, _answers: TextIO) -> dict[str, Any]:
    from hemiface_clinic.mri.child import read_pictures

    return read_pictures(uploads, out)


def _mri_measure(folder: Path, out: Path, answers: TextIO, asked: str) -> dict[str, Any]:
    from hemiface_clinic.mri.child import measure_pictures

    return measure_pictures(folder, out, _teller(answers), asked)


def _teller(answers: TextIO) -> Callable[[float], None]:
    last = float("-inf")

    def tell(share: float) -> None:
        nonlocal last
        if time.monotonic() - last >= TELL_EVERY_S:
            last = time.monotonic()
            _say(answers, {"progress": round(share, 3)})

    return tell


def _code(problem: Exception) -> str:
    match problem:
        case ProbeError():
            return problem.code
        case NoFaceError():
            return "no_face"
        case TooLittleError():
            return "too_little"
        case MemoryError():
            return "too_heavy"
    return "not_a_video"


def _take_output() -> TextIO:
    """Keep standard output for answers: what a library prints goes to standard error."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return answers


def _say(answers: TextIO, message: dict[str, Any]) -> None:
    answers.write(json.dumps(message) + "\n")
    answers.flush()


_COMMANDS: dict[str, Callable[..., dict[str, Any]]] = {
    "probe": _probe,
    "measure": _measure,
    "faceless": _faceless,
    "mri-read": _mri_read,
    "mri-measure": _mri_measure,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
