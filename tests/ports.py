"""Free ports for what a test starts."""

from __future__ import annotations

import socket


def free_ports(number: int) -> list[int]:
    """So many ports nobody listens on, all different: they are held together before they are let go."""
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports: list[int] = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports
