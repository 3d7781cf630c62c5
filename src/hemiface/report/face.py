"""The face map's drawing: a fine-line frontal face whose muscles are named shapes.

Everything is drawn once, for one half of the face, in the units of a 400 x 500 picture: x counts
from the midline outwards, y downwards. The person looks at the viewer, so their left half lies to
the right of the midline. The page (SVG) and the plots (matplotlib) draw from the same curves.

A muscle is two edges, Bezier curves with the same number of points, one along each border. Its
fibres run between the edges (`along`) or join them (`across`).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from hemiface.types import Floats, Side

WIDTH, HEIGHT, MIDLINE = 400.0, 500.0, 200.0

Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Shape:
    """A muscle's two edges and the way its fibres run."""

    first: Points
    second: Points
    fibres: Literal["along", "across"] = "along"
    n_fibres: int = 4


SHAPES: dict[str, Shape] = {
    "frontalis": Shape(
        ((11, 139), (38, 125), (78, 125), (106, 149)),
        ((13, 72), (38, 64), (68, 70), (90, 98)),
        "across",
        11,
    ),
    "corrugator": Shape(
        ((9, 170), (18, 163), (34, 156), (58, 155)),
        ((12, 180), (22, 174), (36, 164), (58, 158)),
        n_fibres=2,
    ),
    "orbicularis_oculi_upper": Shape(
        ((25, 203), (38, 160), (86, 154), (107, 197)),
        ((31, 200), (45, 180), (74, 174), (96, 195)),
        n_fibres=3,
    ),
    "orbicularis_oculi": Shape(
        ((34, 201), (47, 184), (73, 179), (92, 197)),
        ((34, 201), (49, 214), (75, 213), (92, 197)),
        n_fibres=0,
    ),
    "orbicularis_oculi_lower": Shape(
        ((25, 206), (38, 246), (90, 246), (108, 201)),
        ((31, 204), (47, 218), (77, 217), (97, 200)),
        n_fibres=3,
    ),
    "nasalis": Shape(
        ((3, 222), (12, 226), (24, 240), (31, 257)),
        ((3, 240), (8, 246), (15, 255), (23, 264)),
        n_fibres=3,
    ),
    "levator_labii": Shape(
        ((44, 242), (40, 260), (34, 280), (25, 300)),
        ((66, 244), (62, 262), (52, 284), (41, 305)),
        n_fibres=4,
    ),
    "zygomaticus": Shape(
        ((90, 243), (82, 264), (66, 290), (49, 311)),
        ((115, 251), (105, 278), (82, 304), (59, 325)),
        n_fibres=4,
    ),
    "risorius": Shape(
        ((67, 327), (80, 319), (96, 313), (114, 312)),
        ((67, 338), (80, 337), (94, 335), (108, 331)),
        n_fibres=3,
    ),
    "orbicularis_oris": Shape(
        ((0, 304), (26, 300), (59, 312), (63, 332), (61, 352), (30, 367), (0, 368)),
        ((0, 322), (8, 316), (30, 318), (52, 331), (34, 347), (14, 352), (0, 352)),
        n_fibres=3,
    ),
    "depressor_anguli_oris": Shape(
        ((53, 350), (49, 366), (46, 384), (45, 404)),
        ((66, 345), (70, 358), (73, 371), (74, 383)),
        n_fibres=4,
    ),
    "depressor_labii": Shape(
        ((13, 373), (17, 386), (24, 398), (31, 410)),
        ((42, 363), (41, 378), (40, 394), (40, 407)),
        n_fibres=3,
    ),
    "mentalis": Shape(
        ((2, 380), (3, 392), (5, 404), (8, 416)),
        ((9, 378), (16, 390), (21, 402), (25, 413)),
        n_fibres=2,
    ),
    "platysma": Shape(
        ((42, 435), (62, 426), (79, 410), (89, 393)),
        ((34, 492), (54, 491), (76, 490), (92, 487)),
        "across",
        8,
    ),
}
"""The muscles by name, all those of `hemiface.muscles`."""

