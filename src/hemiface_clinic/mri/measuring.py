"""Measuring a study: the work of the job, done outside any transaction."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from hemiface.errors import HemifaceError
from hemiface_clinic.jobs.models import Job
from hemiface_clinic.jobs.worker import StopJobError, tell
from hemiface_clinic.mri.actions import keep_refusal, keep_result
from hemiface_clinic.mri.checks import sentence
from hemiface_clinic.mri.child import FOUND
from hemiface_clinic.mri.files import MADE, PICTURES, files_of, remove_files, sealed_path
from hemiface_clinic.mri.models import Study
from hemiface_clinic.mri.profile import profile_of
from hemiface_clinic.mri.queries import study_of
from hemiface_clinic.mri.wording import told
from hemiface_clinic.recordings.bounds import BOUNDS
from hemiface_clinic.recordings.runner import RefusedError, run_child, workspace
from hemiface_clinic.vault.files import read_chunks, read_sealed, write_sealed


def measure_study(job: Job) -> Callable[[], None] | None:
    """Measure the study of a job; return what keeps the result.

    Raises
    ------
    hemiface_clinic.jobs.worker.StopJobError
        If it cannot be measured; the study says why.
    """
    study = study_of(job)
    if study is None:
        return None
    try:
        document = _measure(study, job)
    except RefusedError as refused:
        keep_refusal(study, refused.code, job)
        raise StopJobError(sentence(refused.code)) from refused
    if study_of(job) is None:  # deleted meanwhile: what was made must go as well
        remove_files(study.pk)
        return None
    return partial(keep_result, study, document)


def _measure(study: Study, job: Job) -> dict[str, Any]:
    with workspace() as out:
        pictures = out / "pictures"
        pictures.mkdir(mode=0o700)
        for name, path in files_of(study.pk):
            if name in PICTURES:
                with (pictures / name).open("xb") as file:
                    file.writelines(read_sealed(path))
        run_child("mri-measure", pictures, out, _asked(study), on_progress=partial(tell, job))
        document = _read(out / FOUND)
        for name in MADE:
            if (out / name).exists():
                write_sealed(sealed_path(study.pk, name), read_chunks(out / name))
    return document


def _asked(study: Study) -> str:
    """Return what the child is told: numbers, and nothing of the person."""
    tof = study.contents["tof"]
    return json.dumps({
        "clicks": study.clicks,
        "t2_mm": study.contents["t2"]["acquired_mm"],
        "tof_mm": tof["acquired_mm"] if tof else None,
        "doubts": study.contents["doubts"],
    })  # fmt: skip


def _read(path: Path) -> dict[str, Any]:
    """Read what the child wrote; it read a stranger's file, so it is not simply believed."""
    if path.stat().st_size > BOUNDS["mri-measure"].file_bytes:
        raise HemifaceError("The child's result must be of a sensible size; it is not.")
    document: dict[str, Any] = json.loads(path.read_bytes())
    for side, found in document["sides"].items():
        told(side, found)
        profile_of(side, found, None)
    return document
