"""The forms of treatments, and what the course reads of what was typed in them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.treatments_story import (
    ALL,
    INJECTION,
    MEDICINE,
    NUTRITION,
    OPERATION,
    PHYSICAL,
    written,
)
from hemiface.errors import ConventionError
from hemiface.muscles import MUSCLES
from hemiface.records import Dose, Injection, Medicine, Operation, SideEffect, Therapy
from hemiface_clinic.treatments.course import course_side_effects, course_treatments
from hemiface_clinic.treatments.face import face_map
from hemiface_clinic.treatments.forms import Offered, SideEffectForm
from hemiface_clinic.treatments.injections import (
    MUSCLE_LABELS,
    SIDES,
    InjectionForm,
    dose_name,
    total_of,
)
from hemiface_clinic.treatments.kinds import EFFECTS_AFTER, OTHER, TREATMENTS, Kind
from hemiface_clinic.treatments.lists import FILE, Lists, read_lists
from hemiface_clinic.treatments.telling import FORMS

CELLS = [dose_name(muscle, side) for muscle in MUSCLE_LABELS for side in SIDES]
SESSION = {name: value for name, value in INJECTION.items() if name not in CELLS}


def errors(kind: Kind, **typed) -> dict[str, list[str]]:
    """What the form says to what is typed, beside what is right."""
    merged = {name: value for name, value in {**ALL[kind], **typed}.items() if value is not None}
    return dict(FORMS[kind](merged).errors)


@pytest.mark.parametrize(
    ("kind", "typed", "field"),
    [
        (Kind.MEDICINE, {"name": " "}, "name"),
        (Kind.MEDICINE, {"atc": "N03AF"}, "atc"),
        (Kind.MEDICINE, {"atc": "E03AF01"}, "atc"),
        (Kind.MEDICINE, {"atc": "N02BF01"}, "atc"),
        (Kind.MEDICINE, {"daily_mg": "0"}, "daily_mg"),
        (Kind.MEDICINE, {"daily_mg": "-5"}, "daily_mg"),
        (Kind.MEDICINE, {"daily_mg": "NaN"}, "daily_mg"),
        (Kind.MEDICINE, {"daily_mg": "400,5"}, "daily_mg"),
        (Kind.MEDICINE, {"until": "2025-10-31"}, "until"),
        (Kind.MEDICINE, {"on": "2099-01-01", "until": None}, "on"),
        (Kind.MEDICINE, {"on": "0206-01-01"}, "on"),
        (Kind.MEDICINE, {"taken": "often"}, "taken"),
        (Kind.INJECTION, {"brand": "vistabel"}, "brand"),
        (Kind.INJECTION, {"brand": OTHER}, "brand_name"),
        (Kind.INJECTION, {"brand_name": "Dysport"}, "brand_name"),
        (Kind.INJECTION, {"left-frontalis": "two"}, "left-frontalis"),
        (Kind.INJECTION, {"left-frontalis": "0"}, "left-frontalis"),
        (Kind.INJECTION, dict.fromkeys(CELLS), "__all__"),
        (Kind.OPERATION, {"side": "both"}, "side"),
        (Kind.OPERATION, {"vessel": ["AICA"]}, "vessel_name"),
        (Kind.OPERATION, {"segment": "root"}, "segment"),
        (Kind.OPERATION, {"implant": OTHER}, "implant_name"),
        (Kind.PHYSICAL, {"what": "massage"}, "frequency"),
        (Kind.PHYSICAL, {"sessions": "0"}, "sessions"),
        (Kind.NUTRITION, {"amount_unit": None}, "amount_unit"),
        (Kind.NUTRITION, {"amount": None}, "amount"),
        (Kind.COMPLEMENTARY, {"what_name": None}, "what_name"),
        (Kind.SIDE_EFFECT, {"degree": "4"}, "degree"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_field(kind, typed, field):
    assert errors(kind) == {}
    assert field in errors(kind, **typed)


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("Carbamazepine", "", "N03AF01"),
        ("clonazepam", "", "N03AE01"),
        ("baclofen", "m03bx01", "M03BX01"),
        ("gabapentin", "", "N02BF01"),
        ("something new", "", None),
        ("mecobalamin", "B03BA05", "B03BA05"),
    ],
)
def test_the_code_of_a_medicine_is_its_own(name, typed, kept):
    form = FORMS[Kind.MEDICINE]({**MEDICINE, "name": name, "atc": typed})
    assert form.is_valid()
    assert form.contents().get("atc") == kept


def test_a_side_effect_fits_the_treatment_it_came_after():
    injection = Offered("i", Kind.INJECTION, "Botox", date(2026, 3, 2))
    typed = {**ALL[Kind.SIDE_EFFECT], "after": "i"}
    assert SideEffectForm(typed, treatments=[injection]).is_valid()
    for wrong, field in (({"what": "hearing_loss"}, "what"), ({"on": "2026-03-01"}, "on")):
        assert field in SideEffectForm({**typed, **wrong}, treatments=[injection]).errors
    assert "after" in SideEffectForm({**typed, "after": "x"}, treatments=[injection]).errors
    shown = SideEffectForm(initial={"after": "i"}, treatments=[injection])
    offered = [key for key, _ in shown.fields["what"].choices if key]
    assert offered == [effect.value for effect in EFFECTS_AFTER[Kind.INJECTION]]


def test_every_modality_offers_side_effects_and_other():
    assert set(EFFECTS_AFTER) == set(TREATMENTS)
    assert all(effects[-1] == OTHER for effects in EFFECTS_AFTER.values())


UNITS = st.decimals("0.001", "9999", places=3)


@given(st.dictionaries(st.sampled_from(CELLS), UNITS, min_size=1))
def test_doses_come_back_as_they_were_typed_and_sum_exactly(doses):
    form = InjectionForm({**SESSION, **{name: str(units) for name, units in doses.items()}})
    assert form.is_valid(), form.errors
    kept = form.contents()
    assert {name: Decimal(kept[name]) for name in CELLS if name in kept} == doses
    assert total_of(kept) == sum(doses.values())
    again = InjectionForm(kept)
    assert again.is_valid()
    assert again.contents() == kept
    shown = {spot.name: spot.units for spot in face_map(kept).spots if spot.units is not None}
    assert shown == doses


@given(st.sampled_from(list(Kind)), st.data())
def test_no_text_breaks_a_form_and_none_is_kept_with_characters_nobody_sees(kind, data):
    fields = list(FORMS[kind]().fields)
    typed = data.draw(st.dictionaries(st.sampled_from(fields), st.text(max_size=40)))
    form = FORMS[kind]({**ALL[kind], **typed})
    if form.is_valid():
        kept = str(form.contents())
        assert not [letter for letter in ("\u202e", "\u0007", "\x00") if letter in kept]


def test_the_map_and_the_table_have_the_same_muscles():
    assert set(MUSCLE_LABELS) == {muscle.name for muscle in MUSCLES}
    assert (
        {spot.name for spot in face_map().spots}
        == set(CELLS)
        == {cell.name for _, cells in InjectionForm().rows() for cell in cells}
    )
    left = {spot.muscle: spot.x for spot in face_map().spots if spot.side == "left"}
    assert all(x > 200 for x in left.values())


def test_a_list_that_is_not_right_is_refused(tmp_path):
    from hemiface_clinic.tables import check_toml

    assert [one.atc for one in read_lists().substance] == [
        "N03AF01",
        "N03AE01",
        "M03BX01",
        "N02BF01",
    ]
    wrong = FILE.read_text(encoding="utf-8").replace("N03AF01", "N03AF1")
    with pytest.raises(ConventionError):
        check_toml(wrong, FILE, Lists)


@pytest.mark.django_db
def test_the_course_reads_what_was_typed(doctor, patient):
    records = {kind: written(patient, kind, doctor) for kind in TREATMENTS}
    after = str(records[Kind.INJECTION].pk)
    written(patient, Kind.SIDE_EFFECT, doctor, after=after)
    written(patient, Kind.SIDE_EFFECT, doctor, on="2026-03-09", what=OTHER, what_name="flu")
    assert course_treatments(patient) == (
        Therapy(date(2025, 7, 1), "complementary", "cupping", sessions=3),
        Therapy(
            date(2025, 8, 1), "nutrition", "magnesium", settings=(("daily_amount", 300.0, "mg"),)
        ),
        Therapy(
            date(2025, 9, 1), "physical", "electrical_stimulation", date(2025, 10, 1), 10,
            (("frequency", 20.0, "Hz"), ("pulse_width", 200.0, "µs"), ("current", 3.5, "mA"),
             ("session_length", 15.0, "min")),
        ),
        Medicine(date(2025, 11, 1), "carbamazepine", "N03AF01", 400.0, date(2026, 2, 20), None),
        Injection(
            date(2026, 3, 2), "botox",
            (Dose("orbicularis_oculi", "left", 5.0), Dose("orbicularis_oculi_lower", "left", 2.5),
             Dose("zygomaticus", "right", 0.75), Dose("zygomaticus", "left", 1.25)),
            "C7654", 2.5, 100.0,
        ),
        Operation(
            date(2026, 6, 15), "left", "microvascular_decompression", "retrosigmoid",
            ("AICA", "labyrinthine artery"), "attached_segment", "Teflon", "gone",
        ),
    )  # fmt: skip
    assert course_side_effects(patient) == (
        SideEffect(date(2026, 3, 8), "ptosis", date(2026, 3, 30), 1, "injection"),
        SideEffect(date(2026, 3, 9), "flu", date(2026, 3, 30), 1, ""),
    )
    assert course_treatments(patient)[4].total_units == 9.5


def test_the_story_is_typed_as_a_form_takes_it():
    for kind, typed in (
        (Kind.OPERATION, OPERATION),
        (Kind.PHYSICAL, PHYSICAL),
        (Kind.NUTRITION, NUTRITION),
    ):
        assert FORMS[kind](typed).is_valid()
