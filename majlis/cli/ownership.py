"""As whom PostgreSQL runs: it refuses root, so root lends it another name or an ordinary user."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

_PREFERRED = ("majlis", "postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Ownership:
    """The command that comes before PostgreSQL's programs, and who owns its folders (None: we do)."""

    prefix: tuple[str, ...] = ()
    user: int | None = None
    group: int | None = None

    def give(self, path: Path) -> None:
        """Hand over a folder that we made."""
        if self.user is not None and self.group is not None:
            os.chown(path, self.user, self.group)

    def owner(self) -> int:
        """The user id that PostgreSQL's folders belong to."""
        return os.geteuid() if self.user is None else self.user


class OwnerError(Exception):
    """PostgreSQL cannot be started by this user; the message says what to do."""


def choose(cluster: Path) -> Ownership:
    """As whom the server of the data folder `cluster` (which may not exist yet) is to run.

    Not root: as we are. Root: in a user namespace where root has another number (files stay root's), or
    where those are forbidden as an ordinary system user. A cluster keeps the owner it has.
    Raises OwnerError with a plain message.
    """
    owner = cluster.stat().st_uid if cluster.exists() and any(cluster.iterdir()) else None
    if os.geteuid():
        if owner not in (None, os.geteuid()):
            raise OwnerError(f"{cluster} belongs to another user ({_name(owner)}): run Majlis as that user.")
        return Ownership()
    if owner:
        return as_user(pwd.getpwuid(owner))
    namespace = in_namespace()
    if namespace is not None:
        return namespace
    ordinary = as_user(ordinary_user())
    if owner == 0:
        _hand_over(cluster, ordinary)
    return ordinary


def in_namespace() -> Ownership | None:
    """A user namespace that shows root as an ordinary user, or None where those are forbidden."""
    number = ordinary_user().pw_uid  # one with a name: initdb looks its user up
    prefix = ("unshare", "--user", f"--map-user={number}", f"--map-group={number}")
    if not shutil.which("unshare"):
        return None
    tried = subprocess.run([*prefix, "true"], capture_output=True, check=False)
    return Ownership(prefix) if tried.returncode == 0 else None


def as_user(user: pwd.struct_passwd) -> Ownership:
    """Run as `user`, who then owns the database's folders. Raises OwnerError without `setpriv`."""
    if not shutil.which("setpriv"):
        raise OwnerError(
            "PostgreSQL does not run as root, and there is no `setpriv` here to start it as another user: "
            "run Majlis as an ordinary user, or set MAJLIS_DATABASE_URL to a server you run yourself."
        )
    prefix = ("setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups")
    return Ownership(prefix, user.pw_uid, user.pw_gid)


def ordinary_user() -> pwd.struct_passwd:
    """The system user who fits best to run a database."""
    users = {user.pw_name: user for user in pwd.getpwall() if user.pw_uid}
    for name in _PREFERRED:
        if name in users:
            return users[name]
    if not users:
        raise OwnerError("PostgreSQL does not run as root, and this system has no other user: add one.")
    return min(users.values(), key=lambda user: user.pw_uid)


def closed_folder_above(path: Path, ownership: Ownership) -> Path | None:
    """The first folder on the way to `path` that the server's user may not pass through, if any."""
    if ownership.user is None:
        return None
    for folder in reversed(path.absolute().parents):
        status = folder.stat()
        mine = status.st_uid == ownership.user
        ours = status.st_gid == ownership.group
        bit = stat.S_IXUSR if mine else stat.S_IXGRP if ours else stat.S_IXOTH
        if not status.st_mode & bit:
            return folder
    return None


def _hand_over(cluster: Path, ownership: Ownership) -> None:
    for folder, _, names in os.walk(cluster):
        ownership.give(Path(folder))
        for name in names:
            ownership.give(Path(folder, name))


def _name(user: int | None) -> str:
    try:
        return pwd.getpwuid(user or 0).pw_name
    except KeyError:
        return str(user)
