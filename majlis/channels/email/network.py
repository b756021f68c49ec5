"""What the network says when a mail server cannot be reached, as a problem that people can read."""

from __future__ import annotations

import socket
import ssl

from majlis.channels.problems import ConnectionProblem


def problem(error: OSError | UnicodeError) -> ConnectionProblem:
    """The problem that `error` is: certificate, tls, host, timeout, refused, or else lost."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return ConnectionProblem("certificate", detail=error.verify_message)
    if isinstance(error, ssl.SSLError):
        return ConnectionProblem("tls", detail=error.reason or str(error))
    if isinstance(error, (socket.gaierror, UnicodeError)):
        return ConnectionProblem("host")
    if isinstance(error, TimeoutError):
        return ConnectionProblem("timeout")
    if isinstance(error, ConnectionRefusedError):
        return ConnectionProblem("refused")
    return ConnectionProblem("lost", detail=str(error))
