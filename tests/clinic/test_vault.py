"""What is sealed opens in its own place only, and goes on opening while keys change."""

import stat

import pytest
from django.conf import settings
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from hemiface_clinic.people.models import Patient
from hemiface_clinic.questions.models import Question
from hemiface_clinic.vault import rotation, seal
from hemiface_clinic.vault.columns import sealed_columns
from hemiface_clinic.vault.ring import make_keys, read_ring


def stored(model, pk, column: str) -> bytes:
    return bytes(model.objects.filter(pk=pk).values_list(column, flat=True).get())


@given(st.binary(max_size=2000), st.text(max_size=40))
def test_what_is_sealed_opens_in_its_place(plain, place):
    assert seal.open_seal(seal.seal(plain, place), place) == plain


def test_another_place_does_not_open_it():
    with pytest.raises(seal.BrokenSealError, match="moved from another row"):
        seal.open_seal(seal.seal(b"secret", "a.b.1"), "a.b.2")


def test_no_bit_can_be_changed():
    sealed = seal.seal(b"secret", "here")
    for bit in range(8 * len(sealed)):
        changed = bytearray(sealed)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(seal.BrokenSealError):
            seal.open_seal(bytes(changed), "here")


def test_nonces_are_never_the_same():
    nonces = {seal.seal(b"", "x").partition(b"\0")[2][: seal.NONCE_BYTES] for _ in range(100_000)}
    assert len(nonces) == 100_000


def test_the_database_holds_no_plain_text(question):
    for column in ("name", "email", "phone", "subject", "text"):
        sealed = stored(Question, question.pk, column)
        assert getattr(question, column).encode() not in sealed
    assert Question.objects.get(pk=question.pk).text == question.text


def test_two_rows_cannot_swap_their_columns(doctor, patient):
    other = Patient.objects.create(name="B", email="b@x.org", phone="1", email_index="")
    with connection.cursor() as cursor:
        value = stored(Patient, other.pk, "name")
        keys = [value, Patient._meta.pk.get_db_prep_value(patient.pk, connection)]
        cursor.execute("UPDATE people_patient SET name = %s WHERE id = %s", keys)
    with pytest.raises(seal.BrokenSealError):
        _ = Patient.objects.get(pk=patient.pk).name


def test_an_update_by_query_is_refused(patient):
    with pytest.raises(TypeError, match="through its row"):
        Patient.objects.update(name="plain")


def test_a_column_that_was_not_read_is_saved_as_it_was(patient):
    before = stored(Patient, patient.pk, "name")
    Patient.objects.get(pk=patient.pk).save()
    assert stored(Patient, patient.pk, "name") == before


def test_new_keys_seal_everything_again_and_old_ones_can_go(question, patient, administrator):
    before = seal.ring()
    try:
        rotation.add_key()
        n = rotation.seal_everything_again()
        current = seal.ring().current
        assert current not in before.keys
        assert n >= len([1 for model, _ in sealed_columns() for _ in model.objects.all()])
        assert seal.key_name(stored(Question, question.pk, "text")) == current
        assert rotation.drop_unused_keys() == sorted(before.keys)
        assert Question.objects.get(pk=question.pk).text == question.text
        assert Patient.objects.get(pk=patient.pk).name == patient.name
        assert rotation.seal_everything_again() == 0
    finally:
        from hemiface_clinic.vault.ring import write_ring

        write_ring(settings.KEYS_ROOT, before)


def test_keys_are_readable_by_their_owner_only_and_made_once(tmp_path):
    make_keys(tmp_path / "keys")
    first = read_ring(tmp_path / "keys")
    make_keys(tmp_path / "keys")
    assert read_ring(tmp_path / "keys") == first
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "keys").iterdir()}
    assert modes == {0o600}
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700


def test_an_index_shows_nothing_and_differs_by_purpose():
    assert seal.blind_index("email", "a@b.c") == seal.blind_index("email", "a@b.c")
    assert seal.blind_index("email", "a@b.c") != seal.blind_index("letters", "a@b.c")
