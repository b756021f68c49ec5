"""The settings: sensible without any, and loud about every one that cannot be right."""

from __future__ import annotations

import subprocess
import sys
from ipaddress import ip_network
from pathlib import Path

import pytest

from majlis import config
from majlis.cli import keys
from majlis.config import ConfigError, load

from .conftest import ROOT

SECRET = "salma keeps this key to herself, in a drawer"


def test_nothing_needs_to_be_set() -> None:
    made = load({})

    assert (made.port, made.bind, made.url) == (8000, "127.0.0.1", "http://localhost:8000")
    assert (made.lmtp_port, made.lmtp_bind, made.mail_max_bytes) == (2525, "127.0.0.1", 50 * 1024 * 1024)
    assert made.data == Path.cwd() / "var"
    assert made.database.host == str(made.data / "run")
    assert made.smtp is None
    assert made.warnings == ()


def test_everything_can_be_set(tmp_path: Path) -> None:
    made = load(
        {
            "MAJLIS_PORT": "8080",
            "MAJLIS_BIND": "::",
            "MAJLIS_URL": "https://Desk.Example.com/",
            "MAJLIS_TRUSTED_PROXIES": "10.0.0.0/8, 192.0.2.7",
            "MAJLIS_DATA": str(tmp_path),
            "MAJLIS_LMTP_PORT": "0",
            "MAJLIS_LMTP_BIND": "0.0.0.0",
            "MAJLIS_MAIL_MAX_BYTES": "20 MiB",
            "MAJLIS_DATABASE_URL": "postgresql://badr:p%40ss@db.example.com:6432/desk?sslmode=require",
            "MAJLIS_SECRET_KEY": SECRET,
            "MAJLIS_SMTP_URL": "smtp+starttls://noura:pw@mail.example.com",
            "MAJLIS_PUSH_ALLOW": "https://Push.example.com, http://10.0.0.2:8080/up",
        }
    )

    assert made.url == "https://desk.example.com"
    assert made.trusted_proxies == (ip_network("10.0.0.0/8"), ip_network("192.0.2.7"))
    assert made.mail_max_bytes == 20 * 1024 * 1024
    assert made.push_allow == ("https://push.example.com/", "http://10.0.0.2:8080/up/")
    assert made.is_database_external
    assert made.database.parameters() == {
        "host": "db.example.com",
        "port": "6432",
        "dbname": "desk",
        "user": "badr",
        "password": "p@ss",
        "sslmode": "require",
    }
    assert made.smtp == config.SmtpConfig("mail.example.com", 587, "noura", "pw", "starttls")


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("MAJLIS_PORT", "80a", '"80a" is not a port'),
        ("MAJLIS_PORT", "0", '"0" is not a port'),
        ("MAJLIS_LMTP_PORT", "70000", '"70000" is not a port'),
        ("MAJLIS_BIND", "localhost", '"localhost" is not an IP address'),
        ("MAJLIS_URL", "desk.example.com", "is not an address like https://desk.example.com"),
        ("MAJLIS_URL", "https://desk.example.com/majlis", "no path"),
        ("MAJLIS_TRUSTED_PROXIES", "10.0.0.1, proxy", "holds proxy, which is not an IP address"),
        ("MAJLIS_MAIL_MAX_BYTES", "lots", "is not a size"),
        ("MAJLIS_DATABASE_URL", "mysql://host/name", "is not an address like postgresql://"),
        ("MAJLIS_DATABASE_URL", "postgresql://host", "names no host or no database"),
        ("MAJLIS_SMTP_URL", "mail.example.com", "is not an address like smtps://"),
        ("MAJLIS_PUSH_ALLOW", "push.example.com", "is not an address like https://push.example.com/"),
        ("MAJLIS_PUSH_ALLOW", "https://a:b@push.example.com/", "holds https://a:b@push.example.com/"),
        ("MAJLIS_SECRET_KEY", "short", "at least 32 characters"),
        ("MAJLIS_SECRET_KEY_FILE", "/nowhere/at/all", "cannot read /nowhere/at/all: No such file"),
    ],
)
def test_a_value_that_cannot_be_right_is_refused_in_a_sentence(name: str, value: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as refused:
        load({name: value})

    assert len(refused.value.problems) == 1
    assert refused.value.problems[0].startswith(f"{name}: ")
    assert sentence in refused.value.problems[0]


def test_all_problems_are_told_at_once_and_no_secret_with_them() -> None:
    with pytest.raises(ConfigError) as refused:
        load({"MAJLIS_PORT": "x", "MAJLIS_BIND": "y", "MAJLIS_DATABASE_URL": "mysql://badr:hush@host/name"})

    assert len(refused.value.problems) == 3
    assert "hush" not in str(refused.value)


def test_a_setting_that_does_not_exist_is_answered_with_the_nearest() -> None:
    assert load({"MAJLIS_PROT": "1"}).warnings == (
        "MAJLIS_PROT is not a setting of Majlis and has no effect; did you mean MAJLIS_PORT?",
    )


def test_a_secret_may_lie_in_a_file_but_not_in_two_places(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{SECRET}\n")

    assert load({"MAJLIS_SECRET_KEY_FILE": str(tmp_path / "key")}).secret == SECRET
    with pytest.raises(ConfigError, match="both set"):
        load({"MAJLIS_SECRET_KEY_FILE": str(tmp_path / "key"), "MAJLIS_SECRET_KEY": SECRET})


def test_a_secret_never_shows_in_the_settings_own_picture() -> None:
    given = {"MAJLIS_SECRET_KEY": SECRET, "MAJLIS_SMTP_URL": "smtp://a:hush@host"}

    assert SECRET not in repr(load(given))
    assert "hush" not in repr(load(given))


def test_each_purpose_has_a_key_of_its_own() -> None:
    made = load({"MAJLIS_SECRET_KEY": SECRET})
    derived = {made.derived_key(purpose) for purpose in ("signing", "encrypting", "files", "django")}

    assert len(derived) == 4
    assert {len(key) for key in derived} == {32}
    assert made.derived_key("files") == load({"MAJLIS_SECRET_KEY": SECRET}).derived_key("files")
    with pytest.raises(ConfigError, match="no secret key yet"):
        load({"MAJLIS_DATA": "/nowhere"}).derived_key("files")


def test_the_key_is_made_once_privately_and_found_again(tmp_path: Path) -> None:
    env = {"MAJLIS_DATA": str(tmp_path / "var")}

    made = keys.ensure_secret(load(env))

    assert made.secret_file.stat().st_mode & 0o777 == 0o600
    assert load(env).secret == made.secret
    assert keys.ensure_secret(load(env)).secret == made.secret
    assert not keys.write_secret(made.secret_file, "another")
    assert [path.name for path in made.data.glob("*secret*")] == ["secret.key"]


def test_reading_the_settings_loads_no_django() -> None:
    code = "import sys, majlis.config; majlis.config.load({}); print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"
