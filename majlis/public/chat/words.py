"""What a visitor reads when something is refused."""

from __future__ import annotations

from django.utils.translation import gettext as _

from majlis.lib.errors import Refused


def of_refusal(refused: Refused) -> str:
    """The sentence for a refusal, in the language that is active."""
    if refused.code.startswith("identity_"):
        return _("This site could not say who you are. Reload the page.")
    return {
        "empty": _("Write something first."),
        "too_long": _("A message may have %(longest)s letters at most.")
        % {"longest": refused.data.get("longest", "")},
        "too_many_files": _("At most %(most)s files go with one message.")
        % {"most": refused.data.get("most", "")},
        "file_too_large": _("A file may have %(most)s MB at most.") % {"most": refused.data.get("most", "")},
        "unknown_file": _("A file was not there any more. Attach it again."),
        "too_large": _("That is too large to be sent."),
        "too_often": _("That was a lot at once. Wait a moment, then send it again."),
        "not_an_address": _("That is no email address. Write it like name@example.com."),
        "wrong_site": _("This chat does not belong to this site."),
        "not_shown": _("Chat is not offered here."),
        "unknown_visitor": _("Your chat is not known here any more. Begin a new one."),
        "no_such_widget": _("There is no chat here any more."),
        "not_found": _("This conversation is not here any more."),
    }.get(refused.code, _("That did not work. Reload the page and try again."))
