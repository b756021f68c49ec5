"""The search page: the found rows with the words marked, filters to take off, views to keep, nothing of other mailboxes."""

from __future__ import annotations

import json
import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from majlis.conversations.actions.changing import changing
from majlis.conversations.actions.note import add_note
from majlis.conversations.actions.tag import tag
from majlis.conversations.models import Conversation, Draft, Mention, View
from majlis.people.models import Teammate
from tests import cast

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def desk_of(who: Teammate) -> Client:
    client = Client()
    client.force_login(who)
    return client


def written(body: str, *, subject: str = "سؤال") -> int:
    cast.arrive(cast.letter(body, subject=subject))
    return Conversation.objects.order_by("-pk").values_list("pk", flat=True)[0]


def rows(html: str) -> list[int]:
    return [int(number) for number in re.findall(r'id="row-(\d+)"', html)]


def page(client: Client, typed: str, **given: str) -> str:
    return client.get("/search", {"q": typed, **given}).content.decode()


def test_what_was_found_stands_in_the_list_with_the_words_marked() -> None:
    number = written("خُصم المبلغ <b>هام</b> من بطاقتي، مرتين")
    written("متى تصل الشحنة؟")
    html = page(desk_of(cast.badr()), "البطاقة")
    assert rows(html) == [number]
    assert "&lt;b&gt;" in html
    assert "<mark>بطاقتي</mark>،" in html
    assert f"/conversations/{number}?q=" in html
    assert 'value="البطاقة"' in html


def test_the_list_alone_names_the_pages_address_and_follows_page_by_page() -> None:
    for n in range(27):
        written(f"الطلب {n}")
    client = desk_of(cast.badr())
    answer = client.get("/search/list", {"q": "الطلب"}, headers=HTMX)
    html = answer.content.decode()
    assert answer["HX-Push-Url"].startswith("/search?q=")
    assert "<html" not in html
    more = re.search(r'hx-get="(/search/list\?[^"]+before=[^"]+)"', html)
    assert more is not None
    rest = client.get(more[1].replace("&amp;", "&"), headers=HTMX).content.decode()
    assert len(rows(html)) == 25
    assert len({*rows(html), *rows(rest)}) == 27


def test_a_conversation_opened_from_a_search_keeps_the_found_beside_it() -> None:
    number = written("خُصم المبلغ من بطاقتي")
    other = written("متى تصل الشحنة؟")
    html = desk_of(cast.badr()).get(f"/conversations/{number}?q=البطاقة").content.decode()
    assert rows(html) == [number]
    assert other not in rows(html)
    assert 'id="entries"' in html


def test_each_filter_can_be_taken_off_and_what_was_not_understood_is_pointed_at() -> None:
    number = written("الطلب لم يصل")
    with changing(number) as change:
        tag(change, "استرداد", teammate=cast.badr())
    html = page(desk_of(cast.badr()), "الطلب وسم:استرداد is:sleepy tag:غريب")
    chips = re.search(r'id="search-chips">(.*?)</div>\s*<p', html, re.S)
    assert chips is not None
    assert chips[1].count('class="tag') == 2
    assert "is:sleepy" in html
    assert "غريب" in html
    assert 'value="الطلب وسم:استرداد is:sleepy tag:غريب"' in html
    assert rows(html) == []


def test_nothing_found_says_so_and_an_empty_search_says_how() -> None:
    client = desk_of(cast.badr())
    assert "«<bdi>زعفران</bdi>»" in page(client, "زعفران")
    assert client.get("/search").status_code == 200
    assert "\x00" not in page(client, "طلب\x00")


def test_suggestions_are_of_names_one_may_see() -> None:
    number = written("الطلب لم يصل")
    with changing(number) as change:
        tag(change, "استرداد", teammate=cast.badr())
    cast.noura()

    def offered(who: Teammate, typed: str) -> list[str]:
        html = desk_of(who).get("/search/suggestions", {"typed": typed}).content.decode()
        return re.findall(r'data-writes="([^"]*)"', html)

    assert offered(cast.badr(), "وسم:استر") == ["وسم:استرداد"]
    assert "مسند:لي" in offered(cast.badr(), "مسند:")
    assert offered(cast.badr(), "-هي:مؤ") == ["-هي:مؤجلة"]
    assert offered(cast.badr(), "صندوق:") == ["صندوق:الدعم"]
    assert offered(cast.noura(), "صندوق:") == ["صندوق:المبيعات"]
    assert offered(cast.badr(), "كلمة") == []


