"""Whether a message comes from where it says, as the mailbox's own server found; silent where nobody knows."""

from __future__ import annotations

from typing import Any

import orjson
from django.utils.translation import gettext as _

from majlis.conversations.models import Entry


def origin(entry: Entry) -> dict[str, Any] | None:
    """Verdict ("pass" or "fail") and the sentence behind it; None where no believed server said anything certain."""
    details = orjson.loads(entry.details) if isinstance(entry.details, str) else entry.details or {}
    checks = details.get("checks") or {}
    if not checks.get("is_believed") or checks.get("verdict") not in ("pass", "fail"):
        return None
    found = ", ".join(
        f"{name.upper()} {checks[name]}" for name in ("spf", "dkim", "dmarc") if checks.get(name)
    )
    server = checks.get("by") or "Microsoft 365"
    if checks["verdict"] == "pass":
        said = _("%(server)s found that it comes from where it says: %(found)s.")
    else:
        said = _(
            "%(server)s could not prove that it comes from this address: %(found)s. Be careful with what it asks for."
        )
    return {"verdict": checks["verdict"], "sentence": said % {"server": server, "found": found}}
