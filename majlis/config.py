"""The settings of an installation: read from the environment, checked, typed. Imports no Django.

Every setting is described in docs/settings.md; a value that cannot be right is refused in a plain sentence.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Literal, TypeVar
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

SETTINGS = (
    "MAJLIS_PORT",
    "MAJLIS_BIND",
    "MAJLIS_URL",
    "MAJLIS_TRUSTED_PROXIES",
    "MAJLIS_DATA",
    "MAJLIS_LMTP_PORT",
    "MAJLIS_LMTP_BIND",
    "MAJLIS_MAIL_MAX_BYTES",
    "MAJLIS_DATABASE_URL",
    "MAJLIS_SECRET_KEY",
    "MAJLIS_SMTP_URL",
    "MAJLIS_PUSH_ALLOW",
)
SECRETS = ("MAJLIS_DATABASE_URL", "MAJLIS_SECRET_KEY", "MAJLIS_SMTP_URL")
INTERNAL = ("MAJLIS_EMBEDDED_SOCKET",)
OF_COMMANDS = ("MAJLIS_FREESCOUT_PASSWORD",)  # read by one command alone
KNOWN = (*SETTINGS, *(f"{name}_FILE" for name in SECRETS), *INTERNAL, *OF_COMMANDS)

Purpose = Literal["signing", "encrypting", "files", "django", "push"]
Network = IPv4Network | IPv6Network
_T = TypeVar("_T")
_SHORTEST_SECRET = 32
_UNITS = {"": 1, "KiB": 1024, "MiB": 1024**2, "GiB": 1024**3}


class ConfigError(Exception):
    """One plain sentence a problem; several stand on lines of their own."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class DatabaseConfig:
    """How to reach PostgreSQL. `host` may be the folder of a Unix socket; `options` are libpq's own."""

    host: str
    port: int
    name: str
    user: str
    password: str = field(default="", repr=False)
    options: Mapping[str, str] = field(default_factory=dict)

    def parameters(self) -> dict[str, str]:
        """Everything as libpq's keywords, for `psycopg.connect(**…)`; empty values are left out."""
        known = {
            "host": self.host,
            "port": str(self.port),
            "dbname": self.name,
            "user": self.user,
            "password": self.password,
        }
        return {**self.options, **{key: value for key, value in known.items() if value}}


@dataclass(frozen=True, slots=True)
class SmtpConfig:
    """The company-wide way out for mail."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    security: Literal["none", "starttls", "tls"]


@dataclass(frozen=True, slots=True)
class Config:
    """One installation's settings. `secret` is None until `majlis.cli.keys.ensure_secret` made one."""

    port: int
    bind: str
    url: str
    trusted_proxies: tuple[Network, ...]
    data: Path
    lmtp_port: int
    lmtp_bind: str
    mail_max_bytes: int
    database: DatabaseConfig
    is_database_external: bool
    secret: str | None = field(repr=False)
    is_secret_from_environment: bool
    smtp: SmtpConfig | None
    push_allow: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def files(self) -> Path:
        """The folder of raw mail and attachments."""
        return self.data / "files"

    @property
    def secret_file(self) -> Path:
        """Where the installation's key lies when the environment does not give it."""
        return self.data / "secret.key"

    def derived_key(self, purpose: Purpose) -> bytes:
        """32 bytes for one purpose, never the secret itself (HKDF-SHA256, RFC 5869, one block).

        Raises ConfigError while there is no secret key.
        """
        if self.secret is None:
            raise ConfigError(
                f"There is no secret key yet: `majlis run` makes one in {self.secret_file}, "
                "or set MAJLIS_SECRET_KEY."
            )
        extracted = hmac.digest(b"majlis", self.secret.encode(), hashlib.sha256)
        return hmac.digest(extracted, b"majlis " + purpose.encode() + b"\x01", hashlib.sha256)


def load(env: Mapping[str, str] | None = None) -> Config:
    """Read every setting from `env` (the process's environment by default).

    Reads the `…_FILE` secrets, DATA/secret.key and DATA/postgres.socket if they exist; writes nothing.
    Raises ConfigError naming every problem at once.
    """
    env = os.environ if env is None else env
    problems: list[str] = []

    def read(name: str, default: str, parse: Callable[[str], _T], *, fallback: _T) -> _T:
        text = _text(name, env, problems=problems) or default
        try:
            return parse(text)
        except ValueError as error:
            shown = "the value" if name in SECRETS else f'"{text}"'
            problems.append(f"{name}: {shown} {error}")
            return fallback

    port = read("MAJLIS_PORT", "8000", _port, fallback=8000)
    data = Path(_text("MAJLIS_DATA", env, problems=problems) or "var").expanduser().absolute()
    embedded = DatabaseConfig(str(_socket_folder(data, env)), 5432, "majlis", "majlis")
    external = _text("MAJLIS_DATABASE_URL", env, problems=problems)
    secret = _text("MAJLIS_SECRET_KEY", env, problems=problems)
    config = Config(
        port=port,
        bind=read("MAJLIS_BIND", "127.0.0.1", _address, fallback=""),
        url=read("MAJLIS_URL", f"http://localhost:{port}", _site, fallback=""),
        trusted_proxies=read("MAJLIS_TRUSTED_PROXIES", "", _networks, fallback=()),
        data=data,
        lmtp_port=read("MAJLIS_LMTP_PORT", "2525", _port_or_off, fallback=0),
        lmtp_bind=read("MAJLIS_LMTP_BIND", "127.0.0.1", _address, fallback=""),
        mail_max_bytes=read("MAJLIS_MAIL_MAX_BYTES", "50MiB", _size, fallback=0),
        database=read("MAJLIS_DATABASE_URL", "", lambda url: _database(url, embedded), fallback=embedded),
        is_database_external=bool(external),
        secret=secret or _kept_secret(data / "secret.key", problems),
        is_secret_from_environment=bool(secret),
        smtp=read("MAJLIS_SMTP_URL", "", _smtp, fallback=None),
        push_allow=read("MAJLIS_PUSH_ALLOW", "", _prefixes, fallback=()),
        warnings=tuple(_warnings(env)),
    )
    if config.secret is not None and len(config.secret) < _SHORTEST_SECRET:
        where = "MAJLIS_SECRET_KEY" if secret else str(config.secret_file)
        problems.append(f"{where}: a secret key has at least {_SHORTEST_SECRET} characters")
    if config.lmtp_port == config.port and config.lmtp_bind == config.bind:
        problems.append(f"MAJLIS_LMTP_PORT: {port} is already the port of MAJLIS_PORT")
    if problems:
        raise ConfigError(*dict.fromkeys(problems))
    return config


