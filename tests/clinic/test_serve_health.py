"""/healthz tells the truth, and housekeeping forgets what is old."""

import os
import time
from collections import namedtuple
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from hemiface_clinic.limits.models import Bucket
from hemiface_clinic.questions.models import UsedCode
from hemiface_clinic.serve.housekeeping import keep_house
from hemiface_clinic.serve.worker import BEAT

pytestmark = pytest.mark.django_db


@pytest.fixture
def beat():
    path = settings.CONFIGURATION.data / BEAT
    path.touch()
    yield path
    path.unlink(missing_ok=True)


def health():
    answer = Client().get("/healthz")
    return answer.status_code, answer.json()


def test_well(beat):
    code, said = health()
    assert (code, said["status"]) == (200, "ok")
    assert set(said) == {"status", "database", "worker", "disk", "version"}


def test_worker_that_stopped(beat):
    os.utime(beat, (0, time.time() - 31))
    assert health() == (503, health()[1] | {"status": "degraded", "worker": "has stopped"})


def test_worker_that_never_started():
    assert health()[1]["worker"] == "has not started"


def test_full_disk(beat, monkeypatch):
    usage = namedtuple("usage", "total used free")(1, 1, 400_000_000)
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
    assert health()[1]["disk"] == "is nearly full"


def test_tables_that_are_old(beat, transactional_db):
    row = MigrationRecorder.Migration.objects.filter(app="people").latest("pk")
    row.delete()
    try:
        assert health()[1]["database"] == "must be brought up to date"
    finally:
        row.save(force_insert=True)


def test_housekeeping_forgets_what_is_old_and_keeps_the_rest():
    now = timezone.now()
    for name, age in (("old", timedelta(days=2)), ("new", timedelta())):
        Bucket.objects.create(key=name, tokens=1, at=time.time() - age.total_seconds())
        Session.objects.create(session_key=name, expire_date=now + timedelta(hours=1) - age)
        UsedCode.objects.create(nonce=name)
        UsedCode.objects.filter(nonce=name).update(at=now - age)
    keep_house()
    for rows in (Bucket.objects.all(), Session.objects.all(), UsedCode.objects.all()):
        assert {row.pk for row in rows} == {"new"}


def test_one_task_that_fails_does_not_stop_the_others(monkeypatch):
    def broken() -> int:
        raise RuntimeError

    monkeypatch.setattr("hemiface_clinic.limits.actions.forget_old_buckets", broken)
    UsedCode.objects.create(nonce="old")
    UsedCode.objects.update(at=timezone.now() - timedelta(days=2))
    keep_house()
    assert not UsedCode.objects.exists()
