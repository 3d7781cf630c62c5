"""What was measured as JSON: every length in mm, LPS, with its interval."""

import math
from dataclasses import asdict
from typing import Any

import numpy as np

from hemiface.mri.grades import published_grades
from hemiface.mri.results import Conflict, FoundVessel, MriFound, Nerve, SideFound

SCHEMA = "hemiface.mri/1"
"""Its shape is published beside this module as `mri.schema.json`."""
NOTICE = (
    "hemiface is research software, not a medical device. The MRI measurements were checked on "
    "phantoms drawn by a computer only, never against surgery or patients; contact alone is common "
    "in healthy people, and where none is seen a conflict is not excluded. A radiologist must read "
    "the pictures."
)
"""Healthy people: Deep 2016 and others, 21 to 53 % of sides."""
_DIGITS = 4


def found_document(found: MriFound, version: str) -> dict[str, Any]:
    """Return what was measured as JSON values; NaN is null.

    Where a doubt refuses, distance, contact and grade are left out.

    Parameters
    ----------
    found : MriFound
    version : str
        Of the software.
    """
    document = {
        "schema": SCHEMA,
        "software": f"hemiface {version}",
        "notice": NOTICE,
        "snr": found.snr,
        "tof_pose": found.tof_pose,
        "doubts": [asdict(one) for one in found.doubts],
        "sides": [_side(one, is_refused=found.is_refused) for one in found.sides],
    }
    plain: dict[str, Any] = _plain(document)
    return plain


def _side(side: SideFound, *, is_refused: bool) -> dict[str, Any]:
    found = {
        "side": side.side,
        "clicks": asdict(side.clicks),
        "detachment": side.detachment,
        "facial": _nerve(side.facial),
        "vestibulocochlear": _nerve(side.vestibulocochlear),
        "vessels": [_vessel(one, is_refused=is_refused) for one in side.vessels],
        "masses": [asdict(one) for one in side.masses],
        "doubts": [asdict(one) for one in side.doubts],
        "conflict": None if is_refused or side.conflict is None else _conflict(side.conflict),
    }
    if not is_refused:
        found["profile"] = {
            "s_mm": side.facial.s_mm, "gap_mm": side.gap_mm, "low_mm": side.low_mm,
            "high_mm": side.high_mm,
        }  # fmt: skip
    return found


def _nerve(nerve: Nerve) -> dict[str, Any]:
    return {"line_mm": nerve.line, "radius_mm": nerve.radius_mm, "s_mm": nerve.s_mm}


def _vessel(vessel: FoundVessel, *, is_refused: bool) -> dict[str, Any]:
    told = {
        "line_mm": vessel.line, "radius_mm": vessel.radius_mm, "in_tof": vessel.in_tof,
        "likely": vessel.likely,
    }  # fmt: skip
    return told if is_refused else told | {"distance_mm": vessel.distance_mm}


def _conflict(conflict: Conflict) -> dict[str, Any]:
    return asdict(conflict) | {"published": asdict(published_grades(conflict))}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, (float, np.floating)):
        return round(float(value), _DIGITS) if math.isfinite(value) else None
    return value
