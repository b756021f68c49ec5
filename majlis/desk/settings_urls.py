"""The addresses of the settings."""

from __future__ import annotations

from django.urls import path

from majlis.desk.later import Later

_PAGES = "majlis.desk.settings_pages"
audit = Later(f"{_PAGES}.audit")
blocks = Later(f"{_PAGES}.blocks")
brands = Later(f"{_PAGES}.brands")
called = Later(f"{_PAGES}.called")
channel_check = Later(f"{_PAGES}.channel_check")
channel_rules = Later(f"{_PAGES}.channel_rules")
channels = Later(f"{_PAGES}.channels")
contact_forms = Later(f"{_PAGES}.contact_forms")
demo = Later(f"{_PAGES}.demo")
frame = Later(f"{_PAGES}.frame")
health = Later(f"{_PAGES}.health")
hours = Later(f"{_PAGES}.hours")
hours_holidays = Later(f"{_PAGES}.hours_holidays")
ledger = Later(f"{_PAGES}.ledger")
mailbox_addresses = Later(f"{_PAGES}.mailbox_addresses")
mailbox_automatic = Later(f"{_PAGES}.mailbox_automatic")
mailbox_device = Later(f"{_PAGES}.mailbox_device")
mailbox_folders = Later(f"{_PAGES}.mailbox_folders")
mailbox_http = Later(f"{_PAGES}.mailbox_http")
mailbox_sending = Later(f"{_PAGES}.mailbox_sending")
mailbox_sign_in = Later(f"{_PAGES}.mailbox_sign_in")
mailboxes = Later(f"{_PAGES}.mailboxes")
notifications = Later(f"{_PAGES}.notifications")
problems = Later(f"{_PAGES}.problems")
profile = Later(f"{_PAGES}.profile")
sessions = Later(f"{_PAGES}.sessions")
sign_in_services = Later(f"{_PAGES}.sign_in_services")
team = Later(f"{_PAGES}.team")
teams = Later(f"{_PAGES}.teams")
topics = Later(f"{_PAGES}.topics")
widget_identity = Later(f"{_PAGES}.widget_identity")
widget_preview = Later(f"{_PAGES}.widget_preview")
widgets = Later(f"{_PAGES}.widgets")

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
    path("mailboxes/<int:mailbox_id>/for/", channel_rules.of_mailbox, name="settings_mailbox_for"),
    path("widgets/<int:widget_id>/rules/", channel_rules.of_widget, name="settings_widget_rules"),
    path("forms/<int:form_id>/rules/", channel_rules.of_form, name="settings_form_rules"),
    path("channels/check/", channel_check.check, name="settings_channels_check"),
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
    path("brands/", brands.listed, name="settings_brands"),
    path("brands/new/", brands.new, name="settings_brand_new"),
    path("brands/<int:brand_id>/", brands.edit, name="settings_brand"),
    path("brands/<int:brand_id>/logo", brands.logo, name="settings_brand_logo"),
    path("brands/<int:brand_id>/removal", brands.remove, name="settings_brand_removal"),
    path("widgets/", widgets.listed, name="settings_widgets"),
    path("widgets/new/", widgets.new, name="settings_widget_new"),
    path("widgets/<int:widget_id>/", widgets.edit, name="settings_widget"),
    path("widgets/<int:widget_id>/removal", widgets.remove, name="settings_widget_removal"),
    path("widgets/<int:widget_id>/preview", widget_preview.preview, name="settings_widget_preview"),
    path("widgets/<int:widget_id>/identity/", widget_identity.identity, name="settings_widget_identity"),
    path(
        "widgets/<int:widget_id>/identity/renewal",
        widget_identity.renewal,
        name="settings_widget_identity_renewal",
    ),
    path("hours/", hours.of_company, name="settings_hours"),
    path("hours/beginning", hours.begin, name="settings_hours_begin"),
    path("hours/<int:schedule_id>/trial", hours.trial, name="settings_hours_trial"),
    path("hours/<int:schedule_id>/holidays", hours_holidays.add, name="settings_holidays"),
    path("hours/holidays/<int:holiday_id>/removal", hours_holidays.remove, name="settings_holiday_removal"),
    path("hours/teams/<int:team_id>/", hours.of_team, name="settings_team_hours"),
    path("hours/teams/<int:team_id>/beginning", hours.begin, name="settings_team_hours_begin"),
    path("hours/teams/<int:team_id>/removal", hours.give_up, name="settings_team_hours_removal"),
    path("called/", called.called, name="settings_called"),
    path("channels/", channels.channels, name="settings_channels"),
    path("channels/behind/<slug:which>/", channels.behind, name="settings_channels_behind"),
    path("forms/", contact_forms.listed, name="settings_forms"),
    path("forms/new/", contact_forms.new, name="settings_form_new"),
    path("forms/preview", contact_forms.preview, name="settings_form_preview"),
    path("forms/<int:form_id>/", contact_forms.edit, name="settings_form"),
    path("forms/<int:form_id>/switch", contact_forms.switch, name="settings_form_switch"),
    path("forms/<int:form_id>/copies", contact_forms.duplicate, name="settings_form_copies"),
    path("forms/<int:form_id>/removal", contact_forms.remove, name="settings_form_removal"),
    path("forms/<int:form_id>/return", contact_forms.bring_back, name="settings_form_return"),
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
