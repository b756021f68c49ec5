"""Who is told of what: those it concerns and who may see it, once, and never whoever did it."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from majlis.channels import outbox
from majlis.conversations.actions.assign import assign
from majlis.conversations.actions.changing import changing
from majlis.conversations.actions.close import close
from majlis.conversations.actions.follow import follow
from majlis.conversations.actions.mention import mention
from majlis.conversations.actions.merge import merge
from majlis.conversations.actions.note import add_note
from majlis.conversations.actions.spam import mark_spam
from majlis.conversations.models import Conversation, Entry
from majlis.flow import notices
from majlis.flow.notice_words import gather
from majlis.flow.reactions import react_pending
from majlis.journal.actions import record
from majlis.journal.models import Event
from majlis.lib.errors import Refused
from majlis.people import queries as people
from majlis.people.actions.notifying import be_quiet, choose
from majlis.people.models import MailboxAccess, Notification, QuietHours, Teammate
from majlis.people.notifying import DEFAULTS, Choice, choices_of, covers, is_quiet
from tests import cast

pytestmark = pytest.mark.django_db
FIRST = {"Message-ID": "<first@customers.test>"}
NOWHERE = Choice(in_page=False, by_push=False, by_mail=False)


def write(body: str = "أين طلبي؟", **headers: str) -> None:
    """Layla writes, from the second time on in the same conversation."""
    again = {} if not Conversation.objects.exists() else {"In-Reply-To": FIRST["Message-ID"]}
    cast.arrive(cast.letter(body, headers={**(again or FIRST), **headers}))


def told(*, push: bool = False, mail: bool = False) -> list[tuple[str, str]]:
    """Who was told of what just now; all is forgotten then."""
    react_pending()
    rows = Notification.objects.select_related("teammate").order_by("event_id", "teammate__name")
    rows = rows.filter(push_at__isnull=False) if push else rows
    rows = rows.filter(mail_at__isnull=False) if mail else rows
    found = [(one.teammate.email.partition("@")[0], str(one.kind)) for one in rows]
    Notification.objects.all().delete()
    return found


@pytest.fixture
def conversation() -> Conversation:
    """One that Badr and Salma may see, nobody's; Noura sits elsewhere."""
    cast.salma(), cast.badr(), cast.noura()
    write()
    told()
    return Conversation.objects.get()


def give(conversation: Conversation, to: Teammate, *, by: Teammate) -> None:
    with changing(conversation.pk) as change:
        assign(change, to, by=by)


def note(conversation: Conversation, by: Teammate, *named: Teammate) -> Entry:
    with changing(conversation.pk) as change:
        entry = add_note(change, teammate=by, text="انظر إلى هذا", submission_key=uuid4())
        mention(change, entry, [one.pk for one in named])
    return entry


def followed_by(conversation: Conversation, *those: Teammate) -> None:
    for teammate in those:
        with changing(conversation.pk) as change:
            follow(change, teammate=teammate)


def answer(conversation: Conversation, by: Teammate) -> Entry:
    conversation.refresh_from_db()
    return outbox.send_reply(
        by, conversation.pk, text="هو في الطريق.", seen_seq=conversation.seq, submission_key=uuid4()
    ).entry


def test_what_nobody_took_is_told_to_all_who_see_the_mailbox():
    cast.salma(), cast.badr(), cast.noura()
    write()
    assert told() == [("badr", "new"), ("salma", "new")]


def test_a_customers_answer_is_told_to_whoever_has_the_conversation(conversation: Conversation):
    give(conversation, cast.badr(), by=cast.salma())
    assert told() == [("badr", "assigned")]
    write("هل من جديد؟")
    assert told() == [("badr", "answered")]


def test_who_takes_a_conversation_is_not_told_of_it(conversation: Conversation):
    give(conversation, cast.badr(), by=cast.badr())
    assert told() == []


def test_who_is_named_in_a_note_is_told_once_even_as_a_follower(conversation: Conversation):
    followed_by(conversation, cast.badr(), cast.salma())
    note(conversation, cast.salma(), cast.badr())
    assert told() == [("badr", "mentioned")]


@pytest.mark.parametrize("does", ["writes", "answers", "notes", "closes"])
def test_followers_are_told_of_what_happens_once(conversation: Conversation, does: str):
    give(conversation, cast.salma(), by=cast.salma())
    followed_by(conversation, cast.badr())
    told()
    if does == "writes":
        write("وأيضًا")
        assert told() == [("badr", "followed"), ("salma", "answered")]
        return
    if does == "answers":
        answer(conversation, cast.salma())  # waits for the customer then: that is no news of its own
    elif does == "notes":
        note(conversation, cast.salma())
    else:
        with changing(conversation.pk) as change:
            close(change, teammate=cast.salma())
    assert told() == [("badr", "followed")]


