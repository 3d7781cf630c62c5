"""What is found, half typed too; and that nothing typed is taken for a command."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st

from hemiface_clinic.knowledge.document import Section
from hemiface_clinic.knowledge.pages import Page
from hemiface_clinic.knowledge.search import MAX_HITS, Index, read_index


def made_page(slug: str, title: str, *sections: tuple[str, str]) -> Page:
    parts = tuple(Section(2, name.lower(), name, text) for name, text in sections)
    html = SafeString("")
    return Page(slug, "en", title, title, title, 1, date(2026, 1, 1), None, html, parts, ())


PAGES = (
    made_page("botulinum", "Botulinum toxin", ("Injections", "It is injected around the eye.")),
    made_page("surgery", "Surgery", ("Steps", "A Teflon sponge lies between artery & <nerve>.")),
    made_page("other", "Other", ("Words", "Here surgery and the eye are named in passing.")),
)
INDEX = Index(PAGES, "en", [["botox", "botulinum"]])


def slugs(question: str, index: Index = INDEX) -> list[str]:
    return [hit.slug for hit in index.find(question)]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Teflon", ["surgery"]),
        ("tef", ["surgery"]),
        ("botox", ["botulinum"]),
        ("boto", ["botulinum"]),
        ("injecting", ["botulinum"]),
        ("injectio", ["botulinum"]),
        ("teflon art", ["surgery"]),
        ("zebra", []),
        ("", []),
        ("?!", []),
    ],
)
def test_words_are_found_typed_in_full_or_half(question, found):
    assert slugs(question) == found


def test_a_word_in_the_title_weighs_more():
    assert slugs("surgery") == ["surgery", "other"]


def test_sections_with_every_word_come_first():
    assert slugs("eye passin") == ["other", "botulinum"]


def test_words_that_never_meet_are_found_apart():
    assert set(slugs("teflon eyelid eye")) == {"surgery", "botulinum", "other"}


def test_what_is_found_is_marked_and_the_rest_is_escaped():
    (hit,) = INDEX.find("sponge")
    assert hit.snippet == "A Teflon <mark>sponge</mark> lies between artery &amp; &lt;nerve&gt;."


@given(st.text(max_size=300))
def test_nothing_typed_is_an_error(question):
    assert len(INDEX.find(question)) <= MAX_HITS


@given(st.text(st.sampled_from('"*^():+-\x00 ANDORTNEAR{}'), max_size=40))
def test_no_command_of_the_index_is_obeyed(question):
    INDEX.find(question)


@pytest.mark.parametrize("typed", ["आँख", "आँ", "\u095eैल", "फ\u093cैल", "चेहरे का"])
def test_hindi_is_found_with_its_signs_however_they_are_typed(typed):
    pages = [made_page("hi", "चेहरे का ऐंठन", ("कहाँ", "यह आँख से शुरू होकर \u095eैलता है।"))]
    assert slugs(typed, Index(pages, "hi")) == ["hi"]


def test_a_word_of_hindi_is_not_cut_at_its_signs():
    index = Index([made_page("hi", "क", ("ख", "दवा लें"))], "hi")
    assert slugs("दवा लें", index) == ["hi"]
    assert slugs("दव ज्ञ", index) == []  # दवा without its sign is another word


def test_threads_may_search_at_the_same_time():
    with ThreadPoolExecutor(8) as pool:
        assert set(map(tuple, pool.map(slugs, ["teflon"] * 400))) == {("surgery",)}


@pytest.mark.parametrize(
    ("question", "slug"),
    [
        ("botox", "botulinum-toxin"),
        ("Teflon", "surgery"),
        ("carbamaz", "medicines"),
        ("mvd", "surgery"),
    ],
)
def test_the_shipped_pages_answer(question, slug):
    assert slug in slugs(question, read_index("en"))


@pytest.mark.parametrize("question", ["बोटॉक्स", "botox", "सर्जरी"])
def test_the_shipped_pages_answer_in_hindi(question):
    assert slugs(question, read_index("hi"))
