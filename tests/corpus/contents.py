"""The bytes of what is attached to messages of the corpus, written by hand, in the order of the parts."""

from __future__ import annotations

import base64

from tests.corpus.inside import PNG, PRICES

_PDF = b"%PDF-1.4\n"
CONTENTS: dict[str, list[bytes]] = {
    **{
        name: [_PDF]
        for name in (
            *(
                "name-rfc2231",
                "name-rfc2231-continued",
                "name-rfc2231-split-inside-letter",
                "name-rfc2231-cp1256",
            ),
            *("name-rfc2047-quoted", "name-rfc2047-two-words", "name-raw-cp1256", "name-raw-utf8-unquoted"),
            *(
                "name-with-folders-and-override",
                "name-missing",
                "name-raw-8859-6",
                "name-percent-without-charset",
            ),
            *(
                "name-continued-unencoded-tail",
                "name-continued-out-of-order",
                "name-with-quotes-and-semicolon",
            ),
            *(
                "name-only-on-content-type",
                "name-is-a-windows-path",
                "name-is-two-dots",
                "apple-rich-two-htmls",
            ),
            "alternative-with-attachment-inside",
        )
    },
    "related-inline-image": [PNG],
    "related-in-alternative-in-mixed": [PNG, _PDF],
    "related-with-start-last": [PNG],
    "image-inline-without-html": [PNG],
    "attached-text-file": [b"line 1"],
    "multipart-unclosed": [b"%PDF-1"],
    "uuencoded-part": [b"Cat"],
    "uuencoded-in-text": [PRICES],
    "uuencoded-two-files": [b"first" * 20, bytes(range(100))],
    "attached-message-base64": ["From: omar@customer.example\nSubject: قديم\n\nold".encode()],
    "pgp-inline-encrypted": [
        b"-----BEGIN PGP MESSAGE-----\n\nhQEMA7kAAAAAAAAB\n=wxyz\n-----END PGP MESSAGE-----"
    ],
    "smime-that-is-none": [base64.b64decode("bm90aGluZw==")],
    "plain-english": [],
    "alternative": [],
    "empty-body": [],
    "uuencode-in-prose": [],
    "yenc-left-as-it-is": [],
}
