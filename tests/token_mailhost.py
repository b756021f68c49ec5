"""The mail host for tests as Google's and Microsoft's are: its IMAP and its submission let in by token.

Dovecot asks an issuer (`tests.oauth_host`) whose token it was shown; its submission service hands mail to Exim.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from tests.mailhost import MailHost
from tests.ports import free_ports

_MORE = r"""
protocols = imap lmtp pop3 submission
auth_mechanisms = plain login xoauth2 oauthbearer
hostname = mail.majlis.test
submission_relay_host = 127.0.0.1
submission_relay_port = @PORT_SMTP@
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = @T@/oauth2.conf
}
service submission-login {
  chroot =
  inet_listener submission {
    port = @PORT_SUBMISSION@
  }
}
"""
_OAUTH = """
introspection_mode = post
introspection_url = @ISSUER@/introspect
username_attribute = username
active_attribute = active
active_value = true
"""


@dataclass(slots=True)
class TokenMailHost(MailHost):
    """`issuer` is the address of who issues tokens."""

    issuer: str = ""
    submission_port: int = field(init=False)

    def _prepare(self) -> None:
        MailHost._prepare(self)
        (self.submission_port,) = free_ports(1)
        words = {
            "T": str(self.folder),
            "PORT_SMTP": str(self.smtp_port),
            "PORT_SUBMISSION": str(self.submission_port),
            "ISSUER": self.issuer,
        }
        for name, text in (("dovecot.conf", _MORE), ("oauth2.conf", _OAUTH)):
            for word, value in words.items():
                text = text.replace(f"@{word}@", value)
            with (self.folder / name).open("a") as file:
                file.write(text)
            if os.geteuid() == 0:
                os.chown(self.folder / name, self._user.pw_uid, self._user.pw_gid)
