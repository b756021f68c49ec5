"""What an issuer of tokens says when it says no, as a code of ours. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

# Standing codes of RFC 6749 §4.1.2.1 and §5.2, RFC 8628 §3.5, OpenID Connect §3.1.2.6, Google and Microsoft.
_CODES = {
    "access_denied": "oauth_denied",
    "authorization_declined": "oauth_denied",
    "admin_policy_enforced": "oauth_admin",
    "consent_required": "oauth_admin",
    "org_internal": "oauth_org",
    "redirect_uri_mismatch": "oauth_redirect",
    "invalid_client": "oauth_client",
    "unauthorized_client": "oauth_client",
    "deleted_client": "oauth_client",
    "disabled_client": "oauth_client",
    "invalid_scope": "oauth_scope",
    "interaction_required": "sign_in_again",
    "login_required": "sign_in_again",
    "account_selection_required": "sign_in_again",
    "invalid_grant": "sign_in_again",
    "expired_token": "oauth_expired",
    "code_expired": "oauth_expired",
    "bad_verification_code": "oauth_expired",
    "authorization_pending": "pending",
    "slow_down": "slow_down",
    "temporarily_unavailable": "oauth_later",
    "server_error": "oauth_later",
    "rate_limit_exceeded": "oauth_later",
}
# https://learn.microsoft.com/entra/identity-platform/reference-error-codes
_MICROSOFT = {
    **dict.fromkeys(("65001", "90094", "900941", "90093", "65004"), "oauth_admin"),
    **dict.fromkeys(("50011", "500113", "50194"), "oauth_redirect"),
    **dict.fromkeys(("7000215", "7000222", "700016", "7000218", "700025", "90013"), "oauth_client"),
    **dict.fromkeys(("50076", "50079", "50078", "50074", "50173", "700082", "70008"), "sign_in_again"),
    "70011": "oauth_scope",
    "50020": "oauth_org",
    "50105": "oauth_org",
    "90033": "oauth_later",
}
_NUMBER = re.compile(r"AADSTS(\d+)")


def code(said: Mapping[str, object], *, status: int = 400) -> str:
    """Our code for an error of the issuer; `said` is its JSON object or what stood in the redirect.

    `pending` and `slow_down` are words of the device flow, no problems. Unknown words with a status from 500 on,
    and 429, are temporary.
    """
    error, text = str(said.get("error", "")), str(said.get("error_description", ""))
    found = _NUMBER.search(text)
    # Microsoft's number says more than the word beside it: "invalid_grant" also stands for a consent that is missing.
    if found and found[1] in _MICROSOFT:
        return _MICROSOFT[found[1]]
    if error in _CODES:
        return _CODES[error]
    return "oauth_later" if status >= 500 or status in (0, 408, 429) else "oauth_other"


def detail(said: Mapping[str, object]) -> str:
    """The issuer's own words, one line, for a person who has to look them up."""
    words = " — ".join(str(said[name]) for name in ("error", "error_description") if said.get(name))
    return " ".join(words.split())[:300]
