"""The addresses of the first run, and of the links that open one door once."""

from __future__ import annotations

from django.urls import path

from majlis.desk import joining, setup, setup_channels

urlpatterns = [
    path("channels/", setup_channels.channels, name="setup_channels"),
    path("mailbox/", setup.mailbox, name="setup_mailbox"),
    path("done/", setup.done, name="setup_done"),
    path("invitation/<str:token>/", joining.invitation, name="setup_invitation"),
    path("password/<str:token>/", joining.reset, name="setup_password"),
    path("<str:token>/", setup.language, name="setup_language"),
    path("<str:token>/company/", setup.company, name="setup_company"),
    path("<str:token>/called/", setup.called, name="setup_called"),
    path("<str:token>/owner/", setup.owner, name="setup_owner"),
]
