"""A teammate's browser, as far as its requests go: signs in, keeps its cookies, asks and posts."""

from __future__ import annotations

import http.client
import re
from contextlib import closing
from dataclasses import dataclass, field
from email.message import Message
from http.cookies import SimpleCookie
from urllib.parse import urlencode

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Trouble(Exception):  # noqa: N818 - said as a fact
    """The server did not answer as a server in order does; asking again is right."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Message
    text: str


@dataclass(slots=True)
class Person:
    """Somebody at a browser. Every request has a connection of its own, as after any death of the server."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    _token: str = ""

    def sign_in(self, email: str, password: str) -> None:
        """Raises Trouble, or AssertionError when the server does not let them in."""
        page = self.ask("GET", "/accounts/login/")
        found = _TOKEN.search(page.text)
        assert found, page.text[:500]
        self._token = found[1]
        answer = self.ask("POST", "/accounts/login/", login=email, password=password)
        assert answer.status == 302, f"{answer.status} {answer.text[:2000]}"

    @property
    def cookie(self) -> str:
        """The header that says who asks."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def ask(self, method: str, path: str, **form: str) -> Answer:
        """One request. Raises Trouble for whatever is not an answer: no connection, half of one, a 5xx."""
        headers = {"Cookie": self.cookie, "Host": f"localhost:{self.port}"}
        body = None
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["X-CSRFToken"] = self.cookies.get("majlis_csrf", self._token)
            body = urlencode({**form, "csrfmiddlewaretoken": headers["X-CSRFToken"]})
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        with closing(connection):
            try:
                connection.request(method, path, body=body, headers=headers)
                response = connection.getresponse()
                text = response.read().decode(errors="replace")
            except (OSError, http.client.HTTPException) as error:
                raise Trouble(str(error)) from error
        if response.status >= 500:
            raise Trouble(f"{response.status} {text[:200]}")
        for line in response.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return Answer(response.status, response.headers, text)
