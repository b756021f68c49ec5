"""The issuer and the mail host as these tests see them."""

from __future__ import annotations

from tests.tokens import _issuer, _token_host, client_row, grant, host, issuer

__all__ = ["_issuer", "_token_host", "client_row", "grant", "host", "issuer"]
