"""Is a port free, and does Majlis answer on it? By plain sockets: the supervisor stays small."""

from __future__ import annotations

import errno
import socket
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from majlis.config import Config

_LISTENING = "0A"  # the state's number in the kernel's table


def trouble(config: Config) -> str | None:
    """Why Majlis could not listen where the settings say, in a sentence; None when it can."""
    wanted = [
        ("MAJLIS_PORT", config.bind, config.port),
        ("MAJLIS_LMTP_PORT", config.lmtp_bind, config.lmtp_port),
    ]
    for setting, address, port in wanted:
        if not port:
            continue
        error = _try(address, port)
        if error == errno.EADDRINUSE:
            return (
                f"Port {port} on {address} is already used by {user(port) or 'another program'}: stop it, or "
                f"choose another port with {setting}."
            )
        if error == errno.EACCES:
            return f"{setting}: this user may not listen on port {port}: choose one from 1024 up."
        if error:
            return f"{setting}: cannot listen on {address}: it is not an address of this machine."
    return None


def user(port: int) -> str:
    """Who listens there, "nginx (process 12)", where this machine and our rights let us know; else nothing."""
    sockets = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with suppress(OSError):
            for line in Path(table).read_text().splitlines()[1:]:
                words = line.split()
                if words[3] == _LISTENING and int(words[1].rpartition(":")[2], 16) == port:
                    sockets.add(f"socket:[{words[9]}]")
    for process in Path("/proc").glob("[0-9]*") if sockets else ():
        with suppress(OSError):  # another user's, or gone by now
            if any(str(handle.readlink()) in sockets for handle in (process / "fd").iterdir()):
                return f"{(process / 'comm').read_text().strip()} (process {process.name})"
    return ""


def is_answering(config: Config, *, seconds: float = 1.0) -> bool:
    """Whether our web process answers 200 to `GET /health`."""
    host = urlsplit(config.url).netloc
    try:
        with socket.create_connection((local_address(config), config.port), timeout=seconds) as link:
            link.sendall(f"GET /health HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
            return link.recv(64).split(b" ")[1:2] == [b"200"]
    except OSError:
        return False


def local_address(config: Config) -> str:
    """Where to knock from this machine: a server bound to every address answers on the loopback one."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(config.bind, config.bind)  # noqa: S104


def _try(address: str, port: int) -> int:
    """The error of listening there, 0 for none. A process that was just killed gets a second to go."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    for attempt in range(6):
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((address, port))
                return 0
            except OSError as error:
                code = error.errno or errno.EINVAL
        if code != errno.EADDRINUSE:
            return code
        if attempt < 5:
            time.sleep(0.1)
    return errno.EADDRINUSE
