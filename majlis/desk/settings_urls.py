"""The addresses of the settings."""

from __future__ import annotations

from django.urls import path

from majlis.desk.settings_pages import (
    audit,
    blocks,
    called,
    channels,
    demo,
    frame,
    health,
    ledger,
    mailbox_addresses,
    mailbox_automatic,
    mailbox_device,
    mailbox_folders,
    mailbox_http,
    mailbox_sending,
    mailbox_sign_in,
    mailboxes,
    notifications,
    problems,
    profile,
    sessions,
    sign_in_services,
    team,
    teams,
    topics,
)

urlpatterns = [
    path("", frame.index, name="settings"),
    path("profile/", profile.profile, name="settings_profile"),
    path("profile/picture", profile.picture, name="settings_picture"),
    path("notifications/", notifications.notifications, name="settings_notifications"),
    path("sessions/", sessions.own, name="settings_sessions"),
    path("mailboxes/", mailboxes.listed, name="settings_mailboxes"),
    path("mailboxes/new/", mailboxes.new, name="settings_mailbox_new"),
    path("mailboxes/<int:mailbox_id>/", mailboxes.edit, name="settings_mailbox"),
    path("mailboxes/<int:mailbox_id>/pause", mailboxes.pause, name="settings_mailbox_pause"),
    path(
        "mailboxes/<int:mailbox_id>/automatic/",
        mailbox_automatic.automatic,
        name="settings_mailbox_automatic",
    ),
    path(
        "mailboxes/<int:mailbox_id>/automatic/released",
        mailbox_automatic.let_go_on,
        name="settings_mailbox_automatic_released",
    ),
    path(
        "mailboxes/<int:mailbox_id>/addresses/",
        mailbox_addresses.addresses,
        name="settings_mailbox_addresses",
    ),
    path(
        "mailboxes/<int:mailbox_id>/addresses/trial", mailbox_addresses.trial, name="settings_mailbox_trial"
    ),
    path(
        "mailboxes/<int:mailbox_id>/addresses/standing",
        mailbox_addresses.trial_standing,
        name="settings_mailbox_trial_standing",
    ),
    path(
        "mailboxes/<int:mailbox_id>/addresses/choices",
        mailbox_addresses.choices,
        name="settings_mailbox_choices",
    ),
    path(
        "mailboxes/<int:mailbox_id>/addresses/<int:alias_id>",
        mailbox_addresses.alias,
        name="settings_mailbox_alias",
    ),
    path(
        "mailboxes/<int:mailbox_id>/addresses/<int:alias_id>/removal",
        mailbox_addresses.remove,
        name="settings_mailbox_alias_removal",
    ),
    path("mailboxes/<int:mailbox_id>/http/", mailbox_http.endpoint, name="settings_mailbox_http"),
    path("mailboxes/<int:mailbox_id>/http/closure", mailbox_http.close, name="settings_mailbox_http_closure"),
    path("mailboxes/services/", sign_in_services.listed, name="settings_services"),
    path("mailboxes/services/<str:provider>", sign_in_services.save, name="settings_service"),
    path(
        "mailboxes/services/<str:provider>/removal", sign_in_services.remove, name="settings_service_removal"
    ),
    path("mailboxes/oauth/callback", mailbox_sign_in.callback, name="settings_sign_in_callback"),
    path("mailboxes/oauth/pasted", mailbox_sign_in.pasted, name="settings_sign_in_pasted"),
    path("mailboxes/<int:mailbox_id>/sign-in/", mailbox_sign_in.shown, name="settings_mailbox_sign_in"),
    path("mailboxes/<int:mailbox_id>/sign-in/begin", mailbox_sign_in.begin, name="settings_sign_in_begin"),
    path("mailboxes/<int:mailbox_id>/sign-in/code", mailbox_device.code, name="settings_sign_in_code"),
    path("mailboxes/<int:mailbox_id>/sending/", mailbox_sending.sending, name="settings_mailbox_sending"),
    path("mailboxes/<int:mailbox_id>/sending/tries", mailbox_sending.try_now, name="settings_mailbox_tries"),
    path("mailboxes/<int:mailbox_id>/folders/", mailbox_folders.folders, name="settings_mailbox_folders"),
    path("mailboxes/<int:mailbox_id>/ledger/", ledger.show, name="settings_mailbox_ledger"),
    path(
        "mailboxes/<int:mailbox_id>/ledger/progress", ledger.progress, name="settings_mailbox_ledger_progress"
    ),
    path("mailboxes/<int:mailbox_id>/backfills", ledger.backfills, name="settings_mailbox_backfills"),
    path(
        "mailboxes/<int:mailbox_id>/backfills/end", ledger.backfill_end, name="settings_mailbox_backfill_end"
    ),
    path("mailboxes/<int:mailbox_id>/counting", ledger.counting, name="settings_mailbox_counting"),
    path("team/", team.listed, name="settings_team"),
    path("team/new/", team.new, name="settings_teammate_new"),
    path("team/<int:teammate_id>/", team.edit, name="settings_teammate"),
    path("team/<int:teammate_id>/activity", team.activity, name="settings_teammate_activity"),
    path("team/<int:teammate_id>/link", team.link, name="settings_teammate_link"),
    path("team/<int:teammate_id>/sessions", sessions.of_teammate, name="settings_teammate_sessions"),
    path("teams/", teams.listed, name="settings_teams"),
    path("teams/new/", teams.new, name="settings_team_new"),
    path("teams/<int:team_id>/", teams.edit, name="settings_team_edit"),
    path("teams/<int:team_id>/removal", teams.remove, name="settings_team_remove"),
    path("departments/<int:department_id>/", teams.department, name="settings_department"),
    path("called/", called.called, name="settings_called"),
    path("channels/", channels.channels, name="settings_channels"),
    path("channels/behind/<slug:which>/", channels.behind, name="settings_channels_behind"),
    path("audit/", audit.listed, name="settings_audit"),
    path("blocks/", blocks.listed, name="settings_blocks"),
    path("blocks/<int:block_id>/removal", blocks.remove, name="settings_block_removal"),
    path("topics/", topics.listed, name="settings_topics"),
    path("topics/<int:topic_id>/", topics.edit, name="settings_topic"),
    path("demo/", demo.shop, name="settings_demo"),
    path("demo/progress", demo.progress, name="settings_demo_progress"),
    path("demo/removal", demo.remove, name="settings_demo_removal"),
    path("health/", health.shown, name="settings_health"),
    path("problems/", problems.listed, name="settings_problems"),
    path("problems/<int:raw_id>/retry", problems.again, name="settings_problem_retry"),
    path("problems/<int:raw_id>/original", problems.original, name="settings_problem_original"),
]
