"""What is refused before the site starts, each with a sentence that says what to do."""

import datetime
import socket

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hemiface.errors import ConventionError
from hemiface_clinic.configuration import read_configuration
from hemiface_clinic.serve import preflight
from hemiface_clinic.serve.address import Address, public_url, read_address
from hemiface_clinic.serve.lock import only_server

LOCAL = Address("127.0.0.1", 8000)


def settings(tmp_path, **variables):
    return read_configuration({"HEMIFACE_DATA": str(tmp_path), **variables})


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """A certificate for localhost and its key."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(
            name, name, key.public_key(), 1, now, now.replace(year=now.year + 1)
        )
    ).sign(key, hashes.SHA256())
    (folder / "c.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "k.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return folder / "c.pem", folder / "k.pem"


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_refuses_a_network_without_tls(tmp_path, host):
    with pytest.raises(ConventionError, match=r"must be 127\.0\.0\.1 where"):
        preflight.check_privacy(Address(host, 8000), settings(tmp_path))


def test_takes_a_network_with_tls_or_behind_a_named_proxy(tmp_path, pair):
    public = {"HEMIFACE_PUBLIC_URL": "https://clinic.example"}
    preflight.check_privacy(Address("0.0.0.0", 443, *pair), settings(tmp_path, **public))
    proxied = settings(tmp_path, HEMIFACE_PROXIES="10.0.0.2", **public)
    preflight.check_privacy(Address("0.0.0.0", 8000), proxied)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.0.0.9"])
def test_takes_this_machine_without_tls(tmp_path, host):
    preflight.check_privacy(Address(host, 8000), settings(tmp_path))


def test_refuses_a_public_address_without_tls(tmp_path):
    plain = settings(tmp_path, HEMIFACE_PUBLIC_URL="http://clinic.example")
    with pytest.raises(ConventionError, match="must begin with https://"):
        preflight.check_privacy(LOCAL, plain)


def test_refuses_https_that_nobody_speaks(tmp_path):
    public = settings(tmp_path, HEMIFACE_PUBLIC_URL="https://clinic.example")
    with pytest.raises(ConventionError, match="it has no certificate"):
        preflight.check_privacy(LOCAL, public)


def test_refuses_http_with_a_certificate(tmp_path, pair):
    with pytest.raises(ConventionError, match="where the site has a certificate"):
        preflight.check_privacy(Address("127.0.0.1", 8000, *pair), settings(tmp_path))


def test_refuses_a_certificate_without_its_key(pair):
    with pytest.raises(ConventionError, match="must be given together"):
        preflight.check_certificate(Address("127.0.0.1", 8000, pair[0]))


@pytest.mark.parametrize("what", ["missing", "empty", "swapped"])
def test_refuses_a_certificate_that_cannot_be_used(tmp_path, pair, what):
    certificate, key = pair
    (tmp_path / "empty").write_text("")
    files = {
        "missing": (tmp_path / "none.pem", key),
        "empty": (tmp_path / "empty", key),
        "swapped": (key, certificate),
    }
    with pytest.raises(ConventionError, match="must be a certificate in PEM"):
        preflight.check_certificate(Address("127.0.0.1", 8000, *files[what]))


def test_takes_a_good_certificate(pair):
    preflight.check_certificate(Address("127.0.0.1", 8000, *pair))


def test_refuses_a_port_in_use_and_names_another():
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # as the web server does
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ConventionError, match=f"Port {port} must be free.*--port"):
            preflight.check_port(Address("127.0.0.1", port))


def test_refuses_an_address_of_another_machine():
    with pytest.raises(ConventionError, match="must be an address of this machine"):
        preflight.check_port(Address("192.0.2.1", 8000))


def test_refuses_a_name_nobody_knows():
    with pytest.raises(ConventionError, match="is not known"):
        preflight.check_port(Address("no-such-host.invalid", 8000))


def test_refuses_another_kind_of_database(tmp_path):
    with pytest.raises(
        ConventionError, match="must begin with postgresql://; it begins with mysql"
    ):
        preflight.check_database(settings(tmp_path, DATABASE_URL="mysql://u:p@localhost/x"))


def test_refuses_a_database_that_does_not_answer_and_hides_its_password(tmp_path):
    url = "postgres://clinic:topsecret@127.0.0.1:1/clinic"
    with pytest.raises(ConventionError, match="must name a database that answers") as found:
        preflight.check_database(settings(tmp_path, DATABASE_URL=url))
    assert "topsecret" not in str(found.value)


def test_refuses_a_file_that_is_no_database(tmp_path):
    (tmp_path / "clinic.db").write_text("a letter " * 100)
    with pytest.raises(ConventionError, match="must be the clinic's database"):
        preflight.check_database(settings(tmp_path))


def test_refuses_a_second_server(tmp_path):
    again = pytest.raises(ConventionError, match="another one is running")
    with only_server(tmp_path), again, only_server(tmp_path):
        pass
    with only_server(tmp_path):
        pass


def test_says_where_people_reach_the_site(pair):
    assert public_url(LOCAL, {}) == "http://127.0.0.1:8000"
    assert public_url(Address("::1", 8443, *pair), {}) == "https://[::1]:8443"
    assert public_url(LOCAL, {"HEMIFACE_PUBLIC_URL": "https://a.example"}) == "https://a.example"
    with pytest.raises(ConventionError, match="HEMIFACE_PUBLIC_URL must say"):
        public_url(Address("0.0.0.0", 443, *pair), {})


def test_an_address_survives_the_command_line(pair):
    for address in (LOCAL, Address("::1", 443, *pair)):
        assert read_address(address.arguments()) == address
