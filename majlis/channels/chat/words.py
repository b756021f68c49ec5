"""The words a visitor reads around a conversation, in the language of the moment; {places} are filled in the browser."""

from __future__ import annotations

from django.utils.translation import gettext, pgettext


def first_words() -> dict[str, str]:
    """The few words the loader itself needs: before anything was asked of the desk, and when it cannot be reached."""
    return {
        "open": gettext("Open the chat with {name}"),
        "close": gettext("Close the chat"),
        "unread": gettext("Unread: {n}"),
        "failed": gettext("We could not connect. Check your network and try again."),
        "again": gettext("Try again"),
    }


def words() -> dict[str, str]:
    """Everything else, sent when the panel is opened."""
    return {
        "dialog": gettext("Conversation with {name}"),
        "hello": gettext("Hello"),
        "hello_name": gettext("Hello {name}"),
        "help": gettext("How can we help?"),
        "start": gettext("Start a conversation"),
        "go_on": gettext("Go on with the conversation"),
        "earlier": gettext("Earlier conversations"),
        "is_unread": gettext("Unread"),
        "no_text": gettext("Conversation"),
        "back": gettext("Back"),
        "message": gettext("Your message"),
        "placeholder": gettext("Write your message…"),
        "attach": gettext("Attach a file"),
        "send": gettext("Send"),
        "you": gettext("You wrote:"),
        "wrote": gettext("{name} wrote:"),
        "today": gettext("Today"),
        "yesterday": gettext("Yesterday"),
        "typing": gettext("{name} is typing"),
        "sending": gettext("Sending…"),
        "waiting": gettext("Not sent yet, trying again…"),
        "offline": gettext("You are offline. What you write is kept, and goes out by itself."),
        "read": gettext("Read {time}"),
        "was_read": pgettext("a message", "Read"),
        "by_mail": gettext("{time} · by e-mail"),
        "not_sent": gettext("This message did not go out."),
        "lost_file": gettext("“{name}” had not arrived when the page was closed. Attach it again, please."),
        "again": gettext("Try again"),
        "edit": gettext("Edit"),
        "remove": gettext("Remove {name}"),
        "download": gettext("Download {name}, {size}"),
        "picture": gettext("Picture {name}, opens in a new tab"),
        "too_big": gettext("“{name}” is too big. A file may have up to {size}."),
        "too_many": gettext("Files for one message: {n} at most."),
        "too_long": gettext("The message is too long. Characters at most: {n}."),
        "uploading": gettext("Uploading…"),
        "newer": gettext("New messages"),
        "drop": gettext("Drop the files here"),
        "where": gettext("Where do we send the answer?"),
        "where_why": gettext("We use your address to answer this conversation and for nothing else."),
        "where_send": gettext("Send me the answer"),
        "where_done": gettext("The answer also comes to {address}."),
        "where_wrong": gettext("This does not look like an e-mail address."),
        "later": gettext("I will come back later"),
        "end": gettext("End the conversation"),
        "ended": gettext("The conversation has ended. Write again at any time, it goes on right here."),
        "by": gettext("Runs on Majlis"),
    }
