"""The document about security is what the code says."""

import sys
from pathlib import Path

TOOLS = Path(__file__).parents[2] / "tools"


def test_the_inventory_is_up_to_date(monkeypatch):
    monkeypatch.syspath_prepend(str(TOOLS))
    import inventory

    assert inventory.OUT.read_text(encoding="utf-8") == inventory.inventory(), (
        "run `make inventory`"
    )
    sys.modules.pop("inventory")
