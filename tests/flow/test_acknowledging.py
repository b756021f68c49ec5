"""A mailbox acknowledges a message once in a thread and once a day, never a machine's, and stops before it loops."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone

from majlis.channels import acknowledging, gate
from majlis.channels import queries as leaving
from majlis.channels.actions.returned import came_back
from majlis.channels.actions.throw_out import throw_out
from majlis.channels.email.building import build
from majlis.channels.email.verdicts import Verdict
from majlis.channels.gate import Asked
from majlis.channels.models import (
    AcknowledgementDue,
    AutomaticMail,
    Delivery,
    MailConnection,
    State,
    StoppedAddress,
)
from majlis.channels.outbox import send_reply
from majlis.conversations.actions.changing import changing
from majlis.conversations.actions.reply import withdraw
from majlis.conversations.actions.spam import clear_spam, mark_spam
from majlis.conversations.actions.trash import trash
from majlis.conversations.actions.words import fill
from majlis.conversations.models import Conversation, Entry, EntryKind
from majlis.flow import acknowledging as drain
from majlis.flow import notice_letters
from majlis.flow.notice_words import gather
from majlis.flow.reactions import is_waiting, react_pending
from majlis.journal.models import Event
from majlis.lib.errors import Refused
from majlis.people.models import Installation, MailboxAlias, Notification
from tests import cast
from tests.channels import mailing

pytestmark = pytest.mark.django_db
AR = "أهلًا {name}، وصلت رسالتك إلى {team} في {company}."
EN = "Hello {name}, {team} of {company} has your message."


@pytest.fixture(autouse=True)
def switched_on() -> None:
    MailConnection.objects.create(mailbox=cast.support(), smtp_host="localhost", smtp_port=9)
    acknowledging.set_up(cast.salma(), cast.support(), is_on=True, texts={"ar": AR, "en": EN})
    react_pending()


def write(body: str = "أين طلبي؟", *, sender: str = cast.LAYLA, subject: str = "", **headers: str) -> Entry:
    """A mail comes in, and what follows from it is done."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    cast.arrive(cast.letter(body, sender=sender, subject=subject or "أين طلبي؟", headers=named))
    react_pending()
    return Entry.objects.filter(kind=EntryKind.MESSAGE).latest("pk")


def sent(address: str = "") -> int:
    rows = AutomaticMail.objects.filter(refused="")
    return (rows.filter(address=address) if address else rows).count()


def refusals() -> list[str]:
    return list(AutomaticMail.objects.exclude(refused="").order_by("pk").values_list("refused", flat=True))


def mail_of(entry: Entry) -> str:
    delivery = Delivery.objects.get(entry=entry)
    return build(leaving.outgoing(delivery, leaving.way_out(delivery).sender)).decode()


def test_a_first_message_is_acknowledged_in_its_thread_and_in_its_language() -> None:
    write("أين طلبي رقم ٤٨٢١٣؟", Message_ID="<first@customers.test>")
    made = Entry.objects.get(kind=EntryKind.AUTO)
    assert made.text == "أهلًا ليلى، وصلت رسالتك إلى الدعم في متجر سدرة."
    assert made.teammate is None
    mail = mail_of(made)
    assert "In-Reply-To: <first@customers.test>\r\n" in mail
    assert "References: <first@customers.test>\r\n" in mail
    assert "Auto-Submitted: auto-replied\r\n" in mail
    assert "X-Auto-Response-Suppress: OOF, AutoReply\r\n" in mail
    assert "Precedence: auto_reply\r\n" in mail
    assert "\r\nReply-To" not in mail
    assert "٤٨٢١٣" not in mail, "what was written is not sent on"
    assert Delivery.objects.get().due_at <= timezone.now()

    write("Where is my order?", sender=cast.OMAR, subject="My order")
    english = Entry.objects.filter(kind=EntryKind.AUTO).latest("pk")
    assert english.text.endswith("Support of متجر سدرة has your message.")
    assert "Subject: Re: My order\r\n" in mail_of(english)


def test_it_leaves_the_conversation_as_it_was() -> None:
    acknowledging.set_up(cast.salma(), cast.support(), is_on=False, texts={"ar": AR, "en": EN})
    write()
    acknowledging.set_up(cast.salma(), cast.support(), is_on=True, texts={"ar": AR, "en": EN})
    before = Conversation.objects.get()
    Notification.objects.all().delete()
    AcknowledgementDue.objects.create(entry=Entry.objects.get())
    react_pending()
    after = Conversation.objects.get()
    assert Entry.objects.filter(kind=EntryKind.AUTO).count() == 1
    for name in (
        "status",
        "assignee_id",
        "waiting_since",
        "last_activity_at",
        "snippet",
        "message_seq",
        "shelf",
    ):
        assert getattr(after, name) == getattr(before, name), name
    assert not Notification.objects.exists()
    with connection.cursor() as cursor:
        made = Entry.objects.get(kind=EntryKind.AUTO)
        fill(after=0)
        cursor.execute("select count(*) from conversations_entrywords where entry_id = %s", [made.pk])
        assert cursor.fetchone() == (0,), "what is said everywhere finds nothing"


