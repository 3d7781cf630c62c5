"""What a knowledge page may hold beyond plain Markdown, and what it may not.

Each public function is a rule of markdown-it: it runs when the text has become tokens, changes
them, and refuses what breaks the format with a sentence that names file and line.
"""

import re
from collections.abc import Iterable, Iterator
from html import escape
from typing import NoReturn
from urllib.parse import unquote

from django.template import TemplateDoesNotExist
from django.template.loader import select_template
from django.utils.translation import gettext
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from hemiface.errors import ConventionError
from hemiface_clinic.knowledge.document import Link, Setting, plain_text

_DRAWING = re.compile(r"drawing:([a-z0-9-]+)")
_PAGE = re.compile(r"([a-z0-9-]+)\.md(?:#(.+))?")


def refuse_html(state: StateCore) -> None:
    """Refuse HTML, and headings as large as the page's title."""
    for token, line in _walk(state.tokens):
        if token.type in ("html_block", "html_inline"):
            _refuse(
                state, line, f"HTML is not allowed; found {token.content.strip()!r}. Use Markdown"
            )
        if token.type == "heading_open" and token.tag == "h1":
            _refuse(state, line, "the title stands in the front matter; found a heading with one #")


def check_citations(state: StateCore) -> None:
    """Refuse a citation of what is not among the sources."""
    known = _setting(state).sources
    for token, line in _walk(state.tokens):
        if token.type == "footnote_ref" and token.meta["label"] not in known:
            _refuse(state, line, f"[^{token.meta['label']}] is not in sources.toml. Add it there")


def resolve_links(state: StateCore) -> None:
    """Give each link the address that a reader follows."""
    for token, line in _walk(state.tokens):
        if token.type == "link_open":
            _resolve(state, token, line)


def _resolve(state: StateCore, token: Token, line: int) -> None:
    setting, target = _setting(state), str(token.attrs["href"])
    to_page = _PAGE.fullmatch(target)
    if target == "ask:":
        token.attrs["href"] = setting.ask_address
    elif to_page and to_page[1] in setting.addresses:
        setting.links.append(Link(to_page[1], unquote(to_page[2] or ""), line))
        token.attrs["href"] = setting.addresses[to_page[1]] + target.partition(".md")[2]
    elif target.startswith(("https://", "http://")):
        token.attrs["rel"] = "noopener noreferrer"
    elif target.startswith("#"):
        setting.links.append(Link(setting.slug, unquote(target[1:]), line))
    elif not target.startswith("tel:"):
        _refuse(state, line, f"the link {target!r} leads nowhere. Name a page as slug.md")


def place_drawings(state: StateCore) -> None:
    """Turn an image alone in its paragraph into a figure; refuse every other image."""
    tokens, start = state.tokens, 0
    while start < len(tokens):
        image = _lone_image(tokens[start : start + 3])
        if image:
            html = _figure(state, image, (tokens[start].map or [0])[0] + 1)
            tokens[start : start + 3] = [Token("html_block", "", 0, content=html)]
        start += 1
    for token, line in _walk(tokens):
        if token.type == "image":
            _refuse(state, line, "a drawing must be alone in its paragraph. Leave an empty line")


def _lone_image(three: list[Token]) -> Token | None:
    if [token.type for token in three] == ["paragraph_open", "inline", "paragraph_close"]:
        children = three[1].children or []
        if [child.type for child in children] == ["image"]:
            return children[0]
    return None


def _figure(state: StateCore, image: Token, line: int) -> str:
    name = _DRAWING.fullmatch(str(image.attrs["src"]))
    if name is None:
        _refuse(state, line, f"an image must be drawing:NAME; found {image.attrs['src']!r}")
    names = [f"knowledge/drawings/{name[1]}.{kind}" for kind in ("html", "svg")]
    try:
        drawing = select_template(names).render()
    except TemplateDoesNotExist:
        _refuse(state, line, f"there is no drawing {name[1]!r} in knowledge/drawings")
    words = state.md.renderer.render(image.children or [], state.md.options, state.env)
    caption = f"<figcaption>{words}</figcaption>" if words else ""
    return f'<figure class="drawing">{drawing}{caption}</figure>\n'


def label_tables(state: StateCore) -> None:
    """Name the column in each cell, and make the first cell name its row."""
    heading, table_start = "", 0
    for index, token in enumerate(state.tokens):
        if token.type == "heading_open":
            heading = plain_text(state.tokens[index + 1])
        elif token.type == "table_open":
            table_start = index
        elif token.type == "table_close":
            _label(state.tokens[table_start:index], heading)


def _label(table: list[Token], heading: str) -> None:
    names = [plain_text(words) for _, words, _ in _cells(table, "th")]
    table[0].meta["label"] = f"{heading}: {', '.join(filter(None, names))}".removeprefix(": ")
    for cell, _, _ in _cells(table, "th"):
        cell.attrs["scope"] = "col"
        _align(cell)
    for place, (cell, _, close) in enumerate(list(_cells(table, "td"))):
        cell.attrs["data-label"] = names[place % len(names)]
        _align(cell)
        if place % len(names) == 0:
            cell.tag = close.tag = "th"
            cell.attrs["scope"] = "row"


def _cells(table: list[Token], tag: str) -> Iterator[tuple[Token, Token, Token]]:
    threes = zip(table, table[1:], table[2:], strict=False)
    return (three for three in threes if three[0].type == f"{tag}_open")


def _align(cell: Token) -> None:
    """Say the alignment without a style, which the site's policy forbids."""
    style = str(cell.attrs.pop("style", ""))
    if style:
        cell.attrs["data-align"] = style.removeprefix("text-align:")


def write_table_open(_: object, tokens: list[Token], index: int, *_rest: object) -> str:
    """Return the frame in which a wide table scrolls, which the keyboard reaches."""
    label = escape(gettext("Table") + ". " + tokens[index].meta["label"])
    return f'<div class="table" role="region" tabindex="0" aria-label="{label}"><table>\n'


def _walk(tokens: Iterable[Token], line: int = 1) -> Iterator[tuple[Token, int]]:
    """Yield tokens, those inside others too, with the line on which they stand."""
    for token in tokens:
        line = token.map[0] + 1 if token.map else line
        yield token, line
        yield from _walk(token.children or (), line)
        line += token.type in ("softbreak", "hardbreak")


def _setting(state: StateCore) -> Setting:
    setting: Setting = state.env["setting"]
    return setting


def _refuse(state: StateCore, line: int, sentence: str) -> NoReturn:
    raise ConventionError(f"{_setting(state).file}, line {line}: {sentence}.")
