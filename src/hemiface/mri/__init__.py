"""The MRI: is a vessel on the nerve, where, how deep; is there a mass."""

from hemiface.mri.measure import measure_mri
from hemiface.mri.propose import propose_clicks
from hemiface.mri.results import (
    SITES,
    Clicks,
    Conflict,
    Contact,
    Doubt,
    FoundMass,
    FoundVessel,
    MriFound,
    Nerve,
    SideFound,
    Site,
)

__all__ = [
    "SITES",
    "Clicks",
    "Conflict",
    "Contact",
    "Doubt",
    "FoundMass",
    "FoundVessel",
    "MriFound",
    "Nerve",
    "SideFound",
    "Site",
    "measure_mri",
    "propose_clicks",
]
