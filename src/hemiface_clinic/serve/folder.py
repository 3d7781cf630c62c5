"""The data folder: made where it is missing, and closed to everybody but its owner."""

import os
import shutil
import stat
from pathlib import Path
from tempfile import TemporaryFile

from hemiface.errors import ConventionError, OutputError
from hemiface_clinic.card import SHIPPED, read_card
from hemiface_clinic.vault.ring import RING, SECRET, make_keys, read_ring

FOLDERS = ("keys", "media", "media/work", "mail", "backups")
FOLDER_MODE, FILE_MODE = 0o700, 0o600


def prepare_folder(data: Path) -> None:
    """Make what the data folder lacks, close what is open, and check what is there.

    Raises
    ------
    hemiface.errors.ConventionError
        If the folder is not ours, is open to others, or something in it is not right.
    hemiface.errors.OutputError
        If it cannot be written.
    """
    try:
        _refuse_strange_folder(data)
        for folder in (data, *(data / name for name in FOLDERS)):
            _make_private_folder(folder)
        with TemporaryFile(dir=data):
            pass
        _prepare_keys(data)
        _prepare_card(data / "clinic.toml")
    except OSError as problem:
        raise OutputError(
            f"{data} must be a folder that can be written; it is not: {problem.strerror}. "
            "Name another with --data."
        ) from problem


def _refuse_strange_folder(data: Path) -> None:
    """Refuse what somebody named by mistake: their home would be closed to everybody else."""
    if data.is_dir() and any(data.iterdir()) and not (data / "keys").is_dir():
        raise ConventionError(
            f"{data} must be empty, or the data folder of a clinic; it holds something else. "
            "Name a new folder with --data."
        )


def _make_private_folder(folder: Path) -> None:
    folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    close_to_others(folder, FOLDER_MODE)


def close_to_others(path: Path, mode: int) -> None:
    """Let nobody but the owner read a file or folder.

    Raises
    ------
    hemiface.errors.ConventionError
        If it belongs to somebody else, or stays open.
    """
    if path.stat().st_uid != os.geteuid():
        raise ConventionError(
            f"{path} must belong to the account that runs hemiface; it belongs to another. "
            "Run hemiface from that account, or give the folder to this one with chown."
        )
    if _mode(path) & ~mode:
        path.chmod(mode)
    if _mode(path) & ~mode:
        raise ConventionError(
            f"{path} must be readable by its owner only; it is open to others (mode "
            f"{_mode(path):o}) and cannot be closed. Name a folder on another disk with --data."
        )


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _prepare_keys(data: Path) -> None:
    keys = data / "keys"
    if not (keys / RING).exists() and _holds_sealed_things(data):
        raise ConventionError(
            f"{keys} must hold the keys that sealed this clinic's data; it does not. "
            "Copy the folder back from where you keep it."
        )
    make_keys(keys)
    for name in (RING, SECRET):
        close_to_others(keys / name, FILE_MODE)
    try:
        read_ring(keys)
    except (ValueError, KeyError, AssertionError) as problem:
        raise ConventionError(
            f"{keys / RING} must be a key ring; it cannot be read. "
            "Copy it back from where you keep the keys."
        ) from problem


def _holds_sealed_things(data: Path) -> bool:
    return (data / "clinic.db").exists() or any(
        path.is_file() for path in (data / "media").iterdir()
    )


def _prepare_card(card: Path) -> None:
    if not card.exists():
        shutil.copyfile(SHIPPED, card)
    read_card(card)
