"""Who may not see it: every address, for everybody, on what is theirs and what is not.

An address that is not listed fails. What belongs to somebody else and what does not exist give the
same answer.
"""

import re
from dataclasses import dataclass
from uuid import uuid4

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from clinic.diary_story import kept as written_in_diary
from clinic.mri_story import kept as measured_study
from clinic.mri_story import signed
from clinic.review_story import reviewable
from clinic.scales_story import graded
from clinic.treatments_story import written
from hemiface.scales import read_scales
from hemiface_clinic.course.exports import FORMS
from hemiface_clinic.mri.serving import FILES
from hemiface_clinic.mri.slices import PLANES
from hemiface_clinic.people import actions as people
from hemiface_clinic.people.models import Role
from hemiface_clinic.questions import actions, codes
from hemiface_clinic.questions.models import AnswerTemplate
from hemiface_clinic.treatments.kinds import TREATMENTS, Kind
from hemiface_clinic.uploads.actions import begin

EVERYBODY = frozenset(
    {"anonymous", "asha", "other_patient", "doctor", "other_doctor", "nurse", "admin"}
)
SIGNED_IN = EVERYBODY - {"anonymous"}
DOCTORS = frozenset({"doctor", "other_doctor"})
CLINICAL = DOCTORS | {"nurse"}
PATIENTS = frozenset({"asha", "other_patient"})
# What is sent in parts has methods of its own; elsewhere forms know these two, and a test below
# refuses the others.
METHODS = {"upload": ("GET", "HEAD", "POST", "PATCH", "DELETE")}


@dataclass(frozen=True)
class Rule:
    """Who may use an address on their own things; on another's nobody may, unless `strangers`."""

    who: frozenset[str]
    argument: str = ""
    strangers: frozenset[str] = frozenset()


PUBLIC, MINE = Rule(EVERYBODY), Rule(SIGNED_IN)
ON_QUESTION = Rule(frozenset({"doctor", "nurse"}), "question")
ON_ASKED = Rule(frozenset({"asha"}), "reference")
ON_PATIENT = Rule(frozenset({"doctor"}), "patient")
ON_RECORDING = Rule(frozenset({"doctor", "nurse", "asha"}), "recording")
ON_ENTRY = Rule(frozenset({"asha"}), "entry")
ON_STUDY = Rule(frozenset({"doctor"}), "study")

