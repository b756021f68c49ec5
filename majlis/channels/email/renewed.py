"""A connection opened with a token: one that the server refuses is renewed once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from majlis.channels.email.xoauth2 import Bearer
from majlis.channels.problems import ConnectionProblem

_C = TypeVar("_C")


def with_token(bearer: Bearer | None, connect_by: Callable[[str], _C]) -> _C:
    """What `connect_by` makes of a token ("" without a bearer); a token that the server refuses is renewed once."""
    token = bearer.take("") if bearer is not None else ""
    try:
        return connect_by(token)
    except ConnectionProblem as problem:
        if problem.code != "token" or bearer is None:
            raise
    return connect_by(bearer.take(token))
