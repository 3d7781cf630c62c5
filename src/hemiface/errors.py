"""The error tree: libraries raise, the command line prints a sentence, the site a page.

    HemifaceError
    ├── SourceError        a file cannot be read, or is not what it claims to be
    ├── ConventionError    a side, unit, rate or shape breaks a rule (also ValueError)
    ├── NoFaceError        nothing to track
    ├── TooLittleError     too short, too small or too little observed
    ├── OutputError        a result cannot be written
    └── MissingExtraError  an optional package is absent (also ImportError)

Every message says what must be what, what was found, and what to do.
"""


class HemifaceError(Exception):
    """Any failure that hemiface can explain in one sentence."""


class SourceError(HemifaceError):
    """A file cannot be read, or is not what it claims to be."""


class ConventionError(HemifaceError, ValueError):
    """A side, unit, rate or shape breaks a rule of the house."""


class NoFaceError(HemifaceError):
    """No face was found in the recording."""


class TooLittleError(HemifaceError):
    """The recording is too short, the face too small, or too little was observed."""


class OutputError(HemifaceError):
    """A result cannot be written where it was asked for."""


class MissingExtraError(HemifaceError, ImportError):
    """An optional package is absent; the message names the extra to install."""
