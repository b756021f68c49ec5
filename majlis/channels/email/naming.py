"""Names of files: safe ones for what others named, and new ones for what nobody named."""

from __future__ import annotations

import mimetypes
import re

from majlis.channels.email import words
from majlis.lib.arabic import BIDI_MARKS

_TYPES = mimetypes.MimeTypes()
_EXTENSIONS = {
    "text/plain": ".txt", "text/html": ".html", "text/calendar": ".ics", "message/rfc822": ".eml",
    "image/jpeg": ".jpg", "image/jpg": ".jpg", "image/png": ".png", "image/gif": ".gif", "audio/mpeg": ".mp3",
    "application/pdf": ".pdf", "application/pgp-signature": ".asc", "text/rfc822-headers": ".txt",
    "message/delivery-status": ".txt", "message/global-delivery-status": ".txt", "message/global-headers": ".txt",
    "message/global": ".eml", "application/pkcs7-signature": ".p7s",
    "application/x-pkcs7-signature": ".p7s", "application/pkcs7-mime": ".p7m", "application/x-pkcs7-mime": ".p7m",
    "application/pgp-encrypted": ".txt", "application/ics": ".ics", "text/vcard": ".vcf",
    "text/x-vcard": ".vcf", "text/csv": ".csv", "application/zip": ".zip", "audio/ogg": ".ogg", "video/mp4": ".mp4",
}  # fmt: skip
_STEMS = {
    "text/calendar": "invite", "application/ics": "invite", "application/pgp-signature": "signature", "application/pkcs7-signature": "smime", "application/x-pkcs7-signature": "smime",
    "application/pkcs7-mime": "smime", "application/x-pkcs7-mime": "smime", "application/pgp-encrypted": "version",
    "message/delivery-status": "delivery-status", "message/global-delivery-status": "delivery-status",
    "message/global-headers": "headers", "text/rfc822-headers": "headers",
}  # fmt: skip


def safe_name(name: str) -> str:
    """Return a file name that is only a name: no folders, no control characters, no bidi marks that could make
    «gpj.exe» read as «exe.jpg»; every script stays. At most 180 characters, the extension kept."""
    name = (
        BIDI_MARKS.sub("", words.one_line(name)).replace("\\", "/").rstrip("/").rpartition("/")[2].strip(". ")
    )
    name = re.sub(r'[<>:"|?*]', "_", name)
    if len(name) > 180:
        stem, dot, extension = name.rpartition(".")
        name = f"{stem[:160]}.{extension}" if dot and len(extension) <= 12 else name[:180]
    return name


def type_of(name: str) -> str:
    """Return the type that a file's name promises, the same on every system."""
    if name.lower().endswith(".asc"):
        return "application/pgp-signature" if name == "signature.asc" else "application/octet-stream"
    return _TYPES.guess_type(name)[0] or "application/octet-stream"


def nameless(content_type: str, number: int) -> str:
    """Return a name for a part without one: by its type, else by its number in the message."""
    extension = _EXTENSIONS.get(content_type) or mimetypes.guess_extension(content_type) or ".bin"
    if content_type in _STEMS:
        return f"{_STEMS[content_type]}{extension}"
    return f"{'image' if content_type.startswith('image/') else 'attachment'}-{number}{extension}"


def of_message(subject: str, number: int) -> str:
    """Return a name for an attached message: its subject."""
    return f"{safe_name(subject.replace('/', '-'))[:150] or f'message-{number}'}.eml"