_FILLED_IN_BY = {
    ("patient",): {"asha"},
    ("clinician",): {"doctor"},
    ("patient", "clinician"): {"asha", "doctor"},
}
RULES = {
    "scales": Rule(frozenset({"doctor", "asha"}), "patient"),
    **{
        f"scale-{one.key}-{one.version}": Rule(frozenset(_FILLED_IN_BY[one.by]), "patient")
        for one in read_scales()
    },
    "scale-error": Rule(frozenset({"doctor", "asha"}), "graded"),
    "calls-seen": ON_PATIENT,
    **{
        f"course{name}": Rule(frozenset({"doctor", "asha"}), "patient")
        for name in ("", "-chart", "-drawing", "-answers", "-summary", "-pdf")
    },
    **{f"course-{form}": Rule(frozenset({"doctor", "asha"}), "patient") for form in FORMS},
    "cohort": Rule(DOCTORS),
    "history": Rule(frozenset({"doctor", "asha"}), "patient"),
    "examination": ON_PATIENT, "differential": ON_PATIENT,
    "treatments": Rule(frozenset({"doctor", "asha"}), "patient"),
    **{f"treatment-add-{kind}": ON_PATIENT for kind in TREATMENTS},
    "treatment-add-side_effect": Rule(frozenset({"doctor", "asha"}), "patient"),
    "treatment": Rule(frozenset({"doctor", "asha"}), "treatment"),
    "treatment-taken": Rule(frozenset({"doctor", "asha"}), "treatment"),
    "treatment-change": Rule(frozenset({"doctor"}), "treatment"),
    "treatment-error": Rule(frozenset({"doctor"}), "treatment"),
    # The patient reads the signed report; pictures and numbers are for their doctors.
    **{f"mri{name}": ON_PATIENT for name in ("", "-request", "-request-pdf")},
    **{f"mri-{name}": ON_STUDY for name in ("study", "state", "points", "delete", "page", *PLANES)},
    **{f"mri-file-{name}": ON_STUDY for name in FILES},
    "mri-report": ON_STUDY,
    "mri-report-read": Rule(frozenset({"doctor", "asha"}), "study"),
    "home": PUBLIC, "privacy": PUBLIC, "accessibility": PUBLIC, "vcard": PUBLIC, "healthz": PUBLIC,
    "knowledge": PUBLIC, "search": PUBLIC, "page": Rule(EVERYBODY, "page"),
    "sitemap": PUBLIC, "robots": PUBLIC, "api-root": Rule(frozenset()),
    "ask": PUBLIC, "new-code": PUBLIC, "new-link": PUBLIC,
    "code-image": Rule(EVERYBODY, "nonce"), "code-sound": Rule(EVERYBODY, "nonce"),
    "open-link": Rule(EVERYBODY, "token", EVERYBODY),
    # The page of a question belongs to the patient who asked, or to who opened its link.
    "leave": PUBLIC,
    "sent": ON_ASKED, "follow": ON_ASKED, "attach": ON_ASKED,
    "inbox": Rule(CLINICAL), "templates": Rule(CLINICAL),
    "template-delete": Rule(frozenset({"doctor"}), "template"),
    "question": ON_QUESTION, "reply": ON_QUESTION, "draft": ON_QUESTION, "assign": ON_QUESTION,
    "close": ON_QUESTION, "reopen": ON_QUESTION, "revoke-links": ON_QUESTION,
    "make-patient": Rule(frozenset({"doctor"}), "question"),
    "recording": ON_RECORDING, "recording-video": ON_RECORDING, "recording-report": ON_RECORDING,
    "recording-delete": ON_RECORDING, "read_recording": ON_RECORDING,
    "recording-clip": ON_RECORDING, "recording-film": ON_RECORDING,
    "recording-still": ON_RECORDING, "recording-faceless": ON_RECORDING,
    "recording-stop": ON_RECORDING, "recording-retry": ON_RECORDING,
    **{
        f"recording-{name}": Rule(frozenset({"doctor"}), "recording")
        for name in ("review", "compare", "player", "spasms")
    },
    "guided": Rule(frozenset({"doctor", "asha"}), "patient"),
    "uploads": Rule(frozenset({"doctor", "asha"}), "patient"),
    "upload": Rule(frozenset({"asha"}), "upload"),
    "read_counts": MINE,
    "home-of-user": MINE, "consent": Rule(PATIENTS, "purpose"),
    "export": Rule(PATIENTS), "erase": Rule(PATIENTS),
    "accept-invitation": Rule(EVERYBODY, "token", EVERYBODY),
    "patients": Rule(CLINICAL), "patient-find": Rule(CLINICAL),
    "patient": ON_PATIENT, "patient-team": ON_PATIENT, "patient-invite": ON_PATIENT,
    # This page exists to reach a stranger's data; it shows nothing of it, and asks for a reason.
    "patient-emergency": Rule(CLINICAL, "patient", CLINICAL),
    "diary": Rule(PATIENTS), "diary-begin": Rule(PATIENTS), "diary-reminder": Rule(PATIENTS),
    "diary-csv": Rule(PATIENTS), "diary-pdf": Rule(PATIENTS), "diary-shell": Rule(PATIENTS),
    "diary-sender": Rule(PATIENTS), "diary-worker": Rule(PATIENTS),
    "diary-entry": ON_ENTRY, "diary-delete": ON_ENTRY,
    "patient-diary": ON_PATIENT, "patient-diary-csv": ON_PATIENT, "patient-diary-pdf": ON_PATIENT,
    "people": Rule(frozenset({"admin"})), "audit": Rule(frozenset({"admin"})),
    "person-active": Rule(frozenset({"admin"}), "person", frozenset({"admin"})),
    "invitation-take-back": Rule(frozenset({"admin"}), "invitation", frozenset({"admin"})),
}  # fmt: skip


