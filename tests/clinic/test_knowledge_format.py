"""What a page may hold, and the sentence for each thing that it may not."""

import re

import pytest

from hemiface.errors import ConventionError
from hemiface_clinic.knowledge.markdown import heading_anchor
from hemiface_clinic.knowledge.pages import CONTENT, Page, read_folder

MATTER = {
    "title": '"One"',
    "short": '"One"',
    "summary": '"About one."',
    "order": "1",
    "reviewed": "2026-03-04",
}
SOURCES = """
[lu]
text = "Lu A. *Spasm*. 2014"
url = "https://example.org/lu"
[book]
text = "A book. 2001"
"""


def as_file(body: str, **changed: str | None) -> str:
    lines = [f"{key} = {value}" for key, value in (MATTER | changed).items() if value is not None]
    return "\n".join(["+++", *lines, "+++", body])


@pytest.fixture
def read(tmp_path):
    """Read a page from a folder that also holds `two.md` with a heading."""
    (tmp_path / "sources.toml").write_text(SOURCES, encoding="utf-8")
    for language in ("en", "hi"):
        (tmp_path / language).mkdir()
    (tmp_path / "en" / "two.md").write_text(as_file("## A heading\n\nWords.", order="2"))

    def read_one(body: str, language: str = "en", **changed: str | None) -> Page:
        (tmp_path / "en" / "one.md").write_text(as_file(body, **changed), encoding="utf-8")
        return read_folder(tmp_path, language)[0]

    read_one.folder = tmp_path
    return read_one


BROKEN = {
    "missing key": ({"title": None}, "", r"one\.md, line 1: title must be mended; Field required"),
    "reviewed not a date": ({"reviewed": '"May"'}, "", r"line 6: reviewed must be mended; .*date"),
    "order not a number": ({"order": '"first"'}, "", r"line 5: order must be mended"),
    "unknown key": ({"author": '"me"'}, "", r"line 7: author must be mended"),
    "not TOML": ({"order": "= ="}, "", r"one\.md must be TOML; .*line 5"),
    "unknown citation": ({}, "a\n\nb\nc[^none]", r"line 11: \[\^none\] is not in sources\.toml"),
    "dead page": ({}, "[x](three.md)", r"line 8: the link 'three\.md' leads nowhere"),
    "dead heading": ({}, "\n[x](two.md#gone)", r"line 9: two\.md has no heading #gone"),
    "dead heading here": ({}, "[x](#gone)", r"line 8: one\.md has no heading #gone"),
    "link that is none": ({}, "[x](ftp://x.org)", r"line 8: the link .* leads nowhere"),
    "HTML": ({}, "a <b>bold</b>", r"line 8: HTML is not allowed; found '<b>'"),
    "HTML block": ({}, "<script>1</script>", r"line 8: HTML is not allowed"),
    "title twice": ({}, "# One", r"line 8: the title stands in the front matter"),
    "unknown drawing": ({}, "![x](drawing:no-such)", r"line 8: there is no drawing 'no-such'"),
    "no drawing": ({}, "![x](photo.jpg)", r"line 8: an image must be drawing:NAME"),
    "drawing in a line": ({}, "a ![x](drawing:logo)", r"line 8: a drawing must be alone"),
    "in a table": ({}, "| a |\n|---|\n| b |\n| c[^none] |", r"line 11: \[\^none\] is not in"),
}


@pytest.mark.parametrize(("changed", "body", "sentence"), BROKEN.values(), ids=BROKEN)
def test_what_is_not_allowed_is_refused_with_file_and_line(read, changed, body, sentence):
    with pytest.raises(ConventionError, match=sentence) as refused:
        read(body, **changed)
    assert "one.md" in str(refused.value)


def test_a_page_without_front_matter_is_refused(read):
    (read.folder / "en" / "bare.md").write_text("Words.")
    with pytest.raises(ConventionError, match=r"bare\.md, line 1: a page must begin with TOML"):
        read("")


