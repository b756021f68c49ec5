"""Who vouches for a certificate: the authorities of this system (OpenSSL's, with SSL_CERT_FILE before them)."""

from __future__ import annotations

import re
import ssl
import warnings
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cryptography import x509

_BLOCK = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


def vouch_for(certificate: x509.Certificate, held: list[x509.Certificate], at: datetime) -> bool:
    """Say whether a chain leads from `certificate` to an authority of this system, and is meant for mail."""
    from cryptography import x509
    from cryptography.x509 import verification

    roots = _authorities()
    if not roots or not _is_for_mail(certificate):
        return False
    everything, authority = (
        verification.ExtensionPolicy.permit_all(),
        verification.ExtensionPolicy.permit_all(),
    )
    authority = authority.require_present(
        x509.BasicConstraints, verification.Criticality.AGNOSTIC, _must_be_authority
    )
    builder = (
        verification.PolicyBuilder()
        .store(verification.Store(roots))
        .time(at.replace(tzinfo=None))
        .max_chain_depth(6)
        .extension_policies(ca_policy=authority, ee_policy=everything)
    )
    try:
        builder.build_client_verifier().verify(certificate, [one for one in held if one != certificate])
    except verification.VerificationError:
        return False
    return True


def _must_be_authority(
    policy: Any, certificate: x509.Certificate, constraints: x509.BasicConstraints | None
) -> None:
    if constraints is None or not constraints.ca:
        raise ValueError("not an authority")
    if not _is_for_mail(certificate):
        raise ValueError("not for mail")


def _is_for_mail(certificate: x509.Certificate) -> bool:
    from cryptography import x509
    from cryptography.x509.oid import ExtendedKeyUsageOID

    try:
        usages = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return True
    except ValueError:
        return False
    return (
        ExtendedKeyUsageOID.EMAIL_PROTECTION in usages or ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE in usages
    )


def _authorities() -> list[x509.Certificate]:
    paths = ssl.get_default_verify_paths()
    return _authorities_in(paths.cafile or "", paths.capath or "")


@lru_cache(maxsize=2)
def _authorities_in(file: str, folder: str) -> list[x509.Certificate]:
    """The certificates in that file, else in the folder."""
    from cryptography import x509

    places = (
        [Path(file)] if file else sorted(Path(folder).glob("*.crt")) or sorted(Path(folder).glob("*.pem"))
    )
    found: dict[bytes, x509.Certificate] = {}
    for place in places[:500]:
        try:
            blocks = _BLOCK.findall(place.read_bytes())
        except OSError:
            continue
        for block in blocks:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # an old authority with a serial number that is not positive
                try:
                    found[block] = x509.load_pem_x509_certificate(block)
                except ValueError:
                    continue
    return list(found.values())
