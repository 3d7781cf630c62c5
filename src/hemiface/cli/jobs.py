"""The work of `hemiface measure`: one video after the other here, or several in processes.

A job that is stopped leaves nothing: wherever it is, it unwinds, and what it was writing goes.
"""

import signal
import sys
import traceback
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from hemiface.cli.progress import show_progress
from hemiface.errors import HemifaceError


@dataclass(frozen=True)
class Job:
    """One video to measure, and the folder for its report."""

    video: Path
    folder: Path
    task: str
    mirrored: bool | None


@dataclass(frozen=True)
class Outcome:
    """What came of a job, in words for the person who asked for it."""

    text: str
    failed: bool = False


def run_jobs(jobs: Sequence[Job], workers: int) -> Generator[Outcome, None, None]:
    """Yield what comes of each job, as it is done; closing stops those under way."""
    if min(workers, len(jobs)) > 1:
        yield from _run_apart(jobs, min(workers, len(jobs)))
        return
    for job in jobs:
        with show_progress(job.video.name) as progress:
            outcome = run_job(job, progress)
        yield outcome


def run_job(job: Job, progress: Callable[[float], None] | None = None) -> Outcome:
    """Measure one video and write its report; a failure is an outcome too."""
    try:
        return _measure(job, progress)
    except HemifaceError as problem:
        return Outcome(f"Error: {say_problem(problem, job.video)}", failed=True)
    except OSError as problem:
        # The problem names the file that it is about; that need not be the video.
        return Outcome(f"Error: {job.video} could not be measured: {problem}.", failed=True)
    except MemoryError:
        return Outcome(f"Error: {job.video} needs more memory than there is.", failed=True)
    except Exception:  # the other videos are still wanted
        return Outcome(
            f"Error: {job.video} could not be measured, by a fault of hemiface. Please report it "
            f"with these lines:\n{traceback.format_exc()}",
            failed=True,
        )


def say_problem(problem: HemifaceError, video: Path) -> str:
    """Return what went wrong, with the name of the video if it is not in it."""
    text = str(problem)
    return text if video.name in text else f"{video}: {text}"


def _measure(job: Job, progress: Callable[[float], None] | None) -> Outcome:
    from hemiface import pipeline
    from hemiface.report import write_report
    from hemiface.report.summary import answer

    found = pipeline.measure(job.video, task=job.task, mirrored=job.mirrored, progress=progress)
    page = write_report(found, job.folder, video=job.video)[-1]
    return Outcome(f"{job.video}: {answer(found)}\n  report: {page}")


def _run_apart(jobs: Sequence[Job], workers: int) -> Generator[Outcome, None, None]:
    """Run jobs in processes of their own."""
    from multiprocessing import get_context

    # Spawned, because a fork of a process that has threads may hang.
    pool = ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=_prepare_worker
    )
    try:
        with _interrupts_ignored():  # which the processes inherit
            waiting = {pool.submit(_run_in_worker, job): job for job in jobs}
        for done in as_completed(waiting):
            try:
                yield done.result()
            except BrokenProcessPool:
                yield Outcome(
                    f"Error: {waiting[done].video} could not be measured: its process died, "
                    "perhaps for want of memory. Use fewer --workers.",
                    failed=True,
                )
    except BaseException:
        _stop_workers(pool)
        raise
    pool.shutdown()


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _stop_workers(pool: ProcessPoolExecutor) -> None:
    """Make jobs under way unwind, and wait until they have."""
    from multiprocessing import active_children

    pool.shutdown(wait=False, cancel_futures=True)
    workers = active_children()
    for worker in workers:
        worker.terminate()
    for worker in workers:
        worker.join()


class _Worker:
    """What this process, if it is a worker, is doing."""

    busy = False
    leaving = False


def _prepare_worker() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what Ctrl-C means
    signal.signal(signal.SIGTERM, _leave)


def _leave(_signal: int, _frame: FrameType | None) -> None:
    """Unwind the job under way, once: a second signal must not break into its tidying up."""
    if not _Worker.leaving:
        _Worker.leaving = True
        if _Worker.busy:
            sys.exit(1)


def _run_in_worker(job: Job) -> Outcome:
    if _Worker.leaving:  # a job that had been handed over already
        return Outcome(f"Error: {job.video} was not measured.", failed=True)
    _Worker.busy = True
    try:
        return run_job(job)
    finally:
        _Worker.busy = False
