"""Named phantoms, from easy to nasty, each the same for everyone."""

from dataclasses import dataclass, field, replace

from hemiface.errors import ConventionError
from hemiface.simulate.mri.fossa import Tier
from hemiface.simulate.mri.options import Nasty, PhantomOptions
from hemiface.simulate.mri.phantom import Phantom, simulate_mri

_ON_ROOT = PhantomOptions(side="left", site="detachment", clearance_mm=-0.2, snr=25.0)
_APART = replace(_ON_ROOT, clearance_mm=1.5)


@dataclass(frozen=True)
class Case:
    """One named phantom: what it shows in a sentence, and how it is made."""

    shows: str
    seed: int
    tier: Tier = "standard"
    options: PhantomOptions = field(default_factory=lambda: _ON_ROOT)


def _nasty(*names: Nasty) -> PhantomOptions:
    return replace(_ON_ROOT, nasty=frozenset(names))


def _at(clearance_mm: float) -> PhantomOptions:
    return replace(_ON_ROOT, clearance_mm=clearance_mm)


GALLERY: dict[str, Case] = {
    "apart": Case("An artery passes 1.5 mm from the nerve.", 1, options=_APART),
    "near": Case("A gap of a tenth of a millimetre.", 2, options=_at(0.1)),
    "touch": Case("An artery touches the root.", 3, options=_at(-0.05)),
    "loop": Case(
        "A looping artery on the root exit zone.", 20, "attached",
        replace(_ON_ROOT, site="attached", vessel="artery", clearance_mm=-0.25),
    ),
    "root_exit": Case(
        "An artery in the groove where the nerve leaves the brainstem.", 5, "attached",
        replace(_ON_ROOT, site="root_exit", vessel="artery", clearance_mm=-0.1),
    ),
    "vertebral": Case(
        "A vertebral artery indents and displaces the nerve.", 6,
        options=replace(_ON_ROOT, vessel="vertebral", clearance_mm=-0.5),
    ),
    "vein": Case(
        "A vein touches the nerve; the TOF does not show it.", 7,
        options=replace(_ON_ROOT, vessel="vein", site="cisternal", clearance_mm=-0.1),
    ),
    "between": Case(
        "An artery passes between the facial and the vestibulocochlear nerve.", 8,
        options=replace(
            _ON_ROOT, site="cisternal", clearance_mm=0.05, nasty=frozenset({"between"})
        ),
    ),
    "touching": Case(
        "A second artery lies on the first.", 9,
        options=_nasty("touching"),
    ),
    "meatal_loop": Case(
        "An artery loops into the meatus.", 10, "hard",
        replace(_ON_ROOT, site="meatal", vessel="artery", clearance_mm=0.2),
    ),
    "winding": Case("Winding arteries, flattened nerves.", 11, "hard"),
    "schwannoma": Case(
        "A schwannoma of 8 mm in the angle.", 12, options=replace(_APART, mass="angle", mass_mm=8.0)
    ),
    "schwannoma_meatus": Case(
        "A schwannoma of 4 mm in the meatus.", 13,
        options=replace(_APART, mass="meatus", mass_mm=4.0),
    ),
    "meningioma": Case(
        "A meningioma sits broadly on the petrous bone.", 14,
        options=replace(_APART, mass="porus", mass_kind="meningioma", mass_mm=9.0),
    ),
    "epidermoid": Case(
        "An epidermoid, nearly as bright as fluid, creeps around the nerves.", 15,
        options=replace(_APART, mass="angle", mass_kind="epidermoid", mass_mm=10.0),
    ),
    "cyst": Case(
        "An arachnoid cyst pushes the nerves; only its wall is seen.", 16,
        options=replace(_APART, mass="angle", mass_kind="cyst", mass_mm=8.0),
    ),
    "truncated": Case("Edges ring: the middle of k-space only.", 17, options=_nasty("truncated")),
    "zoomed": Case(
        "Coarse voxels that the scanner interpolates.", 18,
        options=replace(_ON_ROOT, t2_mm=(0.7, 0.7, 0.7), nasty=frozenset({"zoomed"})),
    ),
    "ghosts": Case("Movement: a copy of the picture lies over it.", 19, options=_nasty("ghosts")),
    "bands": Case("Bands of a balanced sequence.", 20, options=_nasty("bands")),
    "shadows": Case("Pulsing fluid with dark patches.", 21, options=_nasty("shadows")),
    "small_fossa": Case("Little room in the fossa.", 22, options=_nasty("small_fossa")),
    "oblique": Case("The stack of the T2 is oblique.", 23, options=_nasty("oblique")),
    "tof_turned": Case("The head turned by two degrees before the TOF.", 24,
                       options=_nasty("tof_turned")),
    "tof_weak": Case("Slow blood fades along the artery.", 25, options=_nasty("tof_weak")),
    "no_tof": Case("T2 alone.", 26, options=replace(_ON_ROOT, with_tof=False)),
    "low_snr": Case("Much noise: SNR 8.", 27, options=replace(_ON_ROOT, snr=8.0)),
    "both_sides": Case(
        "Both angles in one volume, the conflict on the left.", 28, "hard",
        replace(_ON_ROOT, sides="both", t2_mm=(0.5, 0.5, 0.5)),
    ),
}  # fmt: skip


def simulate_gallery(name: str) -> Phantom:
    """Make the phantom of a name in `GALLERY`.

    Raises
    ------
    ConventionError
        If there is none of that name.
    """
    if name not in GALLERY:
        raise ConventionError(
            f"A case must be one of {', '.join(GALLERY)}; got {name!r}. Choose one of them."
        )
    case = GALLERY[name]
    return simulate_mri(case.seed, case.tier, options=case.options)