def addresses() -> dict[str, URLPattern]:
    """Every address of the site by name, except those of allauth, which tests its own."""
    found = {}

    def walk(patterns, prefix=""):
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                if str(pattern.urlconf_name).find("allauth") < 0:
                    walk(pattern.url_patterns, prefix + str(pattern.pattern))
            else:
                found[pattern.name or f"{prefix}{pattern.pattern}"] = pattern

    walk(get_resolver().url_patterns)
    return found


@pytest.fixture
def world(person, patient, doctor, nurse, administrator, typed, logged_in, tmp_path):
    """Two patients, two doctors, and one of everything for each."""
    other_doctor = person(Role.DOCTOR, "other")
    other = people.add_patient("Ben", "ben@home.example", "+919000000000", by=other_doctor)
    other.user = person(Role.PATIENT, "ben")
    other.save()
    own, foreign = {}, {}
    for kept, who, asker in ((own, doctor, patient), (foreign, other_doctor, other)):
        question, token = actions.ask({**typed, "nonce": codes.new_nonce()}, by=asker.user)
        actions.assign(question, who, by=who)
        template = AnswerTemplate(title="t", text="t")
        actions.save_template(template, by=who)
        kept |= {
            "question": question.pk, "patient": asker.pk, "reference": question.reference,
            "token": token, "template": template.pk, "person": who.pk, "purpose": "care",
            "page": "treatments", "nonce": codes.new_nonce(),
            "recording": reviewable(asker, tmp_path, question=question).pk,
            "entry": written_in_diary(asker).pk,
            "treatment": written(asker, Kind.MEDICINE, who).pk,
            "graded": graded(asker, 40, by=asker.user).pk,
            "upload": begin(asker, 9, {}, by=asker.user).pk,
            "study": signed(measured_study(asker, who), who).study.pk,
            "invitation": people.invite("n@clinic.example", "N", Role.NURSE, by=administrator).pk,
        }  # fmt: skip
    # The nurse sorts what is open; the foreign question is not, for her to have a foreign one, too.
    actions.set_closed(
        type(question).objects.get(pk=foreign["question"]), closed=True, by=other_doctor
    )
    users = {
        "asha": patient.user, "other_patient": other.user, "doctor": doctor,
        "other_doctor": other_doctor, "nurse": nurse, "admin": administrator,
    }  # fmt: skip
    return own, foreign, users


def unknown(value: object) -> object:
    return "ZZZZ-9999" if isinstance(value, str) else uuid4()


def url_of(name: str, rule: Rule, things: dict[str, object]) -> str:
    args = [things[rule.argument]] if rule.argument else []
    if name in {"read_counts", "read_recording", "api-root"}:
        return reverse(f"api:{name}", args=args)
    return reverse(name, args=args)


def kind_of(answer) -> str:
    if answer.status_code in (302, 303) and "/account/login/" in answer.url:
        return "log in"
    if answer.status_code in (401, 403):
        return "log in"
    return "nothing" if answer.status_code == 404 else "there"


def blank(answer) -> str:
    text = answer.content.decode(errors="replace")
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|[A-Z]{4}-\d{4}|value=\"\w{64}\"", "", text)


def test_every_address_is_listed():
    assert set(addresses()) == set(RULES)


@pytest.mark.django_db
@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_who_may_not_see_it(world, logged_in, who):
    own, foreign, users = world
    mine, theirs = (foreign, own) if who.startswith("other") else (own, foreign)
    browser = logged_in(users[who]) if who in users else Client()
    leaks = []
    for name, rule in RULES.items():
        leaks += leaks_of_own(browser, name, rule, mine, who)
        if has_owner(rule) and who not in rule.strangers:
            for method in METHODS.get(name, ("GET", "POST")):
                leaks += leaks_of_foreign(browser, method, name, rule, theirs, who)
    assert not leaks, "\n".join(leaks)


def leaks_of_own(browser, name, rule, mine, who) -> list[str]:
    answer = browser.get(url_of(name, rule, mine))
    got, wanted = kind_of(answer), expected(name, rule, who)
    is_as_it_should_be = got == wanted or answer.status_code == 405
    return [] if is_as_it_should_be else [f"{who} GET {name} own: {got}, not {wanted}"]