def test_it_stops_no_reply_and_who_waits_waits_after_a_reply_was_taken_back() -> None:
    write()
    here = Conversation.objects.get()
    before_it = Entry.objects.get(kind=EntryKind.MESSAGE).seq
    posted = send_reply(
        cast.badr(), here.pk, text="في الطريق.", seen_seq=before_it, submission_key=uuid4()
    ).entry
    with changing(here.pk) as change:
        withdraw(change, posted)
    here.refresh_from_db()
    assert here.waiting_since is not None
    assert here.snippet == "أين طلبي؟"


def test_who_was_acknowledged_still_waits_when_it_was_no_spam() -> None:
    write()
    here = Conversation.objects.get()
    with changing(here.pk) as change:
        mark_spam(change, "hand", teammate=cast.salma())
    with changing(here.pk) as change:
        clear_spam(change, teammate=cast.salma())
    here.refresh_from_db()
    assert here.waiting_since is not None


def test_once_in_a_thread_and_once_a_day() -> None:
    write(Message_ID="<first@customers.test>")
    write("وهل من جديد؟", In_Reply_To="<first@customers.test>")
    write("سؤال آخر", subject="شيء آخر")
    write("سؤال آخر", subject="شيء ثالث", sender="layla+shop@customers.test")
    assert sent() == 1
    assert refusals() == ["in_thread", "today", "today"]
    AutomaticMail.objects.update(at=timezone.now() - timedelta(hours=25))
    write("بعد يوم", subject="رابع")
    assert sent() == 2


def test_never_after_a_person_answered() -> None:
    acknowledging.set_up(cast.salma(), cast.support(), is_on=False, texts={"ar": AR, "en": EN})
    write(Message_ID="<first@customers.test>")
    mailing.reply(cast.badr(), Conversation.objects.get())
    acknowledging.set_up(cast.salma(), cast.support(), is_on=True, texts={"ar": AR, "en": EN})
    write("شكرًا", In_Reply_To="<first@customers.test>")
    assert refusals() == ["answered"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated"},
        {"List_Id": "<talk.lists.test>"},
        {"Precedence": "bulk"},
        {"Precedence": "junk"},
        {"List_Unsubscribe": "<mailto:out@lists.test>"},
        {"X_Auto_Response_Suppress": "All"},
        {"X_Autoreply": "yes"},
        {"Return_Path": "<>"},
        {"Reply_To": "no-reply@customers.test"},
        {"subject": "Out of office: back on Sunday"},
    ],
)
def test_a_machine_is_never_acknowledged(headers: dict[str, str]) -> None:
    write(**headers)
    assert sent() == 0
    assert refusals() in (["automatic"], ["nobody"])


@pytest.mark.parametrize(
    ("sender", "code"),
    [
        ("no-reply@customers.test", "automatic"),
        ("MAILER-DAEMON@customers.test", "automatic"),
        (cast.SALES, "automatic"),
        ("support+loop@majlis.test", "automatic"),
        ("hind@demo.majlis.invalid", "demo"),
    ],
)
def test_nobody_our_own_and_the_made_up_are_never_acknowledged(sender: str, code: str) -> None:
    cast.sales()
    write(sender=sender)
    assert (sent(), refusals()) == (0, [code])


def test_nothing_automatic_goes_to_an_address_of_our_own_whatever_it_is_called() -> None:
    MailboxAlias.objects.create(mailbox=cast.support(), address="info@majlis.test")
    for address in (cast.SUPPORT, "Support+x@majlis.test", "info@majlis.test", "info+y@majlis.test"):
        assert _ask(conversation_id=None, address=address) == "own", address


def test_mail_from_before_spam_and_what_lies_in_the_trash_are_never_acknowledged() -> None:
    cast.arrive(cast.letter("قديمة"), is_historic=True)
    write("اربح الآن", sender="win@spam.test", X_Spam_Flag="YES")
    react_pending()
    assert (sent(), refusals()) == (0, [])

    entry = _unreacted()
    with changing(entry.conversation_id) as change:
        trash(change, teammate=cast.salma())
    AcknowledgementDue.objects.create(entry=entry)
    react_pending()
    assert (sent(), refusals()) == (0, ["put_away"])


