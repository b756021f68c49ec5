"""Signed mail stays readable and says what its signature is worth; encrypted mail is kept whole and says so."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from majlis.channels.email.parsing import ParsedMail, parse
from majlis.channels.email.sealing import canonical

NOW = datetime.now(UTC).replace(microsecond=0)
TEXT = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nأريد فاتورة.\r\n".encode()
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


class Authority:
    """An authority that makes certificates for mail, with another between itself and them where asked."""

    def __init__(self, name: str) -> None:
        self.key: Key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, name)])
        self.certificate = self._made(
            self.name, self.key.public_key(), self.name, self.key, is_authority=True
        )
        self.between: list[x509.Certificate] = []

    def _made(
        self, name: x509.Name, public: Any, issuer: x509.Name, key: Any, *, is_authority: bool,
        extensions: tuple[Any, ...] = (), days: tuple[int, int] = (-30, 30),
    ) -> x509.Certificate:  # fmt: skip
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(issuer)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW + timedelta(days=days[0]))
            .not_valid_after(NOW + timedelta(days=days[1]))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        )
        for extension in extensions:
            builder = builder.add_extension(extension, critical=False)
        return builder.sign(key, hashes.SHA256())

    def under(self) -> None:
        """From now on an authority in the middle signs."""
        key, name = (
            ec.generate_private_key(ec.SECP256R1()),
            x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Middle")]),
        )
        self.between = [self._made(name, key.public_key(), self.name, self.key, is_authority=True)]
        self.name, self.key = name, key

    def person(
        self,
        address: str,
        key: Any,
        *,
        days: tuple[int, int] = (-30, 30),
        usage: Any = ExtendedKeyUsageOID.EMAIL_PROTECTION,
    ) -> x509.Certificate:
        """Return a certificate for that address."""
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Layla Al-Harbi")])
        extensions = (x509.SubjectAlternativeName([x509.RFC822Name(address)]), x509.ExtendedKeyUsage([usage]))
        return self._made(
            name, key.public_key(), self.name, self.key, is_authority=False, extensions=extensions, days=days
        )


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """An authority that this system knows."""
    made = Authority("Desert Trust")
    file = tmp_path / "ca.pem"
    file.write_bytes(made.certificate.public_bytes(serialization.Encoding.PEM))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return made


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _signature(
    content: bytes,
    certificate: x509.Certificate,
    key: Any,
    *others: x509.Certificate,
    is_opaque: bool = False,
    pss: bool = False,
) -> bytes:
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
    scheme = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH) if pss else None
    builder = builder.add_signer(certificate, key, hashes.SHA256(), rsa_padding=scheme)
    for other in others:
        builder = builder.add_certificate(other)
    options = [pkcs7.PKCS7Options.Binary] + ([] if is_opaque else [pkcs7.PKCS7Options.DetachedSignature])
    return builder.sign(serialization.Encoding.DER, options)


def _head(sender: str) -> bytes:
    date = f"{NOW:%a, %d %b %Y %H:%M:%S} +0000"
    return (
        f"From: Layla <{sender}>\r\nTo: support@shop.example\r\nSubject: signed\r\nDate: {date}\r\n"
        "Message-ID: <s@x>\r\nMIME-Version: 1.0\r\n"
    ).encode()


def _mail(signature: bytes, *, content: bytes = TEXT, sender: str = "layla@customer.example") -> ParsedMail:
    return parse(
        _head(sender)
        + b'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256; boundary=s\r\n\r\n'
        + b"--s\r\n" + content
        + b'\r\n--s\r\nContent-Type: application/pkcs7-signature; name="smime.p7s"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(signature) + b"\r\n--s--\r\n"
    )  # fmt: skip


def _state(mail: ParsedMail) -> str:
    assert mail.seal is not None
    return mail.seal["state"]


def test_a_signature_that_fits_names_who_signed(authority: Authority, key: rsa.RSAPrivateKey) -> None:
    certificate = authority.person("Layla@customer.example", key)

    mail = _mail(_signature(TEXT, certificate, key))

    assert mail.seal == {
        "kind": "smime",
        "state": "valid",
        "name": "Layla Al-Harbi",
        "address": "layla@customer.example",
        "issuer": "Desert Trust",
    }
    assert mail.text == "أريد فاتورة."
    assert [part.name for part in mail.attachments] == ["smime.p7s"]


def test_line_ends_that_a_server_changed_break_nothing(authority: Authority, key: rsa.RSAPrivateKey) -> None:
    signature = _signature(TEXT, authority.person("layla@customer.example", key), key)

    assert _state(_mail(signature, content=TEXT.replace(b"\r\n", b"\n"))) == "valid"


@pytest.mark.parametrize("kind", ["pss", "curve", "in the middle"])
def test_other_algorithms_and_longer_chains_are_understood(
    authority: Authority, key: rsa.RSAPrivateKey, kind: str
) -> None:
    signing: Any = ec.generate_private_key(ec.SECP384R1()) if kind == "curve" else key
    if kind == "in the middle":
        authority.under()
    certificate = authority.person("layla@customer.example", signing)

    signature = _signature(TEXT, certificate, signing, *authority.between, pss=kind == "pss")

    assert _state(_mail(signature)) == "valid"


def test_a_changed_text_is_a_broken_signature(authority: Authority, key: rsa.RSAPrivateKey) -> None:
    signature = _signature(TEXT, authority.person("layla@customer.example", key), key)

    mail = _mail(signature, content=TEXT.replace("فاتورة".encode(), "فاتورتي".encode()))

    assert (_state(mail), mail.text) == ("broken", "أريد فاتورتي.")


def test_a_signature_by_another_key_is_broken(authority: Authority, key: rsa.RSAPrivateKey) -> None:
    certificate = authority.person("layla@customer.example", key)
    signature = bytearray(_signature(TEXT, certificate, key))
    signature[-5] ^= 1

    assert _state(_mail(bytes(signature))) == "broken"


def _of_another(authority: Authority, key: Any) -> x509.Certificate:
    return authority.person("omar@customer.example", key)


def _of_a_stranger(authority: Authority, key: Any) -> x509.Certificate:
    return Authority("Nobody").person("layla@customer.example", key)


def _too_old(authority: Authority, key: Any) -> x509.Certificate:
    return authority.person("layla@customer.example", key, days=(-30, -10))


def _for_servers(authority: Authority, key: Any) -> x509.Certificate:
    return authority.person("layla@customer.example", key, usage=ExtendedKeyUsageOID.SERVER_AUTH)


@pytest.mark.parametrize(
    ("make", "state"),
    [
        (_of_another, "other_address"),
        (_of_a_stranger, "unknown_authority"),
        (_too_old, "expired"),
        (_for_servers, "unknown_authority"),
    ],
)
def test_a_certificate_that_does_not_suffice_is_told_apart(
    authority: Authority,
    key: rsa.RSAPrivateKey,
    make: Callable[[Authority, Any], x509.Certificate],
    state: str,
) -> None:
    assert _state(_mail(_signature(TEXT, make(authority, key), key))) == state


def test_a_person_cannot_vouch_for_another(authority: Authority, key: rsa.RSAPrivateKey) -> None:
    between = authority.person("omar@customer.example", key)
    authority.key, authority.name = key, between.subject
    signing = ec.generate_private_key(ec.SECP256R1())
    certificate = authority.person("layla@customer.example", signing)

    assert _state(_mail(_signature(TEXT, certificate, signing, between))) == "unknown_authority"


def _opaque(content: bytes, kind: str) -> bytes:
    return (
        _head("layla@customer.example")
        + f'Content-Type: application/pkcs7-mime; smime-type={kind}; name="smime.p7m"\r\n'.encode()
        + b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(content)
    )  # fmt: skip


def test_what_stands_inside_the_signature_is_read(authority: Authority, key: rsa.RSAPrivateKey) -> None:
    signed = _signature(TEXT, authority.person("layla@customer.example", key), key, is_opaque=True)

    mail = parse(_opaque(signed, "signed-data"))

    assert (mail.text, _state(mail)) == ("أريد فاتورة.", "valid")
    assert [(part.name, part.content) for part in mail.attachments] == [("smime.p7m", signed)]
    assert mail.as_written == ("", None, mail.attachments)  # its key is that of the mail before it was opened


def test_an_envelope_is_kept_whole_and_said(authority: Authority, key: rsa.RSAPrivateKey) -> None:
    envelope = (
        pkcs7.PKCS7EnvelopeBuilder()
        .set_data(TEXT)
        .add_recipient(_of_another(authority, key))
        .encrypt(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])
    )

    for kind in ("enveloped-data", "nothing-known"):
        mail = parse(_opaque(envelope, kind))
        assert (mail.text, mail.seal) == ("", {"kind": "smime", "state": "encrypted"})
        assert [(part.name, part.content) for part in mail.attachments] == [("smime.p7m", envelope)]


@pytest.mark.parametrize(
    "content", [b"", b"\x30\x80", b"nothing of the kind", b"\x30\x84\xff\xff\xff\xff" + b"\x06" * 50]
)
def test_nonsense_in_the_place_of_a_signature_is_not_checked(content: bytes) -> None:
    assert _state(_mail(content)) == "unchecked"
    assert parse(_opaque(content, "signed-data")).seal is None


def test_line_ends_are_those_of_the_wire() -> None:
    assert canonical(b"a\nb\r\nc\rd") == b"a\r\nb\r\nc\r\nd"
