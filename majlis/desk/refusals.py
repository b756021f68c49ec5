"""A refused action in plain words, with what to do next."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from majlis.lib.errors import Refused
from majlis.lib.numbers import locale_for

STATUS = {
    "newer_entry": 409,
    "comes_back": 409,
    "already_sent": 409,
    "not_yours": 403,
    "not_found": 404,
    "no_draft": 404,
    "no_access": 422,
}


def words(refused: Refused) -> str:
    """The sentence a person reads for a refusal."""
    name = str(refused.data.get("name", ""))
    return {
        "empty": _("Write something first."),
        "newer_entry": _("A newer message arrived before yours left. Read it, then send again."),
        "already_sent": _("Too late to undo: the reply has left."),
        "not_found": _("This conversation does not exist, or you may not see it."),
        "no_draft": _("This draft is gone: it was sent or thrown away."),
        "no_access": _("%(name)s may not see this mailbox. Give access in the settings first.")
        % {"name": name},
        "inactive": _("The account of %(name)s is closed.") % {"name": name},
        "no_such_teammate": _("This teammate does not exist any more. Reload the page."),
        "no_such_status": _("There is no such status. Reload the page."),
        "too_long": _("A tag may have %(longest)s letters at most.")
        % {"longest": refused.data.get("longest", 60)},
        "too_large": _("The files are too large together: %(most)s MB at most.")
        % {"most": refused.data.get("most", 25)},
        "no_recipient": _("The customer has no address to write to."),
        "no_address": _("Write down whom it goes to first."),
        "too_many_addresses": _("%(most)s addresses at most.") % {"most": refused.data.get("most", 50)},
        "past": _("This moment is behind us. Choose a later one, like “tomorrow 9 am”."),
        "too_far": _("That is more than five years away. Choose an earlier moment."),
        "when_unclear": _(
            "Not understood. Write it like “tomorrow 9 am”, “next Sunday”, “in 3 days” or “15 December”."
        ),
        "not_on_desk": _("Only open conversations can be snoozed. Reopen it first."),
        "reason_too_long": _("A reason may have %(longest)s letters at most.")
        % {"longest": refused.data.get("longest", 200)},
        "note_too_long": _("Where it was passed may have %(longest)s letters at most.")
        % {"longest": refused.data.get("longest", 200)},
        "no_such_kind": _("There is no such way to close. Reload the page."),
        "no_such_priority": _("There is no such priority. Reload the page."),
        "no_such_topic": _("This topic is not offered any more. Reload the page."),
        "no_such_team": _("This team does not exist any more. Reload the page."),
        "not_an_address": _(
            "That is neither an address nor a domain. Write name@example.com or example.com."
        ),
        "own_address": _("%(name)s is one of your own mailboxes: it cannot be blocked.") % {"name": name},
        "own_domain": _("%(name)s is a domain of your own mailboxes: it cannot be blocked.") % {"name": name},
        "no_acknowledgement": _("Write what is sent, or turn the acknowledgement off."),
        "unknown_placeholder": _(
            "Nothing is known to put in for {%(name)s}. Write {name}, {team} or {company}."
        )
        % {"name": name},
        "acknowledgement_too_long": _("The text may have %(longest)s letters at most.")
        % {"longest": refused.data.get("longest", 4000)},
        "not_allowed": _("Only admins may do that."),
        "empty_name": _("Write a name."),
        "name_too_long": _("A name may have %(longest)s letters at most.")
        % {"longest": refused.data.get("longest", 60)},
        "name_taken": _("There is one called %(name)s already.") % {"name": name},
        "not_in_trash": _("It does not lie in the trash any more. Reload the page."),
        "not_a_number": _("A number was expected. Reload the page."),
        "not_yours": _("Only the person who wrote a reply can take it back."),
        "not_failed": _("This reply is on its way or settled already. Reload the page."),
        "not_held": _("This reply is settled already. Reload the page."),
        "not_shared": _("This link does not work any more already. Reload the page."),
        "comes_back": _("Mail to %(address)s came back: %(why)s Check the address, or send it all the same.")
        % {"address": f"\u2066{refused.data.get('address', '')}\u2069", "why": refused.data.get("why", "")},
        "view_without_name": _("Give the view a name."),
        "view_without_query": _("There is nothing to keep: search for something first."),
        "view_name_too_long": _("A name may have %(longest)s letters at most.")
        % {"longest": refused.data.get("longest", 60)},
        "too_many_views": _("You see %(most)s views already. Remove one first.")
        % {"most": refused.data.get("most", 50)},
        "no_push_address": _("This browser's push service cannot be reached from here. Ask an admin."),
        "no_push_keys": _("The browser handed over keys that do not work. Turn it off and on again."),
        "push_unknown": _("Notifications are off for this browser. Turn them on again."),
        "push_gone": _("The push service does not know this browser any more. Turn notifications on again."),
        "push_failed": _("The push service did not take it. Check the server's network, then try again."),
        **surgical(refused),
        **branded(refused),
    }.get(refused.code, _("That did not work. Reload the page and try again."))


def name_of(refused: Refused) -> dict[str, str]:
    """A name in a refusal, isolated from the direction of the sentence."""
    return {"name": f"\u2068{refused.data.get('name', '')}\u2069"}


def surgical(refused: Refused) -> dict[str, str]:
    """The words for what conversations, many at once, and colleagues by mail can be refused."""
    known = {"number": f"\u2066#{refused.data.get('number', '')}\u2069"}
    return {
        "merge_itself": _("A conversation cannot be merged into itself. Choose another one."),
        "merged_already": _("It was merged into %(number)s meanwhile. Reload the page.") % known,
        "merge_into_merged": _("That conversation lies in %(number)s by now. Merge into %(number)s instead.")
        % known,
        "merged_away": _(
            "This conversation was merged into %(number)s. Do it there; what you typed stays here."
        )
        % known,
        "merge_undone": _("That was undone already. Reload the page."),
        "no_mailbox": _("Choose a mailbox to write from."),
        "no_recipient_chosen": _("Choose whom to write to first."),
        "bad_address": _("%(address)s is no email address.")
        % {"address": f"\u2066{refused.data.get('address', '')}\u2069"},
        "no_reason": _("Say in a word why you write first."),
        "day_is_full": _("At most %(most)s may be begun in a day; %(left)s are left today.")
        % {"most": refused.data.get("most", ""), "left": refused.data.get("left", "")},
        "unwilling": _("They do not want to be written to."),
        "written_lately": _("Somebody wrote to them first within the last 30 days."),
        "own_address": _("That is an address of our own."),
        "address_taken": _("There is a mailbox with this address already."),
        "too_many_addresses": _("A mailbox may have %(most)s further addresses at most.")
        % {"most": refused.data.get("most", "")},
        "same_customer": _("The same customer already gets it at another address."),
        "takes_part": _("%(name)s takes part in this conversation already. Write a reply instead.")
        % name_of(refused),
        "no_name": _("Write the name of your colleague first."),
        "no_subject": _("Write a subject first."),
        "subject_too_long": _("The subject may have %(longest)s letters at most.")
        % {"longest": refused.data.get("longest", "")},
        "nothing_left": _("Something must stay here. Leave at least one message unchecked."),
        "no_such_direction": _("Say who called: the customer or we."),
        "bad_length": _("Write the length in minutes as a number, for example 5, a day at most."),
        "number_too_long": _("That is too long for a phone number."),
        "no_such_act": _("There is no such act. Reload the page."),
        "nothing_chosen": _("Nothing is chosen. Select conversations in the list first."),
        "too_many": _("At most %(most)s at once. Choose a smaller part.")
        % {"most": refused.data.get("most", "")},
        "not_finished": _("It is still at it. Wait until it is done, then undo."),
        "undone_already": _("That was undone already."),
        "changed_since": _("Somebody changed it since; it stays as they left it."),
        "failed": _("That did not work here. Try it again by itself."),
        "unknown_zone": _("There is no such time zone. Choose one from the list."),
        "unknown_country": _("There is no such country. Choose one from the list."),
        "no_hours": _("Write from when to when you are there, on one day at least, or switch the hours off."),
        "no_length": _("%(day)s: a period cannot end when it begins.") % _of_day(refused),
        "overlapping": _("%(day)s: this period begins before the one before it ends.") % _of_day(refused),
        "half_period": _("%(day)s: a period needs a beginning and an end. Leave both empty for none.")
        % _of_day(refused),
        "no_time": _("%(day)s: write times of day like 09:00.") % _of_day(refused),
        "no_holiday_name": _("Write what the holiday is called."),
        "holiday_name_too_long": _("The name of a holiday may have %(longest)s letters at most.")
        % {"longest": refused.data.get("longest", "")},
        "bad_date": _("There is no such day. Choose the date again."),
        "too_many_holidays": _("There may be %(most)s holidays of your own at most. Remove one first.")
        % {"most": refused.data.get("most", "")},
        "put_away": _("%(number)s lies in the spam or the trash. Take it out first.") % known,
    }


def branded(refused: Refused) -> dict[str, str]:
    """The words for what brands and the chat on a site can be refused."""
    longest, most = refused.data.get("longest", ""), refused.data.get("most", "")
    return {
        "not_a_colour": _("That is no colour. Write it like #0f6b74."),
        "no_such_language": _("Choose Arabic or English."),
        "house_brand": _("The house's own brand stays: what names no brand belongs to it."),
        "brand_in_use": _("A chat or a form belongs to this brand. Give it to another one first."),
        "picture_too_large": _("The picture is too large: 512 KB at most."),
        "not_a_picture": _("This file is no picture. Choose a PNG, JPEG or WebP file."),
        "not_a_site": _("%(name)s is no address of a site. Write it like https://shop.example.")
        % {"name": f"\u2068{refused.data.get('name', '')}\u2069"},
        "too_many_sites": _("%(most)s sites at most.") % {"most": most},
        "greeting_too_long": _("A greeting may have %(longest)s letters at most.") % {"longest": longest},
        "no_such_choice": _("There is no such choice. Reload the page."),
        "no_such_widget": _("There is no chat here any more."),
        "secret_unreadable": _(
            "This desk cannot read the secret: it was kept with another key. Make a new one, and give it to your site."
        ),
        "too_often": _("That was a lot at once. Wait a moment, then try again."),
    }


def _of_day(refused: Refused) -> dict[str, str]:
    """The weekday a refusal is about, in the reader's language; of a single day just that."""
    weekday = refused.data.get("weekday")
    if not isinstance(weekday, int):
        return {"day": _("This day")}
    return {"day": locale_for((get_language() or "ar")[:2]).days["format"]["wide"][weekday]}


def answer(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The refusal as a fragment; what was typed stays on the page."""
    response = render(
        request,
        "desk/_refused.html",
        {"message": words(refused), "code": refused.code},
        status=STATUS.get(refused.code, 422),
    )
    response["X-Majlis-Refused"] = refused.code
    if "newest" in refused.data:
        response["X-Majlis-Newest"] = str(refused.data["newest"])
    return response