def _unreacted() -> Entry:
    acknowledging.set_up(cast.salma(), cast.support(), is_on=False, texts={"ar": AR, "en": EN})
    entry = write()
    acknowledging.set_up(cast.salma(), cast.support(), is_on=True, texts={"ar": AR, "en": EN})
    return entry


def test_a_mailbox_that_is_off_or_has_no_way_out_sends_nothing() -> None:
    MailConnection.objects.all().delete()
    write()
    assert (sent(), refusals()) == (0, ["no_way"])
    acknowledging.set_up(cast.salma(), cast.support(), is_on=False, texts={"ar": AR, "en": ""})
    write("x", sender=cast.OMAR)
    assert AutomaticMail.objects.count() == 1


def test_what_is_a_day_late_is_not_acknowledged_any_more() -> None:
    entry = _unreacted()
    Entry.objects.update(created_at=timezone.now() - timedelta(hours=25))
    AcknowledgementDue.objects.create(entry=entry)
    react_pending()
    assert refusals() == ["late"]


def test_a_name_that_is_an_advertisement_is_not_said() -> None:
    cast.arrive(cast.letter("x", name="Win at http://bad.test", sender=cast.OMAR, subject="Hi"))
    react_pending()
    assert Entry.objects.get(kind=EntryKind.AUTO).text == f"Hello, Support of {_company()} has your message."


def _company() -> str:
    return Installation.objects.get().company


def test_a_hundred_mails_of_one_sender_in_an_hour_are_one_acknowledgement_and_one_alarm() -> None:
    for number in range(100):
        cast.arrive(cast.letter(f"رسالة {number}", subject="إنذار"))
        if number % 10 == 0:
            react_pending()
    react_pending()
    assert sent() == 1
    assert Event.objects.filter(kind="automatic.stopped").count() == 1
    assert set(refusals()) == {"loop", "stopped"}


def test_lesson_7_a_responder_that_hides_it_stops_within_bounds_and_an_admin_is_told() -> None:
    salma, badr = cast.salma(), cast.badr()
    rude = "robot@customers.test"
    for number in range(12):
        entry = write("We have received your request.", sender=rude, subject=f"Case {number}")
        mailing.reply(badr, entry.conversation)  # what a person writes is not stopped
    assert sent(rude) == 1
    assert Delivery.objects.filter(entry__kind=EntryKind.REPLY, state=State.QUEUED).count() == 12
    stopped = StoppedAddress.objects.get()
    assert (stopped.address, stopped.why) == (rude, "loop")
    react_pending()
    told = Notification.objects.filter(event_id=Event.objects.get(kind="automatic.stopped").pk)
    assert [one.teammate_id for one in told] == [salma.pk]
    assert gather(told)[0].said("en").title == f"Automatic mail to \u2066{rude}\u2069 has stopped"
    notice_letters.mail_due(now=timezone.now() + timedelta(minutes=3))
    letters = Delivery.objects.filter(entry=None).values_list("letter", flat=True)
    about = [letter for letter in letters if letter and rude in letter["text"] + letter["subject"]]
    assert [letter["to"] for letter in about] == [salma.email], "and one letter, as she is away"


def test_the_very_words_of_ours_again_and_again_are_a_loop() -> None:
    for number in range(6):
        _ask(conversation_id=None, text="the same", subject="Re: " * number + "News")
    assert refusals() == ["loop", "stopped"]


def _ask(
    *,
    conversation_id: int | None,
    text: str = "",
    subject: str = "news",
    address: str = cast.LAYLA,
    kind: AutomaticMail.Kind = AutomaticMail.Kind.NOTICE,
) -> str:
    with transaction.atomic():
        return gate.lets_through(
            Asked(
                address,
                kind,
                subject,
                text or uuid4().hex,
                mailbox_id=cast.support().pk,
                conversation_id=conversation_id,
            ),
            now=timezone.now(),
        )


def test_of_25_conversations_in_an_hour_20_are_told_then_it_stops_with_one_alarm_until_somebody_lets_it_go_on() -> (
    None
):
    salma, badr = cast.salma(), cast.badr()
    acknowledging.set_up(salma, cast.support(), is_on=False, texts={"ar": AR, "en": EN})
    for number in range(25):
        write(f"سؤال {number}", sender=f"customer{number}@customers.test")
    codes = [_ask(conversation_id=here.pk) for here in Conversation.objects.order_by("pk")]
    assert codes == [""] * 20 + ["flood"] + ["stopped"] * 4
    react_pending()
    (event,) = Event.objects.filter(kind="automatic.stopped")
    assert Notification.objects.filter(event_id=event.pk).count() == 1

    with pytest.raises(Refused, match="not_allowed"):
        gate.let_go_on(badr, cast.LAYLA)
    gate.let_go_on(salma, cast.LAYLA)
    assert _ask(conversation_id=None) == ""
    with pytest.raises(Refused, match="not_found"):
        gate.let_go_on(salma, cast.LAYLA)


