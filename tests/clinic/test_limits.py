"""A bucket gives so many tokens, and fills again with time."""

import threading
import time

import pytest
from django.db import connection
from django.http import HttpResponse

from hemiface_clinic.limits.actions import Limit, forget_old_buckets, take
from hemiface_clinic.limits.models import Bucket
from hemiface_clinic.site.addresses import ClientAddress, client_network

THREE = Limit("three", 3, 60)


@pytest.mark.django_db
def test_a_bucket_gives_what_it_holds_and_no_more():
    assert [take(THREE, "a") for _ in range(5)] == [True, True, True, False, False]
    assert take(THREE, "b")


@pytest.mark.django_db
def test_a_bucket_fills_with_time():
    for _ in range(3):
        take(THREE, "a")
    Bucket.objects.update(at=time.time() - 21)
    assert [take(THREE, "a"), take(THREE, "a")] == [True, False]


@pytest.mark.django_db
def test_nobody_is_named_and_old_buckets_go():
    take(THREE, "203.0.113.7")
    assert "203" not in Bucket.objects.get().key[:3] + "x"
    assert len(Bucket.objects.get().key) == 64
    Bucket.objects.update(at=0)
    assert forget_old_buckets() == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_take_the_same_token():
    taken = []

    def grab():
        taken.append(take(THREE, "a"))
        connection.close()

    threads = [threading.Thread(target=grab) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(taken) == 3


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("", ""),
    ],
)
def test_one_home_has_one_bucket(rf, address, network):
    seen = []
    ClientAddress(lambda _: seen.append(client_network()) or HttpResponse())(
        rf.get("/", REMOTE_ADDR=address)
    )
    assert seen == [network]
