"""The addresses of the settings."""

from __future__ import annotations

from django.urls import path

from majlis.desk.settings_pages import frame, mailboxes, problems, profile, team

urlpatterns = [
    path("", frame.index, name="settings"),
    path("profile/", profile.profile, name="settings_profile"),
    path("mailboxes/", mailboxes.listed, name="settings_mailboxes"),
    path("mailboxes/new/", mailboxes.new, name="settings_mailbox_new"),
    path("mailboxes/<int:mailbox_id>/", mailboxes.edit, name="settings_mailbox"),
    path("mailboxes/<int:mailbox_id>/pause", mailboxes.pause, name="settings_mailbox_pause"),
    path("team/", team.listed, name="settings_team"),
    path("team/new/", team.new, name="settings_teammate_new"),
    path("team/<int:teammate_id>/", team.edit, name="settings_teammate"),
    path("team/<int:teammate_id>/activity", team.activity, name="settings_teammate_activity"),
    path("team/<int:teammate_id>/link", team.link, name="settings_teammate_link"),
    path("problems/", problems.listed, name="settings_problems"),
    path("problems/<int:raw_id>/retry", problems.again, name="settings_problem_retry"),
    path("problems/<int:raw_id>/original", problems.original, name="settings_problem_original"),
]
