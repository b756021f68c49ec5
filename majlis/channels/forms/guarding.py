"""What keeps machines out of a form, without anybody else's help: time, a trap, work, and how often somebody comes.

An ordinary person at an ordinary time meets nothing of it, with scripts or without. The work is asked for only when
something is unusual; without scripts such a person reads what to do.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from majlis.channels.pace import counted
from majlis.lib.errors import Refused

from . import proof, stamps
from .models import Form


@dataclass(frozen=True, slots=True)
class Bound:
    """In `seconds`, `usual` messages are ordinary, and after `most` there are no more."""

    usual: int
    most: int
    seconds: int


TRIES: Final = Bound(60, 60, 600)  # posts by one network, taken or not
NETWORK: Final = Bound(5, 20, 600)
ADDRESS: Final = Bound(3, 8, 3600)
FORM: Final = Bound(20, 60, 600)
LOOKS: Final = Bound(600, 600, 600)  # pages asked for by one network
BYTES: Final = Bound(50_000_000, 50_000_000, 3600)  # of files, by one network
# Of mail that says a message arrived: whoever fills in a form chooses where it goes.
TOLD_NETWORK: Final = Bound(5, 5, 3600)
TOLD_FORM: Final = Bound(60, 60, 3600)


@dataclass(frozen=True, slots=True)
class Sender:
    """Where a message comes from. `origin_known`: the browser said that it was our own page."""

    network: str
    origin_known: bool


def look(network: str) -> None:
    """A page is asked for. Raises Refused("too_often", seconds=…)."""
    _count(f"form-look:{network}", LOOKS)


def attempt(network: str) -> None:
    """Something was posted. Raises Refused("too_often", seconds=…)."""
    _count(f"form-try:{network}", TRIES)


def files(network: str, size: int) -> None:
    """Files of so many bytes in all came along. Raises Refused("too_often", seconds=…)."""
    _count(f"form-bytes:{network}", BYTES, number=size)


def stamp_of(form: Form, text: str, *, trap: str, now: datetime) -> stamps.Stamp:
    """The stamp a message came with.

    Raises Refused: trapped (what nobody sees was filled in), no_stamp (none of ours), too_old.
    """
    if trap.strip():
        raise Refused("trapped")
    stamp = stamps.read(form, text)
    if stamp is None:
        raise Refused("no_stamp")
    if now - stamp.given_at > stamps.TOO_OLD:
        raise Refused("too_old")
    return stamp


def admit(form: Form, stamp: stamps.Stamp, *, work: str, sender: Sender, address: str, now: datetime) -> None:
    """Let a message that is otherwise good come in, and count it.

    Raises Refused: too_often (seconds), too_fast, unproven (something is unusual, and the work was not done).
    """
    is_worked = proof.is_done(stamp.text, work)
    if not is_worked and now - stamp.given_at < stamps.TOO_FAST:
        raise Refused("too_fast")
    is_unusual = not sender.origin_known
    counts = [(f"form-net:{sender.network}", NETWORK)]
    if address:
        counts.append((f"form-addr:{_digest(address)}", ADDRESS))
    for key, bound in counts:
        is_unusual |= _count(key, bound) > bound.usual
    rush, _ = counted(f"form-rush:{form.pk}", seconds=FORM.seconds)
    if (is_unusual or rush > FORM.usual) and not is_worked:
        raise Refused("unproven")
    # Counted at the end: what is refused above closes the form to nobody else.
    _count(f"form:{form.pk}", FORM)


def may_tell(form: Form, network: str) -> bool:
    """Whether the message that came in may be acknowledged, and count it."""
    try:
        _count(f"form-told-net:{network}", TOLD_NETWORK)
        _count(f"form-told:{form.pk}", TOLD_FORM)
    except Refused:
        return False
    return True


def _count(key: str, bound: Bound, *, number: int = 1) -> int:
    found, left = counted(key, seconds=bound.seconds, number=number)
    if found > bound.most:
        raise Refused("too_often", seconds=left)
    return found


def _digest(address: str) -> str:
    return hashlib.sha256(address.lower().encode()).hexdigest()[:32]
