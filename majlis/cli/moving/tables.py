"""Which tables make up a desk, which stay behind and why; every table stands in one of the two lists."""

from __future__ import annotations

from typing import Final

EXPORTED: Final = (
    "account_emailaddress",
    "channels_acknowledgement",
    "channels_acknowledgementdue",
    "channels_automaticmail",
    "channels_backfill",
    "channels_delivery",
    "channels_mailconnection",
    "channels_mailfolder",
    "channels_mailoptions",
    "channels_noticeletter",
    "channels_oauthclient",
    "channels_oauthgrant",
    "channels_passedover",
    "channels_rawmessage",
    "channels_returnedaddress",
    "channels_sendingrules",
    "channels_sentcopy",
    "channels_sharedfile",
    "channels_stoppedaddress",
    "conversations_attachment",
    "conversations_attention",
    "conversations_beginning",
    "conversations_bulk",
    "conversations_conversation",
    "conversations_conversationtag",
    "conversations_counter",
    "conversations_draft",
    "conversations_draftfile",
    "conversations_entry",
    "conversations_entrywords",
    "conversations_follower",
    "conversations_mention",
    "conversations_merge",
    "conversations_messageid",
    "conversations_participant",
    "conversations_question",
    "conversations_readmark",
    "conversations_tag",
    "conversations_topic",
    "conversations_view",
    "files_file",
    "journal_event",
    "people_block",
    "people_company",
    "people_contextlink",
    "people_customer",
    "people_customeraddress",
    "people_customerimport",
    "people_customerimportrow",
    "people_customermerge",
    "people_customernote",
    "people_customerview",
    "people_demo",
    "people_department",
    "people_importedrecord",
    "people_installation",
    "people_mailbox",
    "people_mailboxaccess",
    "people_mailboxalias",
    "people_notification",
    "people_notificationchoice",
    "people_onetimelink",
    "people_quiethours",
    "people_signature",
    "people_team",
    "people_teammate",
    "people_teammember",
)

LEFT_OUT: Final = {
    "account_emailconfirmation": "Links of a few minutes; a new one is asked for.",
    "auth_group": "Rights come from a teammate's role: nothing is ever in it.",
    "auth_group_permissions": "Likewise.",
    "auth_permission": "Likewise; made by Django.",
    "channels_keycheck": "Tells whether the key of this very installation changed; written anew.",
    "channels_oauthattempt": "A sign-in under way; it is begun again.",
    "channels_outgoingserver": "How other servers stand at this moment; learned again.",
    "conversations_presence": "Who is where at this moment.",
    "django_content_type": "Made by Django.",
    "django_migrations": "The manifest says the state of the tables.",
    "majlis_cache": "What can be worked out again.",
    "people_pushsubscription": "Bound to one browser, one sign-in and the address of the old desk.",
    "people_session": "Everybody signs in once at the new desk.",
}

# Encrypted with the installation's key, by table: good for nothing without it.
SECRETS: Final = {
    "channels_mailconnection": ("in_password", "smtp_password", "imap_password"),
    "channels_mailoptions": ("endpoint_secret",),
    "channels_oauthclient": ("client_secret",),
    "channels_oauthgrant": ("refresh_token", "access_token"),
}
# What stands in the place of a secret that was left out: no key reads it, so that the desk asks for it again.
LEFT_OUT_SECRET: Final = "left out"  # noqa: S105 - the opposite of one

# Stored bytes are named by the installation's key: an export names them by their SHA-256 instead.
FILES: Final = "files_file"
# The one table in which a desk that was only started has rows: links to its first page.
FIRST_LINKS: Final = "people_onetimelink"
