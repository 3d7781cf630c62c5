"""What several tests share: the data beside the repository, and virtual patients filmed once."""

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real faces that are not part of the repository."""
    if not SHARED.is_dir():
        pytest.skip("needs the recordings of ../shared/data, which are not part of the repository")
    return SHARED
