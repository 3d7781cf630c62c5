"""The pages as a reader, a search engine and a browser get them."""

import json
import re
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.test import Client

from hemiface_clinic.card import Card, shown_card
from hemiface_clinic.knowledge import structured
from hemiface_clinic.knowledge.pages import page, read_pages

XML = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
LANGUAGES = {"en": "", "hi": "/hi"}


@pytest.fixture
def get():
    """Fetch an address; no page may need the database."""

    def fetch(address: str, host: str = "localhost", status: int = 200) -> str:
        response = Client(headers={"host": host}).get(address)
        assert response.status_code == status
        return response.content.decode()

    return fetch


def facts_of(html: str) -> dict[str, dict]:
    (script,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return {each["@type"]: each for each in json.loads(script)["@graph"]}


@pytest.mark.parametrize(("language", "prefix"), LANGUAGES.items())
def test_the_list_leads_to_every_page(get, language, prefix):
    html = get(f"{prefix}/know/")
    for each in read_pages(language):
        assert f'href="{prefix}/know/{each.slug}/"' in html


@pytest.mark.parametrize(("language", "prefix"), LANGUAGES.items())
def test_every_page_says_what_search_engines_are_told(get, language, prefix):
    for each in read_pages(language):
        facts = facts_of(get(f"{prefix}/know/{each.slug}/"))
        told = facts["MedicalWebPage"]
        assert (told["name"], told["description"]) == (each.title, each.summary)
        assert told["url"] == f"{settings.PUBLIC_URL}{prefix}/know/{each.slug}/"
        assert told["lastReviewed"] == each.reviewed.isoformat()
        assert told["inLanguage"] == each.language
        assert len(told["citation"]) == len(each.sources)
        assert facts["BreadcrumbList"]["itemListElement"][-1]["name"] == each.short
        assert facts["MedicalClinic"]["telephone"] == shown_card().phone


def test_the_condition_is_described_with_words_of_the_pages(get):
    words = " ".join(part.title + " " + part.text for p in read_pages("en") for part in p.sections)
    words += get("/know/")
    said = (
        structured.CONDITION, structured.ANATOMY, *structured.SIGNS, *structured.TREATMENTS,
        *structured.CODES.values(),
    )  # fmt: skip
    assert [fact for fact in said if fact.casefold() not in words.casefold()] == []


def test_questions_are_told_with_their_answers(get):
    asked = facts_of(get("/know/questions/"))["FAQPage"]["mainEntity"]
    headings = [part for part in page("en", "questions").sections if part.level == 2]
    assert [each["name"] for each in asked] == [part.title for part in headings]
    assert all(each["acceptedAnswer"]["text"] for each in asked)


def test_facts_cannot_close_their_block():
    script = structured.as_script({"name": "</script><b>&"})
    assert script.count("<") == 2
    (text,) = re.findall(r">(.*)<", script)
    assert json.loads(text) == {"name": "</script><b>&"}


def test_opening_hours_are_told_where_there_are_any():
    hours = {"days": ("Mo", "Tu"), "opens": "09:30", "closes": "17:00"}
    card = Card.model_validate(shown_card().model_dump() | {"hours": (hours,)})
    assert structured.describe_clinic(card)["openingHours"] == ["Mo,Tu 09:30-17:00"]
    assert "openingHours" not in structured.describe_clinic(card.model_copy(update={"hours": ()}))


def test_a_page_has_its_way_back_its_neighbours_and_its_date(get):
    first, second, third = read_pages("en")[:3]
    html = get(f"/know/{second.slug}/")
    assert f'rel="prev" href="/know/{first.slug}/"' in html
    assert f'rel="next" href="/know/{third.slug}/"' in html
    assert 'aria-label="Where you are"' in html
    assert "Sources last checked on" in html
    assert all(f'href="#{heading.anchor}"' in html for heading in second.headings)


def test_no_identifier_is_used_twice(get):
    for each in read_pages("en"):
        ids = re.findall(r'\sid="([^"]+)"', get(f"/know/{each.slug}/"))
        assert sorted(set(ids)) == sorted(ids)


def test_a_page_that_is_not_there_is_not_found(get):
    get("/know/no-such-page/", status=404)


def test_a_search_finds_marks_and_may_be_kept(get):
    response = Client().get("/search/", {"q": "botox"})
    assert "<mark>" in response.content.decode()
    assert response.headers["Cache-Control"] == "public, max-age=300"
    assert "Nothing found" in get("/search/?q=qzqzqz")
    assert "Nothing found" not in get("/search/")


@pytest.mark.parametrize(
    "question", ["<script>alert(1)</script>", '" onfocus="x', "a" * 5000, "%00"]
)
def test_an_odd_search_is_shown_as_text(question):
    html = Client().get("/search/", {"q": question}).content.decode()
    assert "<script>alert" not in html
    assert '" onfocus' not in html
    assert "a" * 201 not in html


def locations(get) -> list[ElementTree.Element]:
    return ElementTree.fromstring(get("/sitemap.xml")).findall("s:url", XML)


def test_the_sitemap_lists_every_page_in_the_languages_it_is_written_in(get):
    listed = {url.findtext("s:loc", namespaces=XML) for url in locations(get)}
    for language, prefix in LANGUAGES.items():
        for each in read_pages(language):
            address = f"{settings.PUBLIC_URL}{prefix}/know/{each.slug}/"
            assert (address in listed) == (each.language == language)
        assert f"{settings.PUBLIC_URL}{prefix}/know/" in listed


def test_the_sitemap_names_the_other_languages(get):
    (home,) = [
        url
        for url in locations(get)
        if url.findtext("s:loc", namespaces=XML) == f"{settings.PUBLIC_URL}/know/"
    ]
    others = {link.get("hreflang"): link.get("href") for link in home.findall("x:link", XML)}
    assert others["hi"] == f"{settings.PUBLIC_URL}/hi/know/"
    assert others["en"] == others["x-default"] == f"{settings.PUBLIC_URL}/know/"


def test_addresses_for_machines_do_not_depend_on_the_host_that_was_asked(get):
    for address in ("/sitemap.xml", "/robots.txt", "/know/what-it-is/"):
        assert "testserver" not in get(address, host="testserver")


def test_robots_are_told_where_the_sitemap_is(get):
    text = get("/robots.txt")
    assert f"Sitemap: {settings.PUBLIC_URL}/sitemap.xml" in text
    assert "Disallow: /search/" in text
    assert "Disallow: /hi/search/" in text
