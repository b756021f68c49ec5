"""Which address leads to which surface."""

from __future__ import annotations

from django.urls import include, path

from majlis.intake.http import mail

handler500 = "majlis.desk.outages.broken"

urlpatterns = [
    path("intake/mail", mail, name="intake_mail"),
    path("accounts/", include("majlis.desk.account_urls")),
    path("", include("majlis.public.urls")),
    path("", include("majlis.desk.urls")),
]
