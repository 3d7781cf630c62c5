"""Markdown of the knowledge pages: CommonMark, tables, numbered sources, drawings, links."""

import unicodedata
from functools import cache

from django.utils.translation import gettext
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.anchors import anchors_plugin
from mdit_py_plugins.footnote import footnote_plugin

from hemiface_clinic.knowledge import rules
from hemiface_clinic.knowledge.document import Document, Setting, split_sections

_RULES = (
    rules.refuse_html,
    rules.check_citations,
    rules.resolve_links,
    rules.place_drawings,
    rules.label_tables,
)


def write_document(text: str, setting: Setting) -> Document:
    """Return Markdown as HTML, with what it says, cites and links to.

    Parameters
    ----------
    text : str
        The page, without its front matter but with as many lines, so that errors count right.
    setting : Setting
        What its links and citations may refer to.

    Raises
    ------
    hemiface.errors.ConventionError
        With one sentence that names file and line, if the page breaks the format.
    """
    env = {"setting": setting}
    tokens = _parser().parse(f"{text}\n\n{_definitions(setting)}", env)
    cited = [token.meta["label"] for token in tokens if token.type == "footnote_open"]
    return Document(
        _parser().renderer.render(tokens, _parser().options, env),
        split_sections(tokens),
        tuple(setting.sources[key] for key in cited),
        tuple(setting.links),
    )


def heading_anchor(title: str) -> str:
    """Return the identifier of a heading, as GitHub makes it; Hindi keeps its vowel signs."""
    joined = title.lower().strip().replace(" ", "-")
    return "".join(
        sign for sign in joined if sign in "-_" or unicodedata.category(sign)[0] in "LMN"
    )


def _definitions(setting: Setting) -> str:
    """Return the sources as Markdown; those that are not cited vanish."""
    return "\n\n".join(
        f"[^{key}]: [{source.text}](<{source.url}>)" if source.url else f"[^{key}]: {source.text}"
        for key, source in setting.sources.items()
    )


@cache
def _parser() -> MarkdownIt:
    # HTML is recognised only to be refused with its line; see `refuse_html`.
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    parser.use(footnote_plugin, inline=False, always_match_refs=True)
    parser.use(anchors_plugin, min_level=2, max_level=4, slug_func=heading_anchor)
    for rule in _RULES:
        parser.core.ruler.push(rule.__name__, rule)
    parser.add_render_rule("table_open", rules.write_table_open)
    parser.add_render_rule("table_close", lambda *_: "</table></div>\n")
    parser.add_render_rule("footnote_block_open", _write_sources_open)
    parser.add_render_rule("footnote_caption", _write_number)
    parser.add_render_rule("footnote_anchor", _write_way_back)
    return parser


def _write_sources_open(*_: object) -> str:
    return (
        '<section class="sources" role="doc-endnotes" aria-labelledby="page-sources">\n'
        f'<h2 id="page-sources">{gettext("Sources")}</h2>\n<ol>\n'
    )


def _write_way_back(_: object, tokens: list[Token], index: int, *_rest: object) -> str:
    number, place = tokens[index].meta["id"] + 1, tokens[index].meta["subId"]
    target = f"fnref{number}:{place}" if place else f"fnref{number}"
    label = gettext("Back to the text, place %(place)d") % {"place": place + 1}
    return f' <a href="#{target}" class="footnote-backref" aria-label="{label}">\u21a9\ufe0e</a>'


def _write_number(_: object, tokens: list[Token], index: int, *_rest: object) -> str:
    return f"[{tokens[index].meta['id'] + 1}]"
