"""The verification code: digits shown as an image and spoken, good for one try within ten minutes.

Nothing is stored when a form is opened. The digits follow from a nonce and the visitor's own cookie
by a keyed hash; the nonce carries the time it was made. When a form comes back, the nonce becomes a
row of `UsedCode`, and a row can be made only once: the same code posted twice at the same moment is
taken once.
"""

import secrets
import time
from functools import cache
from typing import TYPE_CHECKING

from hemiface_clinic.vault.seal import blind_index

if TYPE_CHECKING:
    from captcha.audio import AudioCaptcha
    from captcha.image import ImageCaptcha

GOOD_FOR_S = 600
N_DIGITS = 5
_SIZE = (220, 80)


def new_nonce() -> str:
    """Return the name of a new code; it begins with the time, and ends with proof it is ours."""
    body = f"{int(time.time()):x}-{secrets.token_hex(4)}"
    return f"{body}-{_proof(body)}"


def is_fresh(nonce: str) -> bool:
    """Whether a nonce is ours and not older than ten minutes."""
    body, _, proof = nonce.rpartition("-")
    if len(nonce) > 32 or not secrets.compare_digest(proof.encode(), _proof(body).encode()):
        return False
    return 0 <= time.time() - int(body.split("-")[0], 16) <= GOOD_FOR_S


def digits_of(nonce: str, visitor: str) -> str:
    """Return the digits of a code for one visitor."""
    number = int(blind_index("code", f"{nonce}\0{visitor}")[:12], 16)
    return str(number % 10**N_DIGITS).zfill(N_DIGITS)


def is_right(nonce: str, visitor: str, typed: str) -> bool:
    """Whether somebody typed the digits of their code."""
    wanted = digits_of(nonce, visitor)
    return secrets.compare_digest(as_digits(typed).encode(), wanted.encode())


def as_digits(typed: str) -> str:
    """Return what was typed as plain digits: spaces gone, digits of any script understood."""
    return "".join(str(int(c)) if c.isdecimal() else c for c in typed if not c.isspace())


def draw(digits: str) -> bytes:
    """Return a PNG image of the digits."""
    picture = _painter().generate(digits, format="png")
    return bytes(picture.getvalue())


def speak(digits: str) -> bytes:
    """Return a WAV sound of the digits, spoken in English over noise."""
    return bytes(_speaker().generate(digits))


def _proof(body: str) -> str:
    return blind_index("nonce", body)[:12]


@cache
def _painter() -> "ImageCaptcha":
    from captcha.image import ImageCaptcha

    return ImageCaptcha(*_SIZE)


@cache
def _speaker() -> "AudioCaptcha":
    from captcha.audio import AudioCaptcha

    return AudioCaptcha()
