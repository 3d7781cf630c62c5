"""Paths and words of a drawing as SVG.

The colours stand in the drawing, for paper; a page with a dark look gives others by its classes.
"""

from dataclasses import dataclass
from html import escape

LETTER_PX, BOLD_LETTER_PX, SMALL_LETTER_PX = 6.2, 6.6, 4.7
"""How wide a letter is in the mean, as measured in Source Sans 3 at 12 px, and at 9.5 px."""
COLOURS = {
    "affected": "#c8553d", "other": "#5b6b7b", "whole": "#0f5c63", "line": "#ddd6c8",
    "ink": "#1f2629", "soft": "#555d62",
}  # fmt: skip


def path(d: str, classes: str, colour: str, width: float, more: str = "") -> str:
    """Return a line."""
    return (
        f'<path class="{classes}" d="{d}" fill="none" stroke="{COLOURS[colour]}" '
        f'stroke-width="{width:g}"{more}/>'
    )


def text(x: float, y: float, words: str, colour: str, more: str = "") -> str:
    """Return words that begin at a place."""
    return f'<text class="in-{colour}" x="{x:g}" y="{y:g}" fill="{COLOURS[colour]}"{more}>{escape(words)}</text>'  # noqa: E501


def title(y: float, words: str) -> str:
    """Return the words above a part of the drawing."""
    return text(0, y + 13, words, "ink", ' font-weight="600"')


@dataclass(frozen=True)
class Part:
    """A part of the drawing, and the heights between which its axis lies."""

    svg: str
    top: float
    bottom: float
