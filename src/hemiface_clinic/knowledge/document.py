"""What becomes of a knowledge page's Markdown, before it has a title and a place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path

from markdown_it.token import Token

from hemiface_clinic.knowledge.sources import Source


@dataclass(frozen=True)
class Section:
    """A heading and the words below it, up to the next.

    Attributes
    ----------
    level : int
        2 or more; 0 for what stands before the first heading.
    anchor : str
        Identifier of the heading in the page; empty before the first.
    title : str
        Words of the heading.
    text : str
        Words below it, without marks and citations.
    """

    level: int
    anchor: str
    title: str
    text: str


@dataclass(frozen=True)
class Link:
    """A link to a heading of a page, and the line on which it stands; anchor may be empty."""

    slug: str
    anchor: str
    line: int


@dataclass(frozen=True)
class Setting:
    """Where a page's Markdown stands: all that its links and citations may refer to.

    Attributes
    ----------
    file : pathlib.Path
        The page's file, named in errors.
    slug : str
        The page's own name.
    addresses : mapping of str to str
        Address of each page, in the language of the site.
    ask_address : str
        Address of the question form.
    sources : mapping of str to Source
        What may be cited.
    links : list of Link
        Links found while the page is written.
    """

    file: Path
    slug: str
    addresses: Mapping[str, str]
    ask_address: str
    sources: Mapping[str, Source]
    links: list[Link] = field(default_factory=list)


@dataclass(frozen=True)
class Document:
    """A page's Markdown, written as HTML.

    Attributes
    ----------
    html : str
        The page, with its sources at the end.
    sections : tuple of Section
        Its words, in their order.
    sources : tuple of Source
        What it cites, in the order of the numbers.
    links : tuple of Link
        Its links to pages.
    """

    html: str
    sections: tuple[Section, ...]
    sources: tuple[Source, ...]
    links: tuple[Link, ...]


def plain_text(inline: Token) -> str:
    """Return the words of a token, without marks and citations."""
    said = {"text": None, "code_inline": None, "softbreak": " ", "hardbreak": " "}
    children = [child for child in inline.children or () if child.type in said]
    return "".join(said[child.type] or child.content for child in children).strip()


def split_sections(tokens: Sequence[Token]) -> tuple[Section, ...]:
    """Return the words of a page, heading by heading; the sources at its end are left out."""
    body = list(takewhile(lambda token: token.type != "footnote_block_open", tokens))
    starts = [place for place, token in enumerate(body) if token.type == "heading_open"]
    ends = [*starts[1:], len(body)]
    intro = Section(0, "", "", _words(body[: ends[0] if not starts else starts[0]]))
    return (intro, *(_section(body[a:b]) for a, b in zip(starts, ends, strict=False)))


def _section(tokens: Sequence[Token]) -> Section:
    heading, title, *rest = tokens
    return Section(int(heading.tag[1]), str(heading.attrs["id"]), plain_text(title), _words(rest))


def _words(tokens: Sequence[Token]) -> str:
    return "\n".join(filter(None, (plain_text(token) for token in tokens)))
