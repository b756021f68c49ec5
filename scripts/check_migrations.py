"""Says whether the models and their migrations agree. Needs no database."""

from __future__ import annotations

import os
import sys

CHECKED_WITH = {
    "DJANGO_SETTINGS_MODULE": "majlis.settings",
    "MAJLIS_DATABASE_URL": "postgresql://majlis@localhost/unused",
    "MAJLIS_SECRET_KEY": "only for comparing models with migrations",
}


def main() -> int:
    """0 when they agree, 1 (and what `makemigrations` would write) when not."""
    os.environ.update(CHECKED_WITH)
    import django
    from django.conf import settings
    from django.core.management import call_command

    # With a real engine Django would also ask a server which migrations ran there.
    settings.DATABASES = {"default": {"ENGINE": "django.db.backends.dummy"}}
    django.setup()
    try:
        call_command("makemigrations", check_changes=True, dry_run=True, verbosity=1)
    except SystemExit:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
