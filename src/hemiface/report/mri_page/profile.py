"""The gap along the nerve as a drawing (SVG), with its interval and the stretches of the nerve."""

from collections.abc import Callable
from html import escape

import numpy as np

from hemiface.mri.results import SideFound
from hemiface.types import Floats

WIDTH, HEIGHT = 640.0, 220.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 40.0, 10.0, 26.0, 34.0
_HIGHEST_MM, _LOWEST_MM = 4.0, -1.0
Scale = Callable[[float], float]


def draw_profile(side: SideFound, other: SideFound | None) -> str:
    """Return the gap of a side along its nerve; the other side's in grey."""
    s, told = side.facial.s_mm, escape(_describe(side))
    first, last = float(s[0]), float(s[-1])

    def x(value: float) -> float:
        return _LEFT + (value - first) / (last - first) * (WIDTH - _LEFT - _RIGHT)

    def y(value: float) -> float:
        inside = min(max(value, _LOWEST_MM), _HIGHEST_MM)
        return _TOP + (_HIGHEST_MM - inside) / (_HIGHEST_MM - _LOWEST_MM) * (
            HEIGHT - _TOP - _BOTTOM
        )

    def path(at: Floats, values: Floats) -> str:
        return "M" + "L".join(
            f"{x(float(a)):.1f} {y(float(b)):.1f}"
            for a, b in zip(at, values, strict=True)
            if np.isfinite(b) and first <= a <= last
        )

    parts = [_scale(x, y, first, last)]
    known = np.isfinite(side.gap_mm)
    if known.any():
        band = path(s[known], side.high_mm[known]) + path(
            s[known][::-1], side.low_mm[known][::-1]
        ).replace("M", "L", 1)
        parts.append(f'<path d="{band}Z" fill="#0f5c63" fill-opacity=".16"/>')
        if other is not None and np.isfinite(other.gap_mm).any():
            grey = path(other.facial.s_mm, other.gap_mm)
            parts.append(f'<path d="{grey}" fill="none" stroke="#8d949a" stroke-width="1.2"/>')
        parts.append(
            f'<path d="{path(s, side.gap_mm)}" fill="none" stroke="#0f5c63" stroke-width="2"/>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" '
        f'font-family="Source Sans 3 Variable, Source Sans 3, sans-serif" font-size="11" '
        f'fill="#1f2629"><title>{told}</title>{"".join(parts)}</svg>'
    )


def _describe(side: SideFound) -> str:
    if side.conflict is None:
        return f"Gap along the {side.side} facial nerve: no vessel near."
    return (
        f"Gap along the {side.side} facial nerve: least {side.conflict.distance_mm:.2f} mm at "
        f"{side.conflict.s_mm:.1f} mm."
    )


def _scale(x: Scale, y: Scale, first: float, last: float) -> str:
    lines = [
        f'<path d="M{_LEFT:g} {y(v):.1f}H{WIDTH - _RIGHT:g}" stroke-width=".8" '
        f'stroke="{"#1f2629" if v == 0 else "#ddd6c8"}"/>'
        f'<text x="{_LEFT - 6:g}" y="{y(v) + 4:.1f}" text-anchor="end">{v:g}</text>'
        for v in (-1, 0, 1, 2, 3, 4)
    ]
    stretches = [(first, 0.0, "on the pons"), (0.0, 4.0, "leaving"), (4.0, last, "cistern, meatus")]
    for begin, end, name in stretches:
        if end > begin:
            lines.append(
                f'<path d="M{x(end):.1f} {_TOP:g}V{HEIGHT - _BOTTOM:g}" stroke="#ddd6c8"/>'
                f'<text x="{(x(begin) + x(end)) / 2:.1f}" y="{HEIGHT - 18:g}" text-anchor="middle">'
                f"{name}</text>"
            )
    lines.append(
        f'<text x="0" y="12" font-weight="600">Gap, mm</text><text x="{WIDTH - _RIGHT:g}" '
        f'y="{HEIGHT - 4:g}" text-anchor="end">along the nerve</text>'
    )
    return "".join(lines)
