"""Times as people write them: 62.5, 62,5, 1:02.5 or 00:01:02.500."""

import math
import re

from hemiface.errors import SourceError

_CLOCK = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d+(?:[.,]\d*)?|[.,]\d+)")
_MILLISECONDS = re.compile(r"[^a-z](ms|msec|milliseconds?)\W*$")


def read_seconds(text: str, what: str) -> float:
    """Return seconds from a number or from ``[hours:]minutes:seconds``.

    Raises
    ------
    SourceError
        If the text is neither, or is negative.
    """
    read = _CLOCK.fullmatch(text.strip())
    if read is None:
        raise SourceError(
            f"the {what} must be seconds from the start of the recording, as 62.5 or 1:02.5, found "
            f'"{text.strip()[:40]}"'
        )
    hours, minutes, seconds = (part or "0" for part in read.groups())
    if read[2] and float(seconds.replace(",", ".")) >= 60:
        raise SourceError(f'the {what} must have seconds below 60 after a colon, found "{text}"')
    total_s = 3600 * int(hours) + 60 * int(minutes) + float(seconds.replace(",", "."))
    if not math.isfinite(total_s):
        raise SourceError(f'the {what} must be a time within the recording, found "{text[:40]}"')
    return total_s


def is_milliseconds(header: str) -> bool:
    """Return whether a column's header says milliseconds."""
    return _MILLISECONDS.search(header.strip().lower()) is not None
