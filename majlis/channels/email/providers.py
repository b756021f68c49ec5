"""The usual mail servers of an address, so that fewer things have to be looked up. A guess, always editable."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Servers:
    """Where mail of a domain usually comes and goes. `needs_app_password`: the ordinary one is refused.

    `sign_in`: "password", or whose token lets in besides. `pop3_host` is the server for POP3, "" where there is none.
    """

    in_host: str
    smtp_host: str
    in_port: int = 993
    in_security: str = "tls"
    smtp_port: int = 587
    smtp_security: str = "starttls"
    provider: str = ""
    pop3_host: str = ""
    needs_app_password: bool = False
    sign_in: str = "password"


# As each provider publishes them for other programs.
_GMAIL = Servers(
    "imap.gmail.com",
    "smtp.gmail.com",
    provider="Gmail",
    pop3_host="pop.gmail.com",
    needs_app_password=True,
    sign_in="google",
)
_OUTLOOK = Servers(
    "outlook.office365.com",
    "smtp-mail.outlook.com",
    provider="Outlook",
    pop3_host="outlook.office365.com",
    needs_app_password=True,
    sign_in="microsoft",
)
# Companies at Microsoft 365: their own domains look like any other, but each has one of these as well.
_MICROSOFT_365 = Servers(
    "outlook.office365.com",
    "smtp.office365.com",
    provider="Microsoft 365",
    pop3_host="outlook.office365.com",
    needs_app_password=True,
    sign_in="microsoft",
)
_YAHOO = Servers(
    "imap.mail.yahoo.com",
    "smtp.mail.yahoo.com",
    smtp_port=465,
    smtp_security="tls",
    provider="Yahoo",
    pop3_host="pop.mail.yahoo.com",
    needs_app_password=True,
)
_ICLOUD = Servers("imap.mail.me.com", "smtp.mail.me.com", provider="iCloud", needs_app_password=True)
_ZOHO = Servers(
    "imap.zoho.com",
    "smtp.zoho.com",
    smtp_port=465,
    smtp_security="tls",
    provider="Zoho",
    pop3_host="pop.zoho.com",
)

_BY_DOMAIN = {
    **dict.fromkeys(("gmail.com", "googlemail.com"), _GMAIL),
    **dict.fromkeys(("outlook.com", "hotmail.com", "live.com", "msn.com", "outlook.sa"), _OUTLOOK),
    **dict.fromkeys(("yahoo.com", "ymail.com", "rocketmail.com"), _YAHOO),
    **dict.fromkeys(("icloud.com", "me.com", "mac.com"), _ICLOUD),
    **dict.fromkeys(("zoho.com", "zohomail.com"), _ZOHO),
}


def guess(address: str) -> Servers | None:
    """The servers `address` most likely uses; None when it has no domain."""
    domain = address.rpartition("@")[2].strip().lower()
    if "." not in domain or " " in domain:
        return None
    if domain.endswith(".onmicrosoft.com"):
        return _MICROSOFT_365
    return _BY_DOMAIN.get(domain) or Servers(f"imap.{domain}", f"smtp.{domain}", pop3_host=f"pop.{domain}")


def by_pop3(servers: Servers) -> Servers:
    """The same, with incoming mail fetched by POP3."""
    return replace(servers, in_host=servers.pop3_host, in_port=995)