def test_a_stop_is_over_after_a_day() -> None:
    StoppedAddress.objects.create(address=cast.LAYLA, why="flood", at=timezone.now() - timedelta(hours=23))
    assert _ask(conversation_id=None) == "stopped"
    StoppedAddress.objects.update(at=timezone.now() - timedelta(hours=25))
    assert _ask(conversation_id=None) == ""


def test_where_mail_came_back_for_good_nothing_automatic_goes_but_teammates_have_a_rule_of_their_own() -> (
    None
):
    came_back(
        cast.LAYLA, words="550 5.1.1", verdict=Verdict("unknown_address", is_permanent=True), delivery=None
    )
    assert _ask(conversation_id=None, kind=AutomaticMail.Kind.ACKNOWLEDGEMENT) == "bounces"
    assert _ask(conversation_id=None) == ""
    before = sent()
    write()  # whoever writes is there again
    assert sent() == before + 1


def test_killed_between_decision_and_queueing_nothing_is_decided_and_it_is_done_afterwards(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def die(*_: object, **__: object) -> None:
        raise SystemExit

    entry = _unreacted()
    AcknowledgementDue.objects.create(entry=entry)
    with monkeypatch.context() as broken:
        broken.setattr(acknowledging, "queue", die)
        with pytest.raises(SystemExit):
            react_pending()
    assert not AutomaticMail.objects.exists()
    assert not Entry.objects.filter(kind=EntryKind.AUTO).exists()
    assert is_waiting()
    react_pending()
    react_pending()
    assert (sent(), Delivery.objects.count(), is_waiting()) == (1, 1, False)


def test_what_fails_three_times_is_let_be_and_written_down(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError

    entry = _unreacted()
    AcknowledgementDue.objects.create(entry=entry)
    monkeypatch.setattr(drain, "answer", fail)
    for _ in range(3):
        assert drain.is_waiting()
        drain.acknowledge_due()
    assert (drain.is_waiting(), refusals()) == (False, ["failed"])


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_acknowledge_once() -> None:
    for number in range(6):
        cast.arrive(cast.letter(f"سؤال {number}", subject=f"موضوع {number}"))
    start = threading.Barrier(2)

    def work() -> None:
        start.wait(5)
        react_pending()
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(20)
    react_pending()
    assert sent() == 1
    assert AutomaticMail.objects.count() == 6
    assert Entry.objects.filter(kind=EntryKind.AUTO).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_mailboxes_at_once_acknowledge_one_sender_once(monkeypatch: pytest.MonkeyPatch) -> None:
    salma = cast.salma()
    MailConnection.objects.create(mailbox=cast.sales(), smtp_host="localhost", smtp_port=9)
    acknowledging.set_up(salma, cast.sales(), is_on=True, texts={"ar": AR, "en": EN})
    cast.arrive(cast.letter("إلى الدعم"))
    cast.arrive(cast.letter("إلى المبيعات", to=cast.SALES), mailbox=cast.sales())
    both_ask, asked = threading.Barrier(2), acknowledging._not_again

    def meet(*given: Any) -> str:
        with suppress(threading.BrokenBarrierError):
            both_ask.wait(0.5)  # who holds the address is alone here
        return asked(*given)

    monkeypatch.setattr(acknowledging, "_not_again", meet)
    entries = list(Entry.objects.order_by("pk"))

    def work(entry: Entry) -> None:
        with transaction.atomic():
            acknowledging.answer(entry)
        connection.close()

    workers = [threading.Thread(target=work, args=(entry,)) for entry in entries]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(20)
    assert sent() == 1
    assert refusals() == ["today"]


def test_what_was_decided_goes_with_the_conversation_with_the_address_and_after_a_month() -> None:
    entry = write()
    with changing(entry.conversation_id) as change:
        trash(change, teammate=cast.salma())
    throw_out(entry.conversation_id, teammate=cast.salma())
    assert not AutomaticMail.objects.exists()
    _ask(conversation_id=None)
    gate.forget_address(cast.LAYLA)
    assert not AutomaticMail.objects.exists()
    _ask(conversation_id=None)
    AutomaticMail.objects.update(at=timezone.now() - timedelta(days=29))
    gate.forget_old(now=timezone.now())
    assert AutomaticMail.objects.exists()
    gate.forget_old(now=timezone.now() + timedelta(days=2))
    assert not AutomaticMail.objects.exists()
