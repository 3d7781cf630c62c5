"""The pages that are shipped: whole, cited, linked, and the same in search engines' facts."""

import re
from collections import Counter
from html.parser import HTMLParser

import pytest
from django.conf import settings

from hemiface_clinic.knowledge.apps import check_pages
from hemiface_clinic.knowledge.pages import CONTENT, page, read_pages
from hemiface_clinic.knowledge.sources import read_sources

LANGUAGES = [code for code, _ in settings.LANGUAGES]
ENGLISH = sorted(file.stem for file in (CONTENT / "en").glob("*.md"))
FILES = sorted(CONTENT.glob("*/*.md"))
NAMED_ELSEWHERE = {"what-it-is", "treatments", "get-help-now", "questions"}
CLAIM = re.compile(
    r"\d\s*%|percent|\b\d+ (?:in|of|out of)(?: every)? \d+|\d\s*(?:प्रतिशत|फीसदी)|\d+ में से \d+"
)
# Blocks with a number that needs no source, as (file, beginning of the block).
UNCITED: set[tuple[str, str]] = set()


class Reader(HTMLParser):
    """Identifiers, links inside the page, and labels of regions."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.targets: set[str] = set()
        self.regions: Counter[str] = Counter()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if "id" in known:
            self.ids[known["id"]] += 1
        if tag == "a" and (known.get("href") or "").startswith("#"):
            self.targets.add(known["href"][1:])
        if known.get("role") == "region":
            self.regions[known["aria-label"]] += 1


def blocks(text: str) -> list[str]:
    """Return paragraphs, items of lists, and rows of tables, without the front matter."""
    body = text.split("+++", 2)[2]
    return [block.strip() for block in re.split(r"\n\s*\n|\n(?=\s*(?:[-*]|\d+\.) |\|)", body)]


def test_the_pages_that_the_site_names_are_there():
    assert set(ENGLISH) >= NAMED_ELSEWHERE


def test_the_check_before_the_start_finds_nothing():
    assert check_pages() == []


def test_the_check_before_the_start_names_what_is_broken(monkeypatch, tmp_path):
    (tmp_path / "en").mkdir()
    (tmp_path / "sources.toml").write_text("")
    (tmp_path / "en" / "one.md").write_text("no front matter")
    monkeypatch.setattr("hemiface_clinic.knowledge.pages.CONTENT", tmp_path)
    read_pages.cache_clear()
    try:
        (problem,) = check_pages()
    finally:
        read_pages.cache_clear()
    assert "one.md, line 1: a page must begin" in problem.msg


def test_a_translation_is_of_a_page_that_is_there():
    assert {file.stem for file in FILES} == set(ENGLISH)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_read_in_each_language(language):
    shown = read_pages(language)
    assert sorted(page.slug for page in shown) == ENGLISH
    assert len({page.order for page in shown}) == len(shown)


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_every_number_of_patients_has_its_source(file):
    bare = [
        block
        for block in blocks(file.read_text(encoding="utf-8"))
        if CLAIM.search(block)
        and "[^" not in block
        and not any(file.stem == stem and block.startswith(start) for stem, start in UNCITED)
    ]
    assert bare == []


@pytest.mark.parametrize("slug", ENGLISH)
@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_inside_a_page_is_found_and_unique(language, slug):
    html = page(language, slug).html
    read = Reader(html)
    assert read.targets <= set(read.ids)
    assert [name for name, count in read.ids.items() if count > 1] == []
    assert [label for label, count in read.regions.items() if count > 1] == []
    assert "style=" not in html


@pytest.mark.parametrize("slug", ENGLISH)
@pytest.mark.parametrize("language", LANGUAGES)
def test_citations_are_numbered_in_order(language, slug):
    shown = page(language, slug)
    numbers = [int(number) for number in re.findall(r'id="fnref\d+[^>]*>\[(\d+)\]<', shown.html)]
    first = list(dict.fromkeys(numbers))
    assert first == list(range(1, len(shown.sources) + 1))


def test_every_source_is_cited_somewhere():
    cited = {
        source.text for language in LANGUAGES for p in read_pages(language) for source in p.sources
    }
    sources = read_sources(CONTENT / "sources.toml")
    assert [key for key, source in sources.items() if source.text not in cited] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cell_names_its_column(language):
    for shown in read_pages(language):
        rows = re.findall(r"<tbody>.*?</tbody>", shown.html, re.DOTALL)
        cells = [cell for row in rows for cell in re.findall(r"<t[dh][^>]*>", row)]
        assert all("data-label=" in cell for cell in cells)
