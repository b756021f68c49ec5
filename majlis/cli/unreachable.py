"""Why a database does not answer, in words, and what to do about it."""

from __future__ import annotations

from majlis.cli import lock
from majlis.config import Config

# (what PostgreSQL or the system says, what it means, what to do); the first that fits counts.
_KNOWN = (
    (
        ("password authentication failed", "no password supplied"),
        "it does not accept the name or the password",
        "Correct the name and password in MAJLIS_DATABASE_URL.",
    ),
    (
        ("too many clients", "remaining connection slots"),
        "all of its connections are taken, so nobody else comes in",
        "End programs that hold connections, or raise max_connections there: Majlis needs up to 30.",
    ),
    (
        ('" does not exist',),
        "the server answers, but has no such database or user",
        "Make it there (createdb, createuser), or correct MAJLIS_DATABASE_URL.",
    ),
    (
        ("no pg_hba.conf entry",),
        "the server lets nobody in from this machine by that name",
        "Allow it in the server's pg_hba.conf, or correct MAJLIS_DATABASE_URL.",
    ),
    (
        ("could not translate host name", "Name or service not known", "failed to resolve"),
        "there is no machine by that name",
        "Check the host in MAJLIS_DATABASE_URL, and the name service of this machine.",
    ),
    (
        ("Connection refused", "No such file or directory"),
        "nothing listens there: the server is not running, or stands elsewhere",
        "Start the server (systemctl start postgresql), or correct host and port in MAJLIS_DATABASE_URL.",
    ),
    (
        ("timeout", "timed out", "No route to host", "Network is unreachable"),
        "nothing comes back: a firewall is between, or the machine is off",
        "Check that this machine may reach it (firewall, network).",
    ),
    (
        ("starting up", "shutting down", "recovery", "not yet accepting"),
        "the server is just starting or stopping",
        "Wait a minute and look again.",
    ),
)


def explain(config: Config, error: str) -> tuple[str, str]:
    """What it means and what to do, for what PostgreSQL said; for the embedded server, what its start said."""
    reason = error.strip().splitlines()[-1] if error.strip() else "it said nothing"
    if not config.is_database_external:
        held = lock.holder(config.data)
        if held and held.command == "run":
            return (
                f"the embedded server does not answer though Majlis runs (process {held.pid}): {reason}",
                f"Read {config.data / 'log' / 'postgres.log'}; stop Majlis and start it again.",
            )
        return f"the embedded server cannot be started: {reason}", (
            f"Read {config.data / 'log' / 'postgres.log'}, and see whether the disk is full."
        )
    where = f"{config.database.host}:{config.database.port}"
    for signs, meaning, step in _KNOWN:
        if any(sign in error for sign in signs):
            return f"{where}: {meaning} ({reason})", step
    return f"{where}: {reason}", "Check MAJLIS_DATABASE_URL and the server's own log."
