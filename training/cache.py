"""What takes long is kept under the digest of the code that made it."""

import ast
import hashlib
import pickle
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeVar

import hemiface

_SOURCE = Path(hemiface.__file__).parent
T = TypeVar("T")


@cache
def code_digest(*packages: str) -> str:
    """Return a digest of the code of some packages of hemiface, without comments and layout."""
    digest = hashlib.sha256()
    for package in packages:
        for module in sorted((_SOURCE / package).rglob("*.py")):
            digest.update(ast.dump(ast.parse(module.read_text("utf-8"))).encode())
    return digest.hexdigest()[:12]


def keep(path: Path, make: Callable[[], T]) -> T:
    """Return what is kept in a file, or make it now and keep it."""
    if path.exists():
        kept: T = pickle.loads(path.read_bytes())
        return kept
    made = make()
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_bytes(pickle.dumps(made))
    part.replace(path)
    return made
