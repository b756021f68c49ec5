"""S/MIME signatures (RFC 8551, CMS RFC 5652): what was signed, by whom, and whether it still fits.

asn1crypto reads the structure (BER too, which is what mail programs write); cryptography does every calculation and
builds the chain to an authority.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from majlis.channels.email import authorities

if TYPE_CHECKING:
    from cryptography import x509

MAX_BYTES = 8 * 1024 * 1024
_WEAK = frozenset({"md2", "md5"})


@dataclass(frozen=True, slots=True)
class Signature:
    """What a signature says: `state` is a code of `sealing`; name, address and issuer from its certificate."""

    state: str
    name: str = ""
    address: str = ""
    issuer: str = ""


def content_of(der: bytes) -> bytes | None:
    """Return the message inside an opaque signed one (3.5.2), None where there is none or nothing can be read."""
    signed = _signed_data(der)
    try:
        content = signed["encap_content_info"]["content"] if signed is not None else None
        return bytes(content.native) if content is not None and content.native else None
    except Exception:
        return None


def is_encrypted(der: bytes) -> bool:
    """Say whether this is a CMS envelope."""
    from asn1crypto import cms

    try:
        kind = cms.ContentInfo.load(der)["content_type"].native
        return kind in ("enveloped_data", "authenticated_enveloped_data", "encrypted_data")
    except Exception:
        return False


def verify(der: bytes, content: bytes, *, sender: str, at: datetime | None) -> Signature:
    """Return what the signature in `der` over `content` (canonical, CRLF) is worth. Never raises.

    sender: the address in From, lower case. at: when the message says it was written; the certificate must have been
    valid then. The first signer counts.
    """
    try:
        return _verified(der, content, sender=sender, at=at)
    except Exception:
        return Signature("unchecked")


def _signed_data(der: bytes) -> Any:
    from asn1crypto import cms

    if len(der) > MAX_BYTES:
        return None
    try:
        info = cms.ContentInfo.load(der)
        return info["content"] if info["content_type"].native == "signed_data" else None
    except Exception:
        return None


def _verified(der: bytes, content: bytes, *, sender: str, at: datetime | None) -> Signature:
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes

    signed = _signed_data(der)
    if signed is None or not len(signed["signer_infos"]):
        return Signature("unchecked")
    signer = signed["signer_infos"][0]
    held = [
        x509.load_der_x509_certificate(found.chosen.dump())
        for found in list(signed["certificates"] or [])[:20]
        if found.name == "certificate"
    ]
    certificate = _chosen(signer["sid"], held)
    if certificate is None:
        return Signature("unchecked")
    algorithm = signer["digest_algorithm"]["algorithm"].native
    said = _said(certificate)
    if algorithm in _WEAK or not hasattr(hashes, algorithm.upper().replace("SHA3_", "SHA3_")):
        return Signature("unchecked", **said)
    digest = getattr(hashes, algorithm.upper())()
    hasher = hashes.Hash(digest)
    hasher.update(content)
    actual = hasher.finalize()
    signing_time = at
    attributes = signer["signed_attrs"]
    if len(attributes):
        values = {one["type"].native: one["values"] for one in attributes}
        if "message_digest" not in values or values["message_digest"][0].native != actual:
            return Signature("broken", **said)
        if "signing_time" in values and isinstance(values["signing_time"][0].native, datetime):
            signing_time = values["signing_time"][0].native
        over = attributes.untag().dump(force=True)  # as a SET OF (RFC 5652, 5.4)
    else:
        over = content
    try:
        if not _fits(certificate, signer, over, digest):
            return Signature("unchecked", **said)
    except InvalidSignature:
        return Signature("broken", **said)
    moment = (signing_time or datetime.now(UTC)).astimezone(UTC)
    if not certificate.not_valid_before_utc <= moment <= certificate.not_valid_after_utc:
        return Signature("expired", **said)
    if not authorities.vouch_for(certificate, held, moment):
        return Signature("unknown_authority", **said)
    addresses = _addresses(certificate)
    if sender not in addresses:
        return Signature("other_address", **said)
    return Signature("valid", **{**said, "address": sender})


def _chosen(sid: Any, held: list[x509.Certificate]) -> x509.Certificate | None:
    from cryptography import x509

    for certificate in held:
        if sid.name == "issuer_and_serial_number":
            wanted = sid.chosen
            is_it = (
                certificate.serial_number == wanted["serial_number"].native
                and certificate.issuer.public_bytes() == wanted["issuer"].dump()
            )
        else:
            try:
                found = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
            except x509.ExtensionNotFound:
                continue
            is_it = found.value.digest == sid.chosen.native
        if is_it:
            return certificate
    return None


def _fits(certificate: x509.Certificate, signer: Any, over: bytes, digest: Any) -> bool:
    """Check the signature; False for an algorithm that is not known here. Raises InvalidSignature."""
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

    key = certificate.public_key()
    signature = signer["signature"].native
    if isinstance(key, rsa.RSAPublicKey):
        if signer["signature_algorithm"]["algorithm"].native == "rsassa_pss":
            scheme: Any = padding.PSS(mgf=padding.MGF1(digest), salt_length=padding.PSS.AUTO)
        else:
            scheme = padding.PKCS1v15()
        key.verify(signature, over, scheme, digest)
        return True
    if isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, over, ec.ECDSA(digest))
        return True
    if isinstance(key, ed25519.Ed25519PublicKey):
        key.verify(signature, over)
        return True
    return False


def _addresses(certificate: x509.Certificate) -> list[str]:
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    found = [str(one.value) for one in certificate.subject.get_attributes_for_oid(NameOID.EMAIL_ADDRESS)]
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        found = [*names.get_values_for_type(x509.RFC822Name), *found]
    except (x509.ExtensionNotFound, ValueError):
        pass
    return [address.lower() for address in found]


def _said(certificate: x509.Certificate) -> dict[str, str]:
    from cryptography.x509.oid import NameOID

    def first(name: x509.Name, *wanted: x509.ObjectIdentifier) -> str:
        for oid in wanted:
            for one in name.get_attributes_for_oid(oid):
                return str(one.value)[:200].replace("\x00", "")
        return ""

    addresses = _addresses(certificate)
    return {
        "name": first(certificate.subject, NameOID.COMMON_NAME),
        "address": addresses[0] if addresses else "",
        "issuer": first(certificate.issuer, NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME),
    }
