"""hemiface: the open clinic for hemifacial spasm. Importing it opens no file and prints nothing."""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["__version__", "measure"]

if TYPE_CHECKING:
    from hemiface.pipeline import measure


def __getattr__(name: str) -> Any:
    """Import the pipeline only when it is asked for, so that `import hemiface` stays light."""
    if name == "measure":
        from hemiface.pipeline import measure

        return measure
    raise AttributeError(f"module 'hemiface' has no attribute {name!r}")
