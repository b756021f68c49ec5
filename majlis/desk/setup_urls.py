"""The addresses of the first run, and of the links that open one door once."""

from __future__ import annotations

from django.urls import path

from majlis.desk.later import Later

setup = Later("majlis.desk.setup")
before = Later("majlis.desk.setup", is_open=True)
setup_channels = Later("majlis.desk.setup_channels")
joining = Later("majlis.desk.joining", is_open=True)

urlpatterns = [
    path("channels/", setup_channels.channels, name="setup_channels"),
    path("mailbox/", setup.mailbox, name="setup_mailbox"),
    path("done/", setup.done, name="setup_done"),
    path("invitation/<str:token>/", joining.invitation, name="setup_invitation"),
    path("password/<str:token>/", joining.reset, name="setup_password"),
    path("<str:token>/", before.language, name="setup_language"),
    path("<str:token>/company/", before.company, name="setup_company"),
    path("<str:token>/called/", before.called, name="setup_called"),
    path("<str:token>/owner/", before.owner, name="setup_owner"),
]
