"""Authentication-Results as the large hosts and the usual filters write them, and as forgers do."""

from __future__ import annotations

import pytest

from majlis.channels.email.checks import Checks, organisation, read

GMAIL = (
    b"mx.google.com; dkim=pass header.i=@shop.sa header.s=s1 header.b=Qx12; spf=pass (google.com: domain of"
    b" layla@shop.sa designates 192.0.2.7 as permitted sender; dmarc=fail) smtp.mailfrom=layla@shop.sa;"
    b" dmarc=pass (p=NONE sp=NONE dis=NONE) header.from=shop.sa"
)
MICROSOFT = (
    b"spf=fail (sender IP is 192.0.2.9) smtp.mailfrom=shop.sa; dkim=none (message not signed) header.d=none;"
    b"dmarc=fail action=quarantine header.from=shop.sa;compauth=fail reason=000"
)
APPLE = (
    b"bimi.icloud.com; bimi=skipped",
    b"dmarc.icloud.com; dmarc=pass header.from=shop.sa",
    b"dkim-verifier.icloud.com; dkim=pass (2048-bit key) header.d=shop.sa header.i=@shop.sa",
    b"spf.icloud.com; spf=pass smtp.mailfrom=news@shop.sa",
)


def test_a_result_in_a_comment_is_nobodys_word() -> None:
    found = read([GMAIL], sender="layla@shop.sa")
    assert found == Checks("mx.google.com", "pass", "pass", "pass", "shop.sa", is_aligned=True)
    assert found.verdict == "pass"


def test_a_server_without_a_name_is_read_too() -> None:
    found = read([MICROSOFT], sender="layla@shop.sa")
    assert found is not None
    assert (found.by, found.spf, found.dkim, found.dmarc, found.verdict) == (
        "",
        "fail",
        "none",
        "fail",
        "fail",
    )


def test_fields_of_one_organisation_belong_together_and_those_below_do_not() -> None:
    found = read([*APPLE, b"dmarc.evil.test; dmarc=fail", b"spf.icloud.com; spf=fail"], sender="news@shop.sa")
    assert found is not None
    assert (found.spf, found.dkim, found.dmarc) == ("pass", "pass", "pass")


@pytest.mark.parametrize(
    ("value", "sender", "verdict"),
    [
        # Without DMARC, what passed must be of the domain that From names.
        (b"mx.host.test; spf=pass smtp.mailfrom=bounce@news.shop.sa", "a@shop.sa", "pass"),
        (b"mx.host.test; spf=pass smtp.mailfrom=a@evil.test", "a@shop.sa", ""),
        (b"mx.host.test; dkim=pass header.d=evil.test; dkim=pass header.d=mail.shop.sa", "a@shop.sa", "pass"),
        (b"mx.host.test; dkim=pass header.d=evil.test", "a@shop.sa", ""),
        # A forwarder breaks SPF: alone it proves nothing.
        (b"mx.host.test; spf=fail smtp.mailfrom=a@shop.sa; dkim=none", "a@shop.sa", ""),
        # Two companies below one country's ending are two.
        (b"mx.host.test; spf=pass smtp.mailfrom=a@evil.com.sa", "a@shop.com.sa", ""),
        (b'mx.host.test; dkim=pass reason="fine; dmarc=fail" header.d=shop.sa', "a@shop.sa", "pass"),
        (b"mx.host.test 1; dmarc=pass (weird \\) comment", "a@shop.sa", "pass"),
        (b"mx.host.test; none", "a@shop.sa", ""),
        (b"", "a@shop.sa", ""),
        (b";;;===;(((", "", ""),
    ],
)
def test_the_verdict(value: bytes, sender: str, verdict: str) -> None:
    found = read([value], sender=sender)
    assert found is not None
    assert found.verdict == verdict


def test_without_a_field_nobody_checked() -> None:
    assert read([], sender="a@shop.sa") is None


def test_organisations() -> None:
    assert organisation("MX.Mail.Example.COM.") == "example.com"
    assert organisation("mx1.example.com.sa") == "example.com.sa"
    assert organisation("localhost") == "localhost"
    assert organisation("") == ""
