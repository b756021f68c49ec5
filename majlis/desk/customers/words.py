"""What a refused change of a customer says, and what to do then."""

from __future__ import annotations

from django.utils.translation import gettext as _

from majlis.lib.errors import Refused


def of(refused: Refused) -> str:
    """The sentence a person reads."""
    data = refused.data
    return {
        "no_such_customer": _("This customer does not exist any more. Reload the page."),
        "empty": _("Write something first."),
        "too_long_value": _("%(longest)s letters at most.") % {"longest": data.get("longest", "")},
        "too_many": _("%(most)s at most. Remove one first.") % {"most": data.get("most", "")},
        "not_an_address": _("This is not an email address. Check it for a missing part."),
        "address_known": _("This customer has that address already."),
        "address_of_another": _("This address belongs to another customer."),
        "no_such_address": _("This address was removed already."),
        "last_address": _("The last address stays, so that the customer is known again."),
        "not_your_note": _("Only whoever wrote a note can remove it."),
        "not_a_web_address": _("A web address is needed that begins with https:// or http://."),
        "same_customer": _("These are the same customer already."),
        "already_undone": _("This merge was undone already."),
        "merged_further": _("The customer was merged with yet another one since. Undo that merge first."),
        "not_a_table": _("This file is not a table of rows and columns. Save it as CSV and try again."),
        "too_large_table": _("The table has more than %(most)s rows. Split it and try again.")
        % {"most": data.get("most", "")},
        "no_address_column": _("Choose the column that holds the email address."),
        "field_twice": _("Two columns are to be read as the same thing. Choose one of them."),
    }.get(refused.code, _("That did not work. Reload the page and try again."))
