"""The knowledge pages, read once: front matter, text and sources of each, in each language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import override
from pydantic import BaseModel, ConfigDict

from hemiface.errors import ConventionError
from hemiface_clinic.knowledge.document import Document, Section, Setting
from hemiface_clinic.knowledge.markdown import write_document
from hemiface_clinic.knowledge.sources import Line, Source, read_sources
from hemiface_clinic.tables import check_toml, read_text

CONTENT = Path(__file__).with_name("content")
_FENCE = "+++"


class _FrontMatter(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    title: Line
    short: Line
    summary: Line
    order: int
    reviewed: date
    reviewed_by: Line | None = None


@dataclass(frozen=True)
class Page:
    """A page that explains one thing.

    Attributes
    ----------
    slug : str
        Its name in addresses.
    language : str
        Language of its text; English where it is not yet translated.
    title, short, summary : str
        Its heading, its name in menus, and what it says in one sentence.
    order : int
        Its place among the pages.
    reviewed : datetime.date
        When its sources were last checked.
    reviewed_by : str or None
        The doctor who read it.
    html : str
        Its text.
    sections : tuple of Section
        Its words, heading by heading.
    sources : tuple of Source
        What it cites.
    """

    slug: str
    language: str
    title: str
    short: str
    summary: str
    order: int
    reviewed: date
    reviewed_by: str | None
    html: SafeString
    sections: tuple[Section, ...]
    sources: tuple[Source, ...]

    @property
    def headings(self) -> tuple[Section, ...]:
        """Sections to name under "On this page"."""
        return tuple(section for section in self.sections if section.level == 2)


@cache
def read_pages(language: str) -> tuple[Page, ...]:
    """Return every page in a language, in their order; read once.

    Raises
    ------
    hemiface.errors.ConventionError
        With one sentence that names file and line, if a page breaks the format.
    """
    return read_folder(CONTENT, language)


def page(language: str, slug: str) -> Page:
    """Return one page.

    Raises
    ------
    KeyError
        If there is none of that name.
    """
    return {each.slug: each for each in read_pages(language)}[slug]


def read_folder(folder: Path, language: str) -> tuple[Page, ...]:
    """Return every page of a folder, in a language; English stands in for what is not translated.

    Raises
    ------
    hemiface.errors.ConventionError
        With one sentence that names file and line, if a page breaks the format.
    """
    codes = (settings.LANGUAGE_CODE, language)
    files = {file.stem: file for code in codes for file in (folder / code).glob("*.md")}
    with override(language):
        addresses = {slug: reverse("page", args=[slug]) for slug in files}
        ask = reverse("ask")
    sources = read_sources(folder / "sources.toml")
    read = [
        _read_page(Setting(file, slug, addresses, ask, sources)) for slug, file in files.items()
    ]
    _refuse_dead_anchors(read, language)
    return tuple(sorted((each for each, _ in read), key=lambda each: (each.order, each.slug)))


def _read_page(setting: Setting) -> tuple[Page, Document]:
    matter, body = _split(read_text(setting.file), setting.file)
    language = setting.file.parent.name
    with override(language):
        document = write_document(body, setting)
    known = Page(
        setting.slug,
        language,
        **matter.model_dump(),
        html=mark_safe(document.html),  # ours: HTML in the Markdown is refused
        sections=document.sections,
        sources=document.sources,
    )
    return known, document


def _split(text: str, file: Path) -> tuple[_FrontMatter, str]:
    """Part the front matter from the text; each keeps the lines on which it stands."""
    lines = text.splitlines()
    if not lines or lines[0] != _FENCE or _FENCE not in lines[1:]:
        raise ConventionError(
            f"{file}, line 1: a page must begin with TOML between two lines of +++."
        )
    end = lines.index(_FENCE, 1)
    matter = check_toml("\n".join(["", *lines[1:end]]), file, _FrontMatter)
    return matter, "\n" * (end + 1) + "\n".join(lines[end + 1 :])


def _refuse_dead_anchors(read: Sequence[tuple[Page, Document]], language: str) -> None:
    """Refuse links to headings that are not there.

    An English page that stands in for a translation is left out: its headings are in English,
    those of its neighbours may not be, and a browser then shows the neighbour from its beginning.
    """
    anchors = {(each.slug, one.anchor) for each, _ in read for one in each.sections}
    for each, document in read:
        for link in document.links:
            if each.language == language and (link.slug, link.anchor) not in anchors:
                raise ConventionError(
                    f"{each.language}/{each.slug}.md, line {link.line}: "
                    f"{link.slug}.md has no heading #{link.anchor}. Name one that it has."
                )
