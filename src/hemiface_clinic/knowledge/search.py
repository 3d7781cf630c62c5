"""Search in the knowledge pages: SQLite's full text index, in memory, one row per heading."""

import sqlite3
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from threading import Lock

from django.utils.safestring import SafeString, mark_safe
from pydantic import RootModel

from hemiface_clinic.knowledge.pages import CONTENT, Page, read_pages
from hemiface_clinic.knowledge.sources import Line
from hemiface_clinic.tables import check_toml, read_text

SYNONYMS = CONTENT / "synonyms.toml"
MAX_HITS = 20
FEW_HITS = 3
MAX_ENDINGS = 50
# Hindi's vowel signs are marks: without Mc and Mn a word would fall apart at each.
_TOKENIZERS = {
    "en": "porter unicode61",
    "hi": "unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'",
}
_CREATE = """
CREATE VIRTUAL TABLE sections
USING fts5(page, title, body, slug UNINDEXED, anchor UNINDEXED, tokenize="{}")
"""
_FIND = """
SELECT slug, page, anchor, title, snippet(sections, 2, char(2), char(3), '…', 28)
FROM sections WHERE sections MATCH ? ORDER BY bm25(sections, 6, 4, 1) LIMIT ?
"""


class _Synonyms(RootModel[dict[str, list[list[Line]]]]):
    pass


@dataclass(frozen=True)
class Hit:
    """A section that answers a search.

    Attributes
    ----------
    slug, page : str
        The page and its title.
    anchor, title : str
        The heading; empty for the page's first lines.
    snippet : SafeString
        The words around what was found, which is marked.
    """

    slug: str
    page: str
    anchor: str
    title: str
    snippet: SafeString


class Index:
    """What the pages of one language say, ready to be searched from any thread.

    Parameters
    ----------
    pages : sequence of Page
        The pages.
    language : str
        Decides how words are told apart, and whether endings count.
    synonyms : sequence of sequence of str
        Groups of words that mean the same.
    """

    def __init__(
        self, pages: Sequence[Page], language: str, synonyms: Sequence[Sequence[str]] = ()
    ) -> None:
        rows = [
            (*map(_composed, (page.title, part.title, part.text)), page.slug, part.anchor)
            for page in pages
            for part in page.sections
        ]
        self._lock = Lock()
        self._connection = sqlite3.connect(":memory:", check_same_thread=False)
        self._connection.execute(_CREATE.format(_TOKENIZERS[language]))
        self._connection.executemany("INSERT INTO sections VALUES (?, ?, ?, ?, ?)", rows)
        self._synonyms = [[_composed(name.casefold()) for name in group] for group in synonyms]
        names = (name for group in self._synonyms for name in group)
        texts = (text for row in rows for text in row[:3])
        self._words = sorted({word for text in (*names, *texts) for word in _words_of(text)})

    def find(self, question: str) -> list[Hit]:
        """Return the sections that hold every word; where they are few, then those with any.

        The last word may be half typed. Nothing in the question is taken for a command.
        """
        *whole, last = list(_words_of(question)) or [""]
        if not last:
            return []
        asked = [self._alternatives(word) for word in whole]
        asked.append(self._alternatives(last, *self._endings(last)) + " OR " + f'"{last}"*')
        groups = [f"({group})" for group in asked]
        found = self._ask(" AND ".join(groups))
        return found if len(found) >= FEW_HITS else _joined(found, self._ask(" OR ".join(groups)))

    def _alternatives(self, *words: str) -> str:
        same = {
            name for word in words for group in self._synonyms if word in group for name in group
        }
        return " OR ".join(f'"{name}"' for name in sorted({*words, *same}))

    def _endings(self, beginning: str) -> list[str]:
        """Return the words that begin so; the index keeps stems, and would miss "injectio"."""
        return [word for word in self._words if word.startswith(beginning)][:MAX_ENDINGS]

    def _ask(self, expression: str) -> list[Hit]:
        with self._lock:
            rows = self._connection.execute(_FIND, (expression, MAX_HITS)).fetchall()
        return [
            Hit(slug, page, anchor, title, _marked(snippet))
            for slug, page, anchor, title, snippet in rows
        ]


@cache
def read_index(language: str) -> Index:
    """Return the index of a language, made once.

    Raises
    ------
    hemiface.errors.ConventionError
        If a page, or the list of synonyms, is not as it must be.
    """
    synonyms = check_toml(read_text(SYNONYMS), SYNONYMS, _Synonyms).root
    return Index(read_pages(language), language, synonyms.get(language, []))


def _joined(first: list[Hit], more: list[Hit]) -> list[Hit]:
    seen = {(hit.slug, hit.anchor) for hit in first}
    return [*first, *(hit for hit in more if (hit.slug, hit.anchor) not in seen)][:MAX_HITS]


def _words_of(text: str) -> Iterator[str]:
    """Yield the words of a text as the index tells them apart: letters, marks and digits."""
    signs = (
        sign if unicodedata.category(sign)[0] in "LMN" else " "
        for sign in _composed(text.casefold())
    )
    return iter("".join(signs).split())


def _composed(text: str) -> str:
    """Write each sign in one way; keyboards differ in how they write Hindi's dotted letters."""
    return unicodedata.normalize("NFC", text)


def _marked(snippet: str) -> SafeString:
    return mark_safe(escape(snippet).replace("\x02", "<mark>").replace("\x03", "</mark>"))
