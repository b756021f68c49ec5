"""When somebody answers by chat, as far as it can be said truly."""

from __future__ import annotations

from dataclasses import dataclass

from majlis.channels.chat.models import Widget


@dataclass(frozen=True, slots=True)
class Promise:
    """Whether somebody is there now, and a sentence about it; empty where nothing true can be said."""

    is_open: bool
    sentence: str


def promise(widget: Widget, *, language: str, time_zone: str = "") -> Promise:
    """What a visitor may be told of when an answer comes."""
    return Promise(is_open=True, sentence="")
