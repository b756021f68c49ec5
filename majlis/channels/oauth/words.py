"""What can be wrong with signing in by token, in plain words; the codes are those of `channels.problems`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

OF_SIGN_IN = {
    "sign_in_again": _("Somebody has to sign in to this mailbox again. Until then no mail comes or goes."),
    "sign_in": _("Nobody has signed in to this mailbox yet. Until then no mail comes or goes."),
    "oauth_first": _("Save the mailbox and sign in first. It can be tested after that."),
    "token": _(
        "The server does not let this account into the mailbox. Check that the account may open it and that IMAP "
        "and SMTP are switched on for it. %(detail)s"
    ),
    "token_tls": _("A sign-in like this needs an encrypted connection. Choose TLS or STARTTLS."),
    "no_oauth": _("The server offers no sign-in without a password. Choose the password instead."),
    "oauth_host": _(
        "This server does not belong to the chosen sign-in service. Give its password, or correct the server."
    ),
    "oauth_later": _("The sign-in service does not answer. It is tried again. %(detail)s"),
    "oauth_client": _(
        "The sign-in service does not know this client ID or its secret. Check both under Sign-in services. "
        "%(detail)s"
    ),
    "oauth_no_client": _(
        "This sign-in service is not set up yet. Enter its client ID under Sign-in services."
    ),
    "oauth_secret": _(
        "The client secret cannot be read, because the installation's secret key changed. Enter it again under "
        "Sign-in services."
    ),
    "oauth_address": _("The address of the sign-in service is not safe: it must begin with https."),
    "oauth_admin": _(
        "An administrator of the organisation has to allow this app first. Ask them to grant admin consent, then "
        "sign in again. %(detail)s"
    ),
    "oauth_redirect": _(
        "The redirect address is not registered with the sign-in service. Copy it from Sign-in services exactly as "
        "it stands there, and register it."
    ),
    "oauth_denied": _("Permission was not given. Sign in once more and agree, if it was meant to work."),
    "oauth_org": _("The account does not belong to the organisation that this client ID is for. %(detail)s"),
    "oauth_scope": _(
        "The client may not ask for mail. Add the permissions for mail at the sign-in service. %(detail)s"
    ),
    "oauth_mail": _("Permission for mail was not ticked. Sign in once more and leave everything ticked."),
    "oauth_lasting": _(
        "The sign-in service gave no lasting permission (no refresh token). Sign in once more; if it stays so, "
        "check the client's settings there."
    ),
    "oauth_account": _(
        "You signed in as %(account)s, but this mailbox expects %(wanted)s. Sign in with that account, or name the "
        "other one in the mailbox's settings."
    ),
    "oauth_expired": _("The time for signing in is over, or the code was used already. Begin again."),
    "oauth_no_device": _("This sign-in service offers no sign-in by code for mail."),
    "oauth_other": _("The sign-in service answered something that was not understood. %(detail)s"),
}
