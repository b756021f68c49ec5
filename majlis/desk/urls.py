"""The addresses of teammates' pages; nouns, not verbs."""

from __future__ import annotations

from django.urls import include, path

from . import changes, conversation, health, inbox, mail, replies

urlpatterns = [
    path("", inbox.home, name="home"),
    path("health", health.health, name="health"),
    path("inbox/<slug:folder>", inbox.folder, name="inbox"),
    path("inbox/<slug:folder>/list", inbox.folder_list, name="inbox_list"),
    path("conversations/<int:number>", conversation.show, name="conversation"),
    path("conversations/<int:number>/entries", conversation.entries, name="entries"),
    path("conversations/<int:number>/replies", replies.replies, name="replies"),
    path("conversations/<int:number>/notes", replies.notes, name="notes"),
    path("replies/<int:entry_id>", replies.reply, name="reply"),
    path("replies/<int:entry_id>/deliveries", replies.deliveries, name="deliveries"),
    path("replies/<int:entry_id>/settlement", replies.settlement, name="settlement"),
    path("conversations/<int:number>/closure", changes.closure, name="closure"),
    path("conversations/<int:number>/assignment", changes.assignment, name="assignment"),
    path("conversations/<int:number>/status", changes.status, name="status"),
    path("conversations/<int:number>/tags", changes.tags, name="tags"),
    path("conversations/<int:number>/tags/<int:tag_id>", changes.tag, name="tag"),
    path("entries/<int:entry_id>/html", mail.entry_html, name="entry_html"),
    path("entries/<int:entry_id>/original", mail.original, name="original"),
    path("attachments/<int:attachment_id>", mail.attachment, name="attachment"),
    path("setup/", include("majlis.desk.setup_urls")),
    path("settings/", include("majlis.desk.settings_urls")),
]
