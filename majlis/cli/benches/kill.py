"""What comes of a desk whose processes are killed while mail comes and goes: counted by the project's own scenario."""

from __future__ import annotations

import os
import secrets
from importlib import import_module
from typing import Any

import django

from majlis.cli.benches.figures import Figure
from majlis.cli.benches.measuring import Run
from majlis.cli.benches.place import BenchError

KILLS = 1000
_FEWEST = 16  # every kind of death twice
_MAILS, _REPLIES = 10, 2  # for each death
_SETTLE_SECONDS = 600.0


def run(measured: Run) -> list[Figure]:
    """kill.lost, kill.doubled and kill.sent_twice: mails and replies, of any number of deaths; the load does not matter.

    Raises BenchError where the scenario, Dovecot or Exim is not there, or when something else came out wrong.
    """
    kills = max(_FEWEST, round(KILLS * measured.size))
    seed = int(os.environ.get("MAJLIS_TEST_SEED") or secrets.randbits(32))
    measured.say(f"kill: {kills} deaths, seed {seed}")
    # What furnishes the desks names their models; each desk has a key and settings of its own.
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "majlis.settings")
    os.environ.setdefault("MAJLIS_SECRET_KEY", secrets.token_hex(32))
    django.setup()
    try:
        scenario: Any = import_module("tests.kills.scenario")
        host: Any = import_module("tests.mailhost").MailHost()
    except ImportError as error:
        raise BenchError(f"kill runs from a checkout, with what the tests need ({error}).") from error
    try:
        with host:
            came = scenario.run(
                host,
                mails=kills * _MAILS,
                replies=kills * _REPLIES,
                kills=kills,
                seed=seed,
                settle_seconds=_SETTLE_SECONDS,
            )
    except FileNotFoundError as error:
        raise BenchError(f"kill drives Dovecot and Exim: {error.filename} is not here.") from error
    except AssertionError as error:
        raise BenchError(f"kill came to no end: {error}") from error
    for name in ("lost", "doubled", "sent_twice", "wrong"):
        for line in getattr(came, name)[:20]:
            measured.say(f"kill: {name}: {line}")
    measured.say(
        f"kill: {came.mails} mails, {came.replies} replies, {came.letters} letters, {came.held} held"
        f" ({came.held_but_there} of them arrived), {came.seconds:.0f} s"
    )
    if came.wrong:
        raise BenchError(f"kill: {len(came.wrong)} things came out wrong, the first: {came.wrong[0]}")
    return [
        Figure(f"kill.{name}", float(len(getattr(came, name))), "", 0, "lower", against, noisy=False)
        for name, against in (
            ("lost", "–"),
            ("doubled", "–"),
            ("sent_twice", "25 copies seen (freescout#3607)"),
        )
    ]