def _text(name: str, env: Mapping[str, str], *, problems: list[str]) -> str:
    given = env.get(name, "").strip()
    file = env.get(f"{name}_FILE", "").strip() if name in SECRETS else ""
    if not file:
        return given
    if given:
        problems.append(f"{name} and {name}_FILE are both set: keep one of them")
        return given
    try:
        return Path(file).read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        problems.append(f"{name}_FILE: cannot read {file}: {getattr(error, 'strerror', 'it is not text')}")
        return ""


def _kept_secret(path: Path, problems: list[str]) -> str | None:
    try:
        return path.read_text().strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError) as error:
        problems.append(f"Cannot read {path}: {getattr(error, 'strerror', 'it is not text')}")
        return None


def _socket_folder(data: Path, env: Mapping[str, str]) -> Path:
    """The embedded server's: told by the process that started it, else as it was remembered in DATA."""
    told = env.get("MAJLIS_EMBEDDED_SOCKET", "")
    if told:
        return Path(told)
    try:
        return Path((data / "postgres.socket").read_text().strip() or data / "run")
    except OSError:
        return data / "run"


def _warnings(env: Mapping[str, str]) -> list[str]:
    found = []
    for name in sorted(env):
        if name.startswith("MAJLIS_") and not name.startswith("MAJLIS_TEST_") and name not in KNOWN:
            from difflib import get_close_matches

            near = get_close_matches(name, KNOWN, n=1, cutoff=0)
            found.append(f"{name} is not a setting of Majlis and has no effect; did you mean {near[0]}?")
    return found


def _port(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 1 <= int(text) <= 65535:
        raise ValueError("is not a port")
    return int(text)


def _port_or_off(text: str) -> int:
    return 0 if text == "0" else _port(text)


def _address(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        raise ValueError("is not an IP address") from None


def _networks(text: str) -> tuple[Network, ...]:
    found = []
    for item in text.replace(",", " ").split():
        try:
            found.append(ip_network(item))
        except ValueError:
            raise ValueError(f"holds {item}, which is not an IP address or network") from None
    return tuple(found)


def _size(text: str) -> int:
    match = re.fullmatch(r"([0-9]{1,12})\s*(|KiB|MiB|GiB)", text)
    if not match or not int(match[1]):
        raise ValueError("is not a size: write bytes, or a number with KiB, MiB or GiB")
    return int(match[1]) * _UNITS[match[2]]


def _split(text: str, schemes: tuple[str, ...], example: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        _ = parts.port, parts.hostname
    except ValueError:
        raise ValueError(f"is not an address like {example}") from None
    if parts.scheme not in schemes:
        raise ValueError(f"is not an address like {example}")
    return parts


def _site(text: str) -> str:
    parts = _split(text, ("http", "https"), "https://desk.example.com")
    if not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment or parts.username:
        raise ValueError("is not an address like https://desk.example.com (no path, no name or password)")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _prefixes(text: str) -> tuple[str, ...]:
    """Beginnings of addresses; each ends with a slash, so that no other host or folder begins with it."""
    found = []
    for item in text.replace(",", " ").split():
        parts = _split(item, ("http", "https"), "https://push.example.com/")
        if not parts.hostname or parts.query or parts.fragment or parts.username:
            raise ValueError(f"holds {item}, which is not an address like https://push.example.com/")
        found.append(f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}/")
    return tuple(found)


def _database(text: str, embedded: DatabaseConfig) -> DatabaseConfig:
    if not text:
        return embedded
    parts = _split(text, ("postgresql", "postgres"), "postgresql://user:password@host:5432/name")
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", "") or unquote(parts.hostname or "")
    name = unquote(parts.path.lstrip("/"))
    if not host or not name:
        raise ValueError("names no host or no database: write postgresql://user:password@host:5432/name")
    return DatabaseConfig(
        host=host,
        port=_port(options.pop("port", "") or str(parts.port or 5432)),
        name=name,
        user=unquote(parts.username or "") or options.pop("user", ""),
        password=unquote(parts.password or "") or options.pop("password", ""),
        options=options,
    )


def _smtp(text: str) -> SmtpConfig | None:
    if not text:
        return None
    kinds: dict[str, tuple[Literal["none", "starttls", "tls"], int]] = {
        "smtp": ("none", 25),
        "smtp+starttls": ("starttls", 587),
        "smtps": ("tls", 465),
    }
    parts = _split(text, tuple(kinds), "smtps://user:password@host:465")
    if not parts.hostname or parts.path.strip("/"):
        raise ValueError("is not an address like smtps://user:password@host:465")
    security, port = kinds[parts.scheme]
    return SmtpConfig(
        host=parts.hostname,
        port=parts.port or port,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        security=security,
    )