def test_a_reply_taken_back_is_told_to_nobody_any_more(conversation: Conversation):
    followed_by(conversation, cast.salma())
    entry = answer(conversation, cast.badr())
    react_pending()
    assert Notification.objects.filter(entry_id=entry.pk).exists()
    outbox.undo(cast.badr(), entry.pk)
    assert told() == []


@pytest.mark.parametrize(
    ("kind", "data", "is_told"),
    [
        ("delivery.failed", {}, True),
        ("delivery.held", {}, True),
        ("bounced", {"is_final": True}, True),
        ("bounced", {"is_final": False}, False),
        ("delivery.retried", {}, False),
    ],
)
def test_whose_reply_did_not_arrive_is_told(
    conversation: Conversation, kind: str, data: dict[str, bool], is_told: bool
):
    entry = answer(conversation, cast.badr())
    told()
    with changing(conversation.pk) as change:
        change.record(kind, entry=entry, data={"why": "550", **data})
    assert told() == ([("badr", "failed")] if is_told else [])


def test_of_two_reasons_the_weightier_counts_and_where_that_is_told_nowhere_the_other(
    conversation: Conversation,
):
    give(conversation, cast.badr(), by=cast.salma())
    followed_by(conversation, cast.badr())
    told()
    write("أولًا")
    assert told() == [("badr", "answered")]
    choose(cast.badr(), {"answered": NOWHERE})
    write("ثانيًا")
    assert told() == [("badr", "followed")]
    choose(cast.badr(), {"followed": NOWHERE})
    write("ثالثًا")
    assert told() == []


@pytest.mark.parametrize(
    ("headers", "pushed"), [({}, [("badr", "answered")]), ({"Auto-Submitted": "auto-replied"}, [])]
)
@pytest.mark.parametrize("way", ["push", "mail"])
def test_an_automatic_mail_stands_in_the_bell_and_is_neither_pushed_nor_mailed(
    conversation: Conversation, headers: dict[str, str], pushed: list[tuple[str, str]], way: str
):
    give(conversation, cast.badr(), by=cast.salma())
    told()
    write("أنا في إجازة", **headers)
    react_pending()
    assert Notification.objects.get().teammate == cast.badr()
    assert told(**{way: True}) == pushed


def test_a_letter_waits_two_minutes_and_a_push_does_not(conversation: Conversation):
    before = timezone.now()
    give(conversation, cast.badr(), by=cast.salma())
    react_pending()
    one = Notification.objects.get()
    event = Event.objects.get(kind="assigned")
    assert one.at == event.at
    assert one.push_at is not None
    assert one.mail_at == one.push_at + timedelta(minutes=2)
    assert before <= one.push_at <= timezone.now()


def test_in_quiet_hours_nothing_is_pushed_and_letters_are_written(conversation: Conversation):
    riyadh = timezone.now() + timedelta(hours=3)
    be_quiet(cast.badr(), (riyadh - timedelta(hours=1)).time(), (riyadh + timedelta(hours=1)).time())
    give(conversation, cast.badr(), by=cast.salma())
    react_pending()
    one = Notification.objects.get()
    assert one.push_at is None
    assert one.mail_at is not None


@pytest.mark.parametrize("way", ["taken", "closed", "spam"])
def test_what_is_nobodys_is_no_news_any_more_once_it_is_taken_or_put_away(way: str):
    cast.salma(), cast.badr(), cast.noura()
    write()
    react_pending()
    found = Conversation.objects.get()
    with changing(found.pk) as change:
        if way == "taken":
            assign(change, cast.badr(), by=cast.badr())
        elif way == "closed":
            close(change, teammate=cast.badr())
        else:
            mark_spam(change, "", teammate=cast.badr())
    assert Notification.objects.filter(kind="new", read_at=None).count() == 2
    react_pending()
    assert Notification.objects.filter(kind="new", read_at=None).count() == 0


def test_imported_mail_is_settled_without_a_row(conversation: Conversation):
    cast.arrive(cast.letter("قديم", subject="من زمان"), is_historic=True)
    assert told() == []
    assert not Event.objects.filter(reacted_at=None).exists()


@pytest.mark.parametrize("way", ["spam", "trash"])
def test_what_was_put_away_is_told_to_nobody(conversation: Conversation, way: str):
    give(conversation, cast.badr(), by=cast.salma())
    with changing(conversation.pk) as change:
        if way == "spam":
            mark_spam(change, "", teammate=cast.salma())
        else:
            change.conversation.deleted_at = timezone.now()
    assert told() == []


