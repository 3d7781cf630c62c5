"""A clinic to try out: virtual patients, their questions, videos rendered and really measured."""

from hemiface_clinic.demo.fill import Account, fill

__all__ = ["Account", "fill"]
