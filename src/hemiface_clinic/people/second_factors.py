"""The sealed secrets of second factors, as a store whose keys can be changed."""

from collections.abc import Iterator

from allauth.mfa.models import Authenticator

from hemiface_clinic.vault.seal import key_name, open_seal, ring, seal

PLACE = "second-factor"
SECRETS = ("secret", "seed")


class SecondFactors:
    """Secrets of one-time passwords and seeds of recovery codes."""

    def seal_again(self) -> int:
        """Seal again what an older key sealed."""
        current, done = ring().current, 0
        for factor, name, sealed in _secrets():
            if key_name(sealed) != current:
                factor.data[name] = seal(open_seal(sealed, PLACE), PLACE).hex()
                factor.save(update_fields=["data"])
                done += 1
        return done

    def key_names(self) -> set[str]:
        """Return the names of the keys in use."""
        return {key_name(sealed) for _, _, sealed in _secrets()}


def _secrets() -> Iterator[tuple[Authenticator, str, bytes]]:
    for factor in Authenticator.objects.all():
        for name in SECRETS:
            if name in factor.data:
                yield factor, name, bytes.fromhex(factor.data[name])