def test_a_search_is_kept_renamed_and_removed_with_a_way_back() -> None:
    badr, salma = cast.badr(), cast.salma()
    client = desk_of(badr)
    kept = client.post("/views", {"name": "استرداد", "query": "وسم:استرداد", "shared": "1"})
    own = client.post("/views", {"name": "لي", "query": "مسند:لي"})
    assert kept.status_code == own.status_code == 204
    shared, mine = View.objects.order_by("pk")
    assert (shared.owner, mine.owner) == (None, badr)
    assert f'id="view-{mine.pk}"' in page(client, "x")
    others = page(desk_of(salma), "x")
    assert f'id="view-{shared.pk}"' in others
    assert f'id="view-{mine.pk}"' not in others
    assert desk_of(salma).delete(f"/views/{mine.pk}").status_code == 404
    assert client.post(f"/views/{mine.pk}", {"name": "كل ما لي"}).status_code == 204
    told = json.loads(client.delete(f"/views/{mine.pk}")["X-Majlis-Told"])
    assert not View.objects.filter(owner=badr).exists()
    assert client.post(told["url"]).status_code == 204
    back = View.objects.get(owner=badr)
    assert (back.name, back.query) == ("كل ما لي", "مسند:لي")


@pytest.mark.parametrize(
    ("name", "query", "code"),
    [
        (" ", "x", "view_without_name"),
        ("x", " ", "view_without_query"),
        ("x" * 61, "x", "view_name_too_long"),
    ],
)
def test_a_view_needs_a_name_and_something_to_look_for(name: str, query: str, code: str) -> None:
    answer = desk_of(cast.badr()).post("/views", {"name": name, "query": query})
    assert (answer.status_code, answer["X-Majlis-Refused"]) == (422, code)


def test_mentions_and_drafts_have_folders_with_counts_of_what_one_may_see() -> None:
    badr, noura = cast.badr(), cast.noura()
    number = written("الطلب لم يصل")
    with changing(number) as change:
        entry = add_note(change, teammate=cast.salma(), text="@بدر", submission_key=uuid4())
    for who in (badr, noura):
        Mention.objects.create(entry=entry, teammate=who)
        Draft.objects.create(teammate=who, conversation_id=number, text="…", updated_at=timezone.now())
    for folder in ("mentions", "drafts"):
        html = desk_of(badr).get(f"/inbox/{folder}").content.decode()
        assert rows(html) == [number]
        assert re.search(rf'id="folder-{folder}".*?nav__count">[1١]<', html)
        html = desk_of(noura).get(f"/inbox/{folder}/list").content.decode()
        assert rows(html) == []
        assert not re.search(rf'id="folder-{folder}"[^\n]*nav__count', html)


def test_a_stranger_and_noura_find_nothing_here() -> None:
    cast.salma()
    number = written("الطلب لم يصل")
    for typed in ("الطلب", f"#{number}", "is:open"):
        html = page(desk_of(cast.noura()), typed)
        assert rows(html) == []
        assert "لم يصل" not in html
    for address in ("/search?q=x", "/search/list?q=x", "/search/suggestions?typed=tag:", "/inbox/drafts"):
        assert Client().get(address).status_code == 302
    assert Client().post("/views", {"name": "x", "query": "x"}).status_code in (302, 403)


@pytest.mark.parametrize(
    "address", ["/search?q=الطلب", "/search?q=is:open", "/inbox/mentions", "/inbox/drafts"]
)
def test_a_list_of_many_asks_no_more_than_one_of_few(address: str) -> None:
    badr = cast.badr()
    client = desk_of(badr)

    def make() -> None:
        number = written("الطلب لم يصل")
        with changing(number) as change:
            entry = add_note(change, teammate=badr, text="@بدر", submission_key=uuid4())
        Mention.objects.create(entry=entry, teammate=badr)
        Draft.objects.create(teammate=badr, conversation_id=number, text="…", updated_at=timezone.now())

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert rows(client.get(address).content.decode())
        return len(queries)

    make()
    client.get(address)
    few = asked()
    for _ in range(5):
        make()
    assert asked() == few
