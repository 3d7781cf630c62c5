"""How often each trait occurs among people with hemifacial spasm or one of its mimics.

Each share and mean has its source beside it; what is marked *our choice* was never published and is
a working value.
"""

from typing import Literal, get_args

from hemiface.simulate.people.severity import Severity

Condition = Literal[
    "hfs", "blepharospasm", "synkinesis", "tic", "functional", "myokymia", "healthy"
]
Sex = Literal["female", "male"]
Cause = Literal[
    "primary", "familial", "after_palsy", "nerve_injury", "demyelination", "stroke", "none"
]
OnsetSite = Literal["lower_lid", "upper_and_lower", "lower_face", "none"]
Pattern = Literal["isolated", "grouped", "mixed", "tonic", "none"]

CONDITIONS: tuple[Condition, ...] = get_args(Condition)

LEFT_SHARE = 0.55
"""Wang and Jankovic 1998: 56 % of 158; Colosimo 2006: 86 of 163."""

WOMEN: dict[Condition, float] = {
    "hfs": 0.60,
    "blepharospasm": 0.7,
    "synkinesis": 0.5,
    "tic": 0.25,
    "functional": 0.8,
    "myokymia": 0.5,
    "healthy": 0.5,
}
"""Share of women. HFS: Wang and Jankovic 1998 61 %, Colosimo 2006 62 %. Others: our choice."""

ONSET_AGE: dict[Condition, tuple[float, float]] = {
    "hfs": (50.0, 14.0),
    "blepharospasm": (55.0, 12.0),
    "synkinesis": (45.0, 15.0),
    "tic": (7.0, 3.0),
    "functional": (33.0, 13.0),
    "myokymia": (35.0, 12.0),
    "healthy": (50.0, 15.0),
}
"""Mean and SD, years. HFS: Wang and Jankovic 1998, Colosimo 2006; functional: Baizabal-Carvallo and
Jankovic 2017 (J Neurol). Others: our choice."""

CAUSES: dict[Cause, float] = {
    "primary": 62 / 83,
    "familial": 2 / 83,
    "after_palsy": 11 / 83,
    "nerve_injury": 6 / 83,
    "demyelination": 1 / 83,
    "stroke": 1 / 83,
}
"""Yaltho and Jankovic 2011 (Mov Disord 26:1582), 215 referrals, its mimics left out."""

PERIOCULAR_FIRST = 0.65
AT_ONCE_SECONDARY = 0.72
"""Primary HFS that begins at the eye alone; secondary HFS in upper and lower face at once
(Colosimo 2006)."""

ATYPICAL_SHARE = 0.03
"""Patients beyond grade I whose lower face is affected and whose eye is spared: 2 to 3 %
(Colosimo 2006)."""

STAGE_MIX = (0.21, 0.41, 0.28, 0.10)
"""SMC grades I to IV (Lee 2012, Stereotact Funct Neurosurg 90:16)."""

SEVERITY_OF_STAGE: dict[int, dict[Severity, float]] = {
    1: {"mild": 1.0},
    2: {"mild": 0.09 / 0.41, "moderate": 0.32 / 0.41},
    3: {"severe": 1.0},
    4: {"severe": 1.0},
}
"""Our choice: periocular disease is mild, frequent tonic spasms are severe."""

PATTERNS: tuple[Pattern, ...] = ("isolated", "grouped", "mixed", "tonic")
PATTERN_MIX: dict[Severity, tuple[float, float, float, float]] = {
    "mild": (0.60, 0.35, 0.05, 0.0),
    "moderate": (0.144, 0.556, 0.30, 0.0),
    "severe": (0.0, 0.147, 0.832, 0.021),
}
"""Together with `STAGE_MIX` these give 23, 34, 43 and below 1 %, as surface polymyography of 124
untreated patients did (Acta Neurol Belg). How they divide by severity is our choice; isolated
twitches were the pattern of early disease. Moderate disease has tonic spasms where it is mixed,
severe disease always, mild never."""

CLUSTER_OF_PATTERN: dict[Pattern, float] = {
    "isolated": 0.4,
    "grouped": 1.25,
    "mixed": 0.9,
    "tonic": 0.4,
}
"""Size of a cluster against the usual one of the severity: our choice."""

YEARS_OF_STAGE: dict[int, float] = {0: 3.0, 1: 2.0, 2: 4.0, 3: 6.0, 4: 9.0}
"""Median years of disease. Grade rises with duration (Lee 2012); the years are our choice."""

OTHER_BABINSKI: dict[Condition, float] = {"hfs": 0.68, "synkinesis": 0.235}
"""Share of patients whose brow lifts while the eye closes: 67.9 % of 28 with HFS and 23.5 % of 17
after palsy (J Neurol Sci 2017;378:36); in no other condition."""

SYNKINESIS_PRIMARY, SYNKINESIS_SECONDARY = 0.433, 0.58
"""Synkinesis seen on examination (Colosimo 2006)."""

DEPTHS_STAGE_1 = (0.55, 0.45, 0.0, 0.0, 0.0, 0.0)
DEPTHS_MILD_2 = (0.22, 0.18, 0.43, 0.17, 0.0, 0.0)
"""How far spasms reach in mild disease: of grade I they stay at the eye, those of grade II make up
the rest of the profile's mix. Our choice."""