def leaks_of_foreign(browser, method, name, rule, theirs, who) -> list[str]:
    strange = browser.generic(method, url_of(name, rule, theirs))
    nowhere = {rule.argument: unknown(theirs[rule.argument])}
    absent = browser.generic(method, url_of(name, rule, nowhere))
    leaks = []
    if kind_of(strange) == "there" and strange.status_code != 405:
        leaks.append(f"{who} {method} {name} foreign: {strange.status_code}")
    if strange.status_code != absent.status_code or blank(strange) != blank(absent):
        leaks.append(f"{who} {method} {name}: foreign and unknown differ")
    return leaks


def has_owner(rule: Rule) -> bool:
    return rule.argument not in {"", "page", "purpose", "nonce", "token"}


def expected(name: str, rule: Rule, who: str) -> str:
    alike = {"other_doctor": "doctor", "other_patient": "asha"}.get(who, who)
    if who in rule.who or (rule.argument and alike in rule.who):
        return "there"
    # Who holds no link, and who asks for no view of the interface, is told there is nothing.
    nobody_logs_in = {"sent", "follow", "attach", "api-root"}
    return "log in" if who == "anonymous" and name not in nobody_logs_in else "nothing"


@pytest.mark.django_db
def test_every_change_needs_the_forms_token(world):
    own, _, users = world
    browser = Client(enforce_csrf_checks=True)
    for who, user in users.items():
        browser.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
        before = counted()
        for name, rule in RULES.items():
            answer = browser.post(url_of(name, rule, own))
            assert answer.status_code in (403, 404, 405, 422, 401), (
                f"{who} {name} {answer.status_code}"
            )
        assert counted() == before, who


@pytest.mark.django_db
def test_looking_changes_nothing(world, logged_in):
    own, _, users = world
    for who in ("doctor", "nurse", "asha", "admin"):
        browser = logged_in(users[who])
        for round_ in range(2):
            before = counted()
            for name, rule in RULES.items():
                browser.get(url_of(name, rule, own))
            # The first look is noted: who has seen a question, and the session's own rows.
            assert round_ == 0 or counted() == before, who


def counted() -> dict[str, int]:
    """How many rows there are in each table, except where looking itself is written down."""
    noted = {"audit.Event", "limits.Bucket", "sessions.Session", "usersessions.UserSession"}
    return {
        model._meta.label: model._base_manager.count()
        for model in apps.get_models()
        if model._meta.label not in noted
    }


@pytest.mark.django_db
def test_methods_that_no_form_sends_are_refused(world, logged_in):
    own, _, users = world
    browsers = [logged_in(users[who]) for who in ("doctor", "asha", "admin")]
    for name, rule in RULES.items():
        for browser in browsers:
            for method in ("PUT", "PATCH", "DELETE"):
                answer = browser.generic(method, url_of(name, rule, own))
                assert answer.status_code in (302, 403, 404, 405, 412), (  # 412: it is for tus
                    f"{name} {method} {answer.status_code}"
                )


@pytest.mark.django_db
def test_private_pages_are_never_kept_and_public_ones_say_nothing_of_who_asks(world, logged_in):
    own, _, users = world
    for name, rule in RULES.items():
        answer = logged_in(users["doctor"]).get(url_of(name, rule, own))
        kept = answer.headers["Cache-Control"]
        if rule.who == EVERYBODY and "public" in kept:
            anonymous = Client().get(url_of(name, rule, own))
            if name != "healthz":
                assert anonymous.content == answer.content, name
            assert not anonymous.cookies, name
        else:
            assert "no-store" in kept, name


def test_patients_are_looked_up_through_who_asks():
    """`objects.get(` by a bare id is not found outside the modules that decide about rights."""
    import hemiface_clinic

    root = hemiface_clinic.__path__[0]
    from pathlib import Path

    allowed = {"queries.py", "actions.py", "holdings.py", "fill.py", "measuring.py"}
    bare = re.compile(
        r"(Patient|Question|Recording|Message)\.objects\.(get|filter)\(|get_object_or_404\((Patient|Question|Recording)\b"
    )
    found = {
        f"{path.relative_to(root)}:{number}"
        for path in Path(root).rglob("*.py")
        if path.name not in allowed and "migrations" not in path.parts
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if bare.search(line) and "user=request.user" not in line
    }
    assert {place.split(":")[0] for place in found} <= {"people/patients.py", "serve/restore.py"}, (
        found
    )