def test_who_cannot_see_the_mailbox_any_more_is_told_nothing(conversation: Conversation):
    give(conversation, cast.badr(), by=cast.salma())
    followed_by(conversation, cast.badr())
    told()
    MailboxAccess.objects.filter(teammate=cast.badr(), mailbox=cast.support()).delete()
    write("هل من جديد؟")
    assert told() == []


def test_who_left_is_told_nothing(conversation: Conversation):
    give(conversation, cast.badr(), by=cast.salma())
    Teammate.objects.filter(pk=cast.badr().pk).update(is_active=False)
    assert told() == []


def test_reacting_again_tells_nobody_twice(conversation: Conversation):
    give(conversation, cast.badr(), by=cast.salma())
    react_pending()
    Notification.objects.update(read_at=timezone.now())
    Event.objects.update(reacted_at=None)
    react_pending()
    assert Notification.objects.get(kind="assigned").read_at is not None
    assert Notification.objects.filter(teammate=cast.badr(), kind="assigned").count() == 1


def test_the_browsers_are_told_once_for_each_person_and_the_worker_is_woken(
    conversation: Conversation, monkeypatch: pytest.MonkeyPatch
):
    from majlis.journal import actions

    said: set[tuple[str, str]] = set()
    monkeypatch.setattr(actions, "_notify", lambda channel, payload: said.add((channel, payload)))
    give(conversation, cast.badr(), by=cast.salma())
    said.clear()
    react_pending()
    nudges = [orjson.loads(payload) for channel, payload in said if channel == actions.BROWSERS]
    assert nudges == [{"k": "notice", "t": cast.badr().pk, "m": cast.support().pk}]
    assert (actions.WORKERS, "notices") in said


def test_a_batch_asks_as_often_for_many_as_for_one(conversation: Conversation):
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            react_pending()
        return len(found)

    def happen(times: int) -> None:
        for _ in range(times):
            write("مرة أخرى")

    happen(1)
    few = asked()
    happen(12)
    assert asked() == few
    assert few <= 6  # two to begin and end the telling
    with CaptureQueriesContext(connection) as quiet:
        react_pending()
    assert len(quiet) == 1


def test_an_event_that_cannot_be_told_holds_up_nothing(conversation: Conversation):
    broken = record(
        "mentioned", conversation_id=conversation.pk, seq=99, mailbox_id=1, data={"teammates": ["nobody"]}
    )
    give(conversation, cast.badr(), by=cast.salma())
    for _ in range(3):
        react_pending()
    settled = Event.objects.get(pk=broken.pk)
    assert settled.reacted_at is not None
    assert "nobody" in settled.error
    assert told() == [("badr", "assigned")]


def test_unread_notices_go_along_when_a_conversation_is_merged(conversation: Conversation):
    give(conversation, cast.badr(), by=cast.salma())
    react_pending()
    cast.arrive(cast.letter("شيء آخر", sender=cast.OMAR, subject="Other"))
    other = Conversation.objects.exclude(pk=conversation.pk).get()
    merge(
        conversation.pk,
        other.pk,
        teammate=cast.salma(),
        mailbox_ids=people.mailbox_ids_visible_to(cast.salma()),
    )
    react_pending()
    assert Notification.objects.get(kind="assigned").conversation_id == other.pk


def test_what_is_read_goes_after_a_month_and_all_after_three(conversation: Conversation):
    now = timezone.now()

    def row(days: int, *, is_read: bool) -> Notification:
        at = now - timedelta(days=days)
        return Notification.objects.create(
            teammate=cast.badr(),
            kind="new",
            event_id=days * 2 + is_read,
            conversation_id=conversation.pk,
            mailbox_id=1,
            at=at,
            read_at=at if is_read else None,
        )

    kept = [row(29, is_read=True), row(31, is_read=False), row(89, is_read=False)]
    row(31, is_read=True), row(91, is_read=False)
    assert notices.forget_old(now) == 2
    assert list(Notification.objects.order_by("pk")) == kept


# Words


def words(language: str) -> list[tuple[str, str, str]]:
    react_pending()
    rows = Notification.objects.order_by("event_id")
    return [(said.title, said.text, said.path) for one in gather(rows) for said in [one.said(language)]]


def test_a_notice_says_who_what_and_leads_to_the_entry(conversation: Conversation):
    entry = note(conversation, cast.salma(), cast.badr())
    assert words("ar") == [
        (
            "إشارة إليك من \u2068سلمى\u2069",
            "أين طلبي؟\nانظر إلى هذا",
            f"/conversations/{conversation.pk}#entry-{entry.pk}",
        )
    ]
    give(conversation, cast.badr(), by=cast.salma())
    seq = Event.objects.get(kind="assigned").seq
    title, text, path = words("en")[1]
    assert title == "\u2068سلمى\u2069 assigned a conversation to you"
    assert text == "أين طلبي؟"
    assert path == f"/conversations/{conversation.pk}#event-{seq}"