def test_a_source_without_text_is_refused(read):
    (read.folder / "sources.toml").write_text('[lu]\ntext = "Lu"\n[bad]\nurl = "https://x.org"\n')
    with pytest.raises(ConventionError, match=r"sources\.toml, line 3: bad\.text must be mended"):
        read("")


def test_sources_are_numbered_in_the_order_of_the_text_and_listed_once(read):
    page = read("First[^book], second[^lu], first again[^book].")
    assert [source.text for source in page.sources] == ["A book. 2001", "Lu A. *Spasm*. 2014"]
    assert re.findall(r">\[(\d)\]<", page.html) == ["1", "2", "1"]
    assert page.html.count('class="footnote-item"') == 2
    assert page.html.count('class="footnote-backref"') == 3
    assert (
        '<a href="https://example.org/lu" rel="noopener noreferrer">Lu A. <em>Spasm</em>. 2014</a>'
        in page.html
    )


def test_links_lead_to_pages_of_the_same_language(read):
    body = "[two](two.md#a-heading), [ask](ask:), [up](#here), [out](https://x.org)\n\n## Here"
    english, hindi = read(body).html, read(body, language="hi").html
    assert 'href="/know/two/#a-heading"' in english
    assert 'href="/ask/"' in english
    assert 'href="#here"' in english
    assert 'href="https://x.org" rel="noopener noreferrer"' in english
    assert 'href="/hi/know/two/#a-heading"' in hindi
    assert 'href="/hi/ask/"' in hindi


def test_a_page_that_is_not_translated_is_shown_in_english(read):
    (read.folder / "hi" / "two.md").write_text(as_file("## शीर्षक\n\n[ऊपर](#शीर्षक)", order="2"))
    read("[two](two.md#a-heading)")  # an English heading; its Hindi neighbour has none of the name
    assert [page.language for page in read_folder(read.folder, "hi")] == ["en", "hi"]
    assert [page.language for page in read_folder(read.folder, "en")] == ["en", "en"]


def test_cells_of_a_table_name_their_column_and_row(read):
    page = read("## Harm\n\n| What | How often |\n|---|--:|\n| Dry *eye* | 5 |\n| Ptosis | 6 |")
    assert 'role="region" tabindex="0" aria-label="Table. Harm: What, How often"' in page.html
    assert '<th data-label="What" scope="row">Dry <em>eye</em></th>' in page.html
    assert page.html.count('<td data-label="How often" data-align="right">') == 2
    assert page.html.count('scope="col"') == 2
    assert "style" not in page.html
    assert page.html.count("<th") == page.html.count("</th>") + 1  # <thead> begins so, too


def test_a_drawing_becomes_a_figure_with_its_caption(read):
    page = read("Words.\n\n![The *nerve*[^lu]](drawing:logo)")
    figure = re.search(r'<figure class="drawing">(.*)</figure>', page.html, re.DOTALL)
    assert "<svg" in figure[1]
    assert "<figcaption>The <em>nerve</em><sup" in figure[1]
    assert [source.text for source in page.sources] == ["Lu A. *Spasm*. 2014"]


def test_sections_hold_the_words_without_marks_and_citations(read):
    page = read("Intro.\n\n## Why\n\nBe**cause**[^lu]\nof it.\n\n- one\n- two\n\n### Deep\n\nMore.")
    assert [(part.level, part.anchor, part.text) for part in page.sections] == [
        (0, "", "Intro."),
        (2, "why", "Because of it.\none\ntwo"),
        (3, "deep", "More."),
    ]
    assert [heading.title for heading in page.headings] == ["Why"]


def test_anchors_keep_the_signs_of_hindi():
    assert heading_anchor("इलाज क्या है?") == "इलाज-क्या-है"
    assert heading_anchor("Why it hides at the doctor's") == "why-it-hides-at-the-doctors"


def test_only_folders_of_languages_and_lists_are_shipped():
    assert {path.name for path in CONTENT.iterdir()} <= {
        "en", "hi", "sources.toml", "synonyms.toml",
    }  # fmt: skip
