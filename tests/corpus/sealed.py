"""Signed and encrypted messages of both kinds; what certificates are worth is tested with an authority of its own."""

from __future__ import annotations

from tests.corpus.writing import message, plain

_SIGNATURE = "-----BEGIN PGP SIGNATURE-----\n\niQEzBAEBCAAdFiEE\n=abcd\n-----END PGP SIGNATURE-----"
_LOCKED = "-----BEGIN PGP MESSAGE-----\n\nhQEMA7kAAAAAAAAB\n=wxyz\n-----END PGP MESSAGE-----"

MESSAGES: dict[str, bytes] = {
    "pgp-mime-signed-arabic": message(
        *plain("g1"),
        "Subject: signed",
        'Content-Type: multipart/signed; micalg=pgp-sha256; protocol="application/pgp-signature"; boundary=g',
        body="--g\nContent-Type: text/plain; charset=utf-8\n\nأرجو إلغاء الطلب.\n--g\n"
        f"Content-Type: application/pgp-signature\n\n{_SIGNATURE}\n--g--",
    ),
    "pgp-mime-signed-in-a-list": message(
        *plain("g2"),
        "Subject: signed",
        "Content-Type: multipart/mixed; boundary=l",
        body='--l\nContent-Type: multipart/signed; protocol="application/pgp-signature"; boundary=g\n\n--g\n'
        f"Content-Type: text/plain\n\nlist text\n--g\nContent-Type: application/pgp-signature\n\n{_SIGNATURE}\n--g--\n"
        "--l\nContent-Type: text/plain\n\nfooter\n--l--",
    ),
    "pgp-mime-encrypted": message(
        *plain("g3"),
        "Subject: ...",
        'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=g',
        body="--g\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--g\n"
        f'Content-Type: application/octet-stream; name="encrypted.asc"\n\n{_LOCKED}\n--g--',
    ),
    "pgp-inline-signed": message(
        *plain("g4"),
        "Subject: inline",
        "Content-Type: text/plain; charset=utf-8",
        body="-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nأوافق على العرض.\n- -- خط\n" + _SIGNATURE,
    ),
    "pgp-inline-encrypted": message(
        *plain("g5"), "Subject: inline", "Content-Type: text/plain; charset=utf-8", body=f"سري:\n\n{_LOCKED}"
    ),
    "pgp-inline-cut-off": message(
        *plain("g6"), "Subject: inline", body="-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nnever ends"
    ),
    "smime-signature-missing": message(
        *plain("g7"),
        "Subject: half",
        'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; boundary=g',
        body="--g\nContent-Type: text/plain\n\nonly the text came\n--g--",
    ),
    "smime-that-is-none": message(
        *plain("g8"),
        "Subject: none",
        'Content-Type: application/pkcs7-mime; name="smime.p7m"',
        "Content-Transfer-Encoding: base64",
        body=b"bm90aGluZw==",
    ),
    "smime-certificates-only": message(
        *plain("g9"),
        "Subject: certificates",
        'Content-Type: application/pkcs7-mime; smime-type=certs-only; name="smime.p7c"',
        "Content-Transfer-Encoding: base64",
        body=b"MCMGCSqGSIb3DQEHAqAWMBQCAQExADALBgkqhkiG9w0BBwExAA==",
    ),
}

_PGP = {"kind": "pgp", "state": "unchecked"}
EXPECTED: dict[str, dict[str, object]] = {
    "pgp-mime-signed-arabic": {
        "text": "أرجو إلغاء الطلب.",
        "seal": _PGP,
        "attachments": [("signature.asc", "application/pgp-signature", False)],
    },
    "pgp-mime-signed-in-a-list": {"text": "list text\n\nfooter", "seal": _PGP},
    "pgp-mime-encrypted": {
        "text": "",
        "seal": {"kind": "pgp", "state": "encrypted"},
        "attachments": [
            ("version.txt", "application/pgp-encrypted", False),
            ("encrypted.asc", "application/octet-stream", False),
        ],
    },
    "pgp-inline-signed": {
        "text": "أوافق على العرض.\n-- خط",
        "seal": _PGP,
        "attachments": [("signature.asc", "application/pgp-signature", False)],
    },
    "pgp-inline-encrypted": {
        "text": "سري:",
        "seal": {"kind": "pgp", "state": "encrypted"},
        "attachments": [("encrypted.asc", "application/octet-stream", False)],
    },
    "pgp-inline-cut-off": {
        "text": "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nnever ends",
        "seal": None,
        "attachments": [],
    },
    "smime-signature-missing": {
        "text": "only the text came",
        "seal": {"kind": "smime", "state": "unchecked"},
        "attachments": [],
    },
    "smime-that-is-none": {
        "text": "",
        "seal": None,
        "attachments": [("smime.p7m", "application/pkcs7-mime", False)],
    },
    "smime-certificates-only": {
        "text": "",
        "seal": None,
        "attachments": [("smime.p7c", "application/pkcs7-mime", False)],
    },
}
