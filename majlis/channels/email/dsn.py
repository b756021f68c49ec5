"""Asking a server for reports on what becomes of a message (RFC 3461). Pure."""

from __future__ import annotations

import re

_LONGEST_ID = 100  # RFC 3461 §5.4, counted once encoded
_LONGEST_ADDRESS = 500  # §4.2
_NO_XCHAR = re.compile(r"[^!-*,-<>-~]")


def of_message(envelope_id: str) -> list[str]:
    """What stands after MAIL FROM: reports hold the headers alone, and name the message by `envelope_id`."""
    written = xtext(envelope_id) if envelope_id.isascii() else ""
    return ["RET=HDRS", *([f"ENVID={written}"] if 0 < len(written) <= _LONGEST_ID else [])]


def of_recipient(address: str) -> list[str]:
    """What stands after RCPT TO: told of failures and delays, under the address as it is written here."""
    wanted = ["NOTIFY=FAILURE,DELAY"]
    if not address.isascii():
        return wanted  # its form needs SMTPUTF8 all the way (RFC 6533 §3)
    written = xtext(address)
    return [*wanted, f"ORCPT=rfc822;{written}"] if len(written) <= _LONGEST_ADDRESS else wanted


def envelope_id(message_id: str) -> str:
    """The id of a message's envelope: the part of its Message-ID before the @, which is signed for replies."""
    return message_id.strip("<>").rpartition("@")[0]


def xtext(text: str) -> str:
    """`text` with everything but printable ASCII, and with + and =, as +HH (§4)."""
    return _NO_XCHAR.sub(lambda found: f"+{ord(found.group()):02X}", text)


def from_xtext(written: str) -> str:
    """What was written by `xtext`; what is no code stays."""
    return re.sub(r"\+([0-9A-F]{2})", lambda found: chr(int(found.group(1), 16)), written)
