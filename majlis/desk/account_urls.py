"""The addresses of signing in, only those that are needed: nobody can sign up, link or verify anything here."""

from __future__ import annotations

from allauth.account import views
from django.urls import path, re_path

from majlis.desk import accounts

urlpatterns = [
    path("login/", accounts.SignIn.as_view(), name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("language/", accounts.choose_language, name="choose_language"),
    path("password/change/", accounts.ChangePassword.as_view(), name="account_change_password"),
    path("password/reset/", accounts.AskReset.as_view(), name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        accounts.NewPassword.as_view(),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
