"""Does what was asked for by the button, in a process of its own: its clock and its memory end with it."""

from __future__ import annotations

import os
import sys
import time


def main() -> int:
    """Make or remove, as the row asks; each line printed is how much of how much is done."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "majlis.settings")
    import django

    django.setup()
    from majlis.demo.making import make
    from majlis.demo.removing import remove
    from majlis.lib.errors import Refused
    from majlis.people.models import Demo

    told_at = 0.0

    def tell(done: int, whole: int) -> None:
        nonlocal told_at
        if time.monotonic() - told_at > 0.4:
            told_at = time.monotonic()
            sys.stdout.write(f"{done} {whole}\n")
            sys.stdout.flush()

    demo = Demo.objects.select_related("asked_by").exclude(asked="").first()
    try:
        if demo is not None and demo.asked == "make":
            make(by=demo.asked_by, progress=tell)
        elif demo is not None:
            remove(by=demo.asked_by)
    except Refused as refused:
        sys.stderr.write(f"{refused.code}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
