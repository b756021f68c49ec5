"""One-time links: only a digest is kept, each opens its door once, and not for ever."""

from __future__ import annotations

from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from majlis.lib.errors import Refused
from majlis.people.actions import installation, links
from majlis.people.models import OneTimeLink, Role, Teammate
from tests import cast

pytestmark = pytest.mark.django_db
INVITATION, RESET, FIRST_RUN = (
    links.Purpose.INVITATION,
    links.Purpose.RESET,
    links.Purpose.FIRST_RUN,
)


def printed() -> str:
    out = StringIO()
    call_command("first_run_link", stdout=out)
    return out.getvalue().strip()


def test_a_link_is_found_by_its_token_and_purpose_alone():
    badr = cast.badr()
    token = links.issue(RESET, teammate=badr)

    found = links.find(token, RESET)
    assert found is not None
    assert found.teammate == badr
    assert links.find(token, RESET, INVITATION) is not None
    assert links.find(token, INVITATION) is None
    assert links.find(token + "x", RESET) is None


def test_the_token_itself_stands_nowhere_in_the_database():
    token = links.issue(RESET, teammate=cast.badr())

    row = OneTimeLink.objects.values().get()
    assert token not in str(row)
    assert row["digest"] == links.digest(token)


def test_a_used_link_opens_nothing_more():
    token = links.issue(RESET, teammate=cast.badr())
    link = links.find(token, RESET)
    assert link is not None

    links.use(link)

    assert links.find(token, RESET) is None
    with pytest.raises(Refused, match="link_used"):
        links.use(link)


def test_an_expired_link_opens_nothing():
    token = links.issue(RESET, teammate=cast.badr(), hours=1)
    link = links.find(token, RESET)
    assert link is not None
    OneTimeLink.objects.update(expires_at=timezone.now())

    assert links.find(token, RESET) is None
    with pytest.raises(Refused, match="link_used"):
        links.use(link)


def test_a_new_link_makes_the_older_one_void_but_no_other_teammates():
    badr, noura = cast.badr(), cast.noura()
    older, others = links.issue(RESET, teammate=badr), links.issue(RESET, teammate=noura)

    newer = links.issue(RESET, teammate=badr)

    assert links.find(older, RESET) is None
    assert links.find(newer, RESET) is not None
    assert links.find(others, RESET) is not None


def test_the_first_run_link_is_printed_until_there_is_an_owner():
    first, second = printed(), printed()

    assert first.startswith(f"{settings.CONFIG.url}/setup/")
    assert first != second
    assert links.find(first.rstrip("/").rpartition("/")[2], FIRST_RUN) is None
    link = links.find(second.rstrip("/").rpartition("/")[2], FIRST_RUN)
    assert link is not None

    installation.describe(company="متجر سدرة", team="الدعم", region="SA", time_zone="Asia/Riyadh")
    owner = installation.make_owner(link, name="سلمى", email="Salma@Majlis.test", password=cast.PASSWORD)

    assert owner.role == Role.OWNER
    assert owner.email == "salma@majlis.test"
    assert printed() == ""


def test_a_first_run_link_makes_one_owner_only():
    token = installation.first_run_token()
    assert token is not None
    installation.describe(company="متجر سدرة", team="الدعم", region="SA", time_zone="Asia/Riyadh")
    link = links.find(token, FIRST_RUN)
    assert link is not None
    installation.make_owner(link, name="سلمى", email="salma@majlis.test", password=cast.PASSWORD)

    with pytest.raises(Refused, match="link_used"):
        installation.make_owner(link, name="بدر", email="badr@majlis.test", password=cast.PASSWORD)
    assert Teammate.objects.count() == 1


def test_an_owner_needs_a_company_and_the_link_stays_good():
    token = installation.first_run_token()
    assert token is not None
    link = links.find(token, FIRST_RUN)
    assert link is not None

    with pytest.raises(Refused, match="no_company"):
        installation.make_owner(link, name="سلمى", email="salma@majlis.test", password=cast.PASSWORD)
    assert links.find(token, FIRST_RUN) is not None