LINES: tuple[Points, ...] = (
    # head, ear, hairline, neck and shoulder
    ((0, 18), (75, 18), (128, 62), (132, 150), (134, 205), (130, 250), (122, 295),
     (114, 345), (78, 400), (42, 422), (28, 430), (12, 433), (0, 433)),
    ((134, 194), (146, 182), (154, 196), (150, 222), (147, 244), (140, 262), (128, 262)),
    ((137, 205), (144, 201), (145, 212), (143, 224), (141, 236), (138, 242), (133, 246)),
    ((0, 50), (52, 48), (106, 72), (122, 140)),
    ((95, 372), (93, 412), (95, 446), (101, 470), (118, 484), (148, 492), (172, 498)),
    # nose
    ((13, 188), (11, 198), (10, 206), (10, 214)),
    ((11, 277), (18, 286), (35, 284), (35, 269), (35, 260), (30, 256), (28, 250)),
    ((0, 283), (6, 283), (9, 280), (12, 277)),
    # lips, and the line between them
    ((0, 322), (8, 316), (30, 318), (52, 331), (34, 347), (14, 352), (0, 352)),
    ((0, 335), (10, 337), (32, 334), (52, 331)),
)  # fmt: skip
"""What is not muscle: lines of one half of the face."""

BROW: tuple[Points, Points] = (
    ((15, 157), (38, 141), (78, 136), (109, 160)),
    ((15, 164), (39, 149), (78, 144), (109, 160)),
)
IRIS = (62.0, 197.0, 12.5)
"""Centre and radius of the iris."""

DRAWING_ORDER = tuple(SHAPES)


def place(points: Points | Floats, side: Side) -> Floats:
    """Return points of the half face in the picture's coordinates, shape (n, 2)."""
    half = np.asarray(points, dtype=np.float64)
    sign = 1.0 if side == "left" else -1.0
    return np.column_stack((MIDLINE + sign * half[:, 0], half[:, 1]))


def edges(shape: Shape, side: Side) -> tuple[Floats, Floats]:
    """Return both edges of a muscle in the picture's coordinates."""
    return place(shape.first, side), place(shape.second, side)


def fibres(shape: Shape, side: Side) -> list[Floats]:
    """Return the fibres of a muscle: curves of 4 or 7 points, or straight lines of 2."""
    first, second = edges(shape, side)
    steps = np.arange(1, shape.n_fibres + 1) / (shape.n_fibres + 1)
    if shape.fibres == "along":
        return [first + step * (second - first) for step in steps]
    return [np.stack((point_at(first, step), point_at(second, step))) for step in steps]


def point_at(curve: Floats, step: float) -> Floats:
    """Return the point of one cubic Bezier curve of four points at `step` from 0 to 1."""
    rest = 1.0 - step
    weights = np.array([rest**3, 3 * rest**2 * step, 3 * rest * step**2, step**3])
    point: Floats = weights @ curve
    return point


def centre(shape: Shape, side: Side) -> tuple[float, float]:
    """Return the middle of a muscle's shape, for labels."""
    x, y = np.concatenate(edges(shape, side)).mean(axis=0)
    return float(x), float(y)


def svg_path(curve: Floats, *, move: str = "M") -> str:
    """Return SVG path data of a line of 2 points or a Bezier curve of 4, 7, 10 ... points."""
    start, rest = curve[0], curve[1:]
    letter = "L" if len(curve) == 2 else "C"
    return f"{move}{_pair(start)}{letter}{' '.join(_pair(point) for point in rest)}"


def svg_outline(shape: Shape, side: Side) -> str:
    """Return SVG path data of a muscle's closed outline."""
    first, second = edges(shape, side)
    return f"{svg_path(first)}{svg_path(second[::-1], move='L')}Z"


def svg_fibres(shape: Shape, side: Side) -> str:
    """Return SVG path data of a muscle's fibres."""
    return "".join(svg_path(fibre) for fibre in fibres(shape, side))


def svg_lines() -> str:
    """Return SVG path data of the face without its muscles, both halves."""
    return "".join(svg_path(place(line, side)) for side in ("left", "right") for line in LINES)


def svg_brows() -> str:
    """Return SVG path data of both brows, closed."""
    sides: tuple[Side, Side] = ("left", "right")
    return "".join(svg_outline(Shape(*BROW), side) for side in sides)


def _pair(point: Floats) -> str:
    return f"{point[0]:g},{point[1]:g}"
