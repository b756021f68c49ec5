"""An issuer of tokens for tests, over real sockets: codes with PKCE, devices, rotating refresh tokens, introspection.

It checks what a real one checks (client, redirect address, verifier, one use of everything) and can be told to misbehave.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit

CLIENT, SECRET = "majlis-desk", "s3cret-of-the-client"


@dataclass(slots=True)
class _Granted:
    """What a code, a device or a token stands for."""

    account: str
    redirect_uri: str = ""
    challenge: str = ""
    is_let_in: bool = True
    is_denied: bool = False


@dataclass(slots=True)
class OAuthHost:
    """The issuer; a context manager. `opens` says which mailbox the tokens of an account let into (its own else)."""

    lasts_seconds: int = 3600
    account: str = ""
    names_account: bool = True
    refuses: str = ""
    status: int = 400
    gives_refresh: bool = True
    polls_slow: int = 0
    opens: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    slow_down: threading.Event = field(default_factory=threading.Event)
    _codes: dict[str, _Granted] = field(default_factory=dict)
    _devices: dict[str, _Granted] = field(default_factory=dict)
    _access: dict[str, _Granted] = field(default_factory=dict)
    _refresh: dict[str, _Granted] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _server: ThreadingHTTPServer = field(init=False)

    def __enter__(self) -> Self:
        self.slow_down.set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"host": self}))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    # -- where it is, and what a person does there

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def sign_in(self, address: str) -> str:
        """A person who opens `address` signs in as `account` and agrees; the address the browser is sent back to."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["code_challenge_method"] == "S256"
        assert asked["client_id"] == CLIENT
        code = secrets.token_urlsafe(12)
        account = self.account or asked.get("login_hint", "")
        self._codes[code] = _Granted(account, asked["redirect_uri"], asked["code_challenge"])
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def enter(self, user_code: str, *, agrees: bool = True) -> None:
        """A person enters the code of a device and agrees, or not."""
        self._devices[user_code].is_let_in, self._devices[user_code].is_denied = agrees, not agrees

    def revoke(self) -> None:
        """No token works any more."""
        with self._lock:
            self._access.clear()
            self._refresh.clear()

    def forget_access(self) -> None:
        """Access tokens are refused from now on, refresh tokens work."""
        with self._lock:
            self._access.clear()

    def asked_for(self, grant: str) -> list[dict[str, str]]:
        """The forms that came with this grant type."""
        return [fields for _, fields in self.asked if fields.get("grant_type", "").endswith(grant)]

    def tokens(self, account: str) -> dict[str, str]:
        """Tokens of an account, as if somebody had signed in."""
        return self._give(_Granted(account))

    # -- how

    def answer(self, path: str, fields: dict[str, str], bearer: str) -> tuple[int, dict[str, Any]]:
        self.asked.append((path, fields))
        if path == "/introspect":
            return 200, self._introspect(fields.get("token") or bearer)
        if self.refuses:
            return self.status, {"error": self.refuses, "error_description": "said by the test"}
        if fields.get("client_id") != CLIENT or fields.get("client_secret") != SECRET:
            return 401, {"error": "invalid_client"}
        if path == "/device":
            return 200, self._begin()
        self.slow_down.wait(10)
        with self._lock:
            return self._token(fields)

    def _begin(self) -> dict[str, Any]:
        user_code = secrets.token_hex(4).upper()
        self._devices[user_code] = _Granted(self.account, is_let_in=False)
        return {
            "device_code": f"device-{user_code}",
            "user_code": user_code,
            "verification_uri": f"{self.url}/enter",
            "interval": 1,
            "expires_in": 600,
        }

    def _token(self, fields: dict[str, str]) -> tuple[int, dict[str, Any]]:
        kind = fields.get("grant_type", "")
        if kind == "authorization_code":
            granted = self._codes.pop(fields["code"], None)
            digest = hashlib.sha256(fields.get("code_verifier", "").encode()).digest()
            proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            if (
                granted is None
                or granted.challenge != proof
                or granted.redirect_uri != fields["redirect_uri"]
            ):
                return 400, {"error": "invalid_grant"}
            return 200, self._give(granted)
        if kind == "refresh_token":
            granted = self._refresh.pop(
                fields["refresh_token"], None
            )  # rotated: the old one is worth nothing
            return (200, self._give(granted)) if granted else (400, {"error": "invalid_grant"})
        granted = self._devices.get(fields.get("device_code", "").removeprefix("device-"))
        if granted is None:
            return 400, {"error": "expired_token"}
        if granted.is_denied:
            return 400, {"error": "access_denied"}
        if self.polls_slow:
            self.polls_slow -= 1
            return 400, {"error": "slow_down"}
        return (200, self._give(granted)) if granted.is_let_in else (400, {"error": "authorization_pending"})

    def _give(self, granted: _Granted) -> dict[str, Any]:
        access, refresh = (f"{kind}-{secrets.token_urlsafe(24)}" for kind in ("access", "refresh"))
        self._access[access] = granted
        given: dict[str, Any] = {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": self.lasts_seconds,
            "scope": "mail offline",
        }
        if self.gives_refresh:
            self._refresh[refresh] = granted
            given["refresh_token"] = refresh
        if self.names_account and granted.account:
            claims = base64.urlsafe_b64encode(json.dumps({"email": granted.account}).encode()).rstrip(b"=")
            given["id_token"] = f"e30.{claims.decode()}.x"
        return given

    def _introspect(self, token: str) -> dict[str, Any]:
        granted = self._access.get(token)
        if granted is None:
            return {"active": False}
        return {"active": True, "username": self.opens.get(granted.account, granted.account)}


class _Handler(BaseHTTPRequestHandler):
    host: OAuthHost
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self._answer({name: values[0] for name, values in parse_qs(body).items()})

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        fields = {name: values[0] for name, values in query.items()}
        if urlsplit(self.path).path == "/authorize":
            self.send_response(302)
            self.send_header("Location", self.host.sign_in(f"{self.host.url}{self.path}"))
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self._answer(fields)

    def _answer(self, fields: dict[str, str]) -> None:
        bearer = self.headers.get("Authorization", "").removeprefix("Bearer ")
        status, said = self.host.answer(urlsplit(self.path).path, fields, bearer)
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *said: object) -> None:
        """Nothing is written: tests read what was asked."""
