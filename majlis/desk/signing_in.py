"""Signing somebody in who has just proved who they are by a link."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest

from majlis.people.models import Teammate


def sign_in(request: HttpRequest, teammate: Teammate) -> None:
    """A new session for `teammate`; whatever session the browser had before is not carried over."""
    request.session.flush()
    login(request, teammate, backend=settings.AUTHENTICATION_BACKENDS[0])
