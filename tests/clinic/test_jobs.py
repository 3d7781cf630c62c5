"""A job waits, runs, and is done or has failed; it is never lost and never done twice."""

import threading
from datetime import timedelta

import pytest
from django.utils import timezone

from hemiface_clinic.jobs import actions, worker
from hemiface_clinic.jobs.models import Job

pytestmark = pytest.mark.django_db(transaction=True)


def expire(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_a_job_is_claimed_once_and_finished():
    actions.enqueue("letter", {"n": 1})
    job = actions.claim(actions.QUICK)
    assert job is not None
    assert job.payload == {"n": 1}
    assert actions.claim(actions.QUICK) is None
    assert actions.finish(job)
    assert Job.objects.get().state == Job.State.DONE


def test_a_job_whose_worker_died_is_taken_up_again_and_the_late_result_is_refused():
    actions.enqueue("letter", {})
    frozen = actions.claim(actions.QUICK)
    expire(frozen)
    second = actions.claim(actions.QUICK)
    assert second.pk == frozen.pk
    assert not actions.renew(frozen)
    assert not actions.finish(frozen)
    assert actions.finish(second)


def test_a_job_that_kills_its_worker_is_given_up_after_three_tries():
    actions.enqueue("letter", {})
    for _ in range(actions.MAX_ATTEMPTS):
        expire(actions.claim(actions.QUICK))
    assert actions.claim(actions.QUICK) is None
    assert Job.objects.get().state == Job.State.FAILED


def test_a_failure_is_tried_again_later_then_closed():
    actions.enqueue("letter", {})
    for _ in range(actions.MAX_ATTEMPTS):
        Job.objects.update(due_at=timezone.now())
        actions.fail(actions.claim(actions.QUICK), "no mail server", again=True)
    job = Job.objects.get()
    assert (job.state, job.trouble) == (Job.State.FAILED, "no mail server")


def test_owners_take_turns():
    for owner in ("a", "a", "a", "b"):
        actions.enqueue("letter", {}, owner=owner)
    order = [actions.claim(actions.QUICK).owner for _ in range(4)]
    assert order == ["a", "b", "a", "a"]


def test_lanes_do_not_wait_for_each_other():
    actions.enqueue("measure", {}, lane=actions.VIDEO)
    assert actions.claim(actions.QUICK) is None
    assert actions.claim(actions.VIDEO) is not None


def test_many_workers_do_each_job_once(monkeypatch):
    done = []
    monkeypatch.setattr(worker, "handler_of", lambda kind: lambda job: done.append(job.pk))
    for n in range(40):
        actions.enqueue("letter", {"n": n})
    stop = threading.Event()
    threads = [threading.Thread(target=worker.work, args=("quick", stop)) for _ in range(4)]
    for thread in threads:
        thread.start()
    while Job.objects.exclude(state=Job.State.DONE).exists():
        stop.wait(0.05)
    stop.set()
    for thread in threads:
        thread.join()
    assert len(done) == len(set(done)) == 40


def test_a_result_is_written_in_the_transaction_that_finishes(monkeypatch):
    def breaks(job):
        def save():
            raise RuntimeError("disk full")

        return save

    monkeypatch.setattr(worker, "handler_of", lambda kind: breaks)
    actions.enqueue("letter", {})
    worker.run(actions.claim(actions.QUICK))
    assert Job.objects.get().state == Job.State.WAITING


def test_what_cannot_succeed_is_not_tried_again(monkeypatch):
    def refuses(job):
        raise worker.StopJobError("This is not a video.")

    monkeypatch.setattr(worker, "handler_of", lambda kind: refuses)
    actions.enqueue("letter", {})
    worker.run(actions.claim(actions.QUICK))
    job = Job.objects.get()
    assert (job.state, job.trouble) == (Job.State.FAILED, "This is not a video.")
