"""What the child leaves of a measurement: for the site, for the viewer, and files to keep.

Knows no Django.
"""

import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from hemiface_clinic.mri.child import EVERYTHING, FOUND, MASKS, NERVES, PAGE, VESSELS
from hemiface_clinic.mri.digest import digest
from hemiface_clinic.mri.tubes import write_tubes

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

    from hemiface.mri import MriFound
    from hemiface.volume import Volume


def write_everything(
    out: Path, found: "MriFound", t2: "Volume", tof: "Volume | None", sources: "list[Dataset]"
) -> None:
    """Write the numbers for the site, surfaces for the viewer, and what the library writes."""
    from hemiface import __version__
    from hemiface.mri.writing import write_found
    from hemiface.report.mri_page import mri_html

    (out / FOUND).write_text(json.dumps(digest(found)), encoding="utf-8")
    facial = [(one.facial.line, one.facial.radius_mm) for one in found.sides]
    vessels = [(one.line, one.radius_mm) for side in found.sides for one in side.vessels]
    write_tubes(out / NERVES, facial)
    write_tubes(out / VESSELS, vessels)
    files = write_found(out / "files", found, t2, __version__, sources)
    (out / PAGE).write_text(mri_html(found, t2, tof), encoding="utf-8")
    _pack(out / EVERYTHING, [*files, out / PAGE, out / NERVES, out / VESSELS])
    (out / "files" / MASKS).rename(out / MASKS)


def _pack(into: Path, files: list[Path]) -> None:
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            archive.write(path, path.name)