@pytest.mark.parametrize("gone", ["rights", "teammate", "entry", "conversation"])
def test_what_may_not_be_seen_any_more_is_not_said(conversation: Conversation, gone: str):
    note(conversation, cast.salma(), cast.badr())
    react_pending()
    assert Notification.objects.count() == 1
    if gone == "rights":
        MailboxAccess.objects.filter(teammate=cast.badr()).delete()
    elif gone == "teammate":
        Teammate.objects.filter(pk=cast.badr().pk).update(is_active=False)
    elif gone == "entry":
        Entry.objects.update(is_withdrawn=True)
    else:
        Notification.objects.update(entry_id=None, conversation_id=2**40)
        Event.objects.update(conversation_id=2**40)
    assert gather(Notification.objects.all()) == []


def test_words_are_gathered_by_as_many_questions_for_many_as_for_one(conversation: Conversation):
    def asked() -> int:
        rows = list(Notification.objects.all())
        with CaptureQueriesContext(connection) as found:
            assert len(gather(rows)) == len(rows)
        return len(found)

    note(conversation, cast.salma(), cast.badr())
    react_pending()
    few = asked()
    for _ in range(3):
        note(conversation, cast.salma(), cast.badr())
    cast.arrive(cast.letter("شيء آخر", sender=cast.OMAR, subject="Other"))
    react_pending()
    assert asked() == few


# Choices and quiet


def test_choices_are_the_usual_ones_until_somebody_says_otherwise():
    badr = cast.badr()
    assert choices_of(badr) == DEFAULTS
    choose(badr, {"new": Choice(in_page=True, by_push=True, by_mail=False)})
    choose(badr, {"followed": NOWHERE})
    assert choices_of(badr) == DEFAULTS | {"new": Choice(True, True, False), "followed": NOWHERE}
    choose(badr, {"new": DEFAULTS["new"], "followed": DEFAULTS["followed"]})
    assert choices_of(badr) == DEFAULTS
    with pytest.raises(Refused, match="no_such_kind"):
        choose(badr, {"everything": NOWHERE})


def _covers(begin: str, end: str, at: str, zone: str = "Asia/Riyadh") -> bool:
    hours = QuietHours(begin_at=time.fromisoformat(begin), end_at=time.fromisoformat(end))
    return covers(hours, datetime.fromisoformat(at).replace(tzinfo=UTC), zone=zone)


@pytest.mark.parametrize(
    ("begin", "end", "at", "zone", "is_covered"),
    [
        ("13:00", "14:00", "2026-03-01 10:30", "Asia/Riyadh", True),
        ("13:00", "14:00", "2026-03-01 10:30", "Europe/London", False),
        ("13:00", "14:00", "2026-03-01 10:00", "Asia/Riyadh", True),
        ("13:00", "14:00", "2026-03-01 11:00", "Asia/Riyadh", False),
        ("22:00", "07:00", "2026-03-01 19:00", "Asia/Riyadh", True),
        ("22:00", "07:00", "2026-03-01 03:59", "Asia/Riyadh", True),
        ("22:00", "07:00", "2026-03-01 04:00", "Asia/Riyadh", False),
        ("22:00", "07:00", "2026-03-01 18:59", "Asia/Riyadh", False),
        # Summer and winter on the same clock: Cairo is three hours ahead in July, two in January.
        ("22:00", "23:00", "2026-07-01 19:30", "Africa/Cairo", True),
        ("22:00", "23:00", "2026-01-01 19:30", "Africa/Cairo", False),
    ],
)
def test_quiet_hours_are_those_of_the_persons_clock_also_over_midnight(
    begin: str, end: str, at: str, zone: str, is_covered: bool
):
    assert _covers(begin, end, at, zone) is is_covered


def test_quiet_hours_are_set_changed_and_taken_away():
    badr, at = cast.badr(), datetime(2026, 3, 1, 20, tzinfo=UTC)
    assert not is_quiet(badr, at)
    be_quiet(badr, time(22), time(7))
    assert is_quiet(badr, at)
    be_quiet(badr, time(1), time(2))
    assert not is_quiet(badr, at)
    for half in ((time(1), None), (None, time(1))):
        with pytest.raises(Refused, match="quiet_half"):
            be_quiet(badr, *half)
    with pytest.raises(Refused, match="quiet_empty"):
        be_quiet(badr, time(1), time(1))
    be_quiet(badr, None, None)
    assert not QuietHours.objects.exists()
