"""What keeps machines out of a form: an ordinary person meets nothing of it, and whoever does loses nothing typed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from majlis.channels import pace
from majlis.channels.forms import guarding, proof
from majlis.channels.forms.fields import Field, Kind
from majlis.channels.models import Acknowledgement, AutomaticMail, MailConnection
from majlis.conversations.models import Conversation, Entry
from majlis.flow.reactions import react_pending
from majlis.lib.arabic import sort_key
from majlis.people.actions.block import block
from majlis.people.models import Customer
from tests import cast
from tests.public.filling import OWN, form, options, send, stamp, stamp_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_came_yet() -> None:
    with connection.cursor() as cursor:
        cursor.execute("delete from channels_pace")


def came() -> int:
    """How many conversations there are."""
    return Conversation.objects.count()


def test_too_fast_is_shown_again_with_everything_and_goes_the_second_time() -> None:
    asked = form()
    again = send(asked, seconds=1, message="كتبتُه بسرعة")
    assert again.status_code == 422
    assert "كان ذلك سريعًا" in text(again)
    assert "كتبتُه بسرعة" in text(again)
    assert cast.LAYLA in text(again)
    assert came() == 0
    new = stamp_in(text(again))
    with_work = send(asked, _stamp=new, _proof=proof.done(new))
    assert with_work.status_code == 200, "a browser that did the work is no slower for it"
    assert came() == 1


def test_a_page_that_was_open_for_too_long_takes_the_message_at_the_second_press() -> None:
    asked = form()
    again = send(asked, seconds=25 * 3600)
    assert "أكثر من يوم" in text(again)
    assert stamp_in(text(again)) != stamp(asked)
    assert came() == 0


@pytest.mark.parametrize("given", ["", "1.2.3", "9" * 200, "1700000000.0123456789abcdef." + "0" * 32, "\x00"])
def test_a_stamp_that_is_none_of_ours_is_no_stamp(given: str) -> None:
    asked = form()
    again = send(asked, _stamp=given)
    assert again.status_code == 422
    assert "أين طلبي؟" in text(again)
    assert came() == 0


def test_a_stamp_of_another_form_is_none() -> None:
    other = form(key="other")
    assert send(form(), _stamp=stamp(other)).status_code == 422
    assert came() == 0


def test_the_trap_is_said_plainly_and_empty_the_second_time() -> None:
    asked = form()
    again = send(asked, _website="https://pills.test")
    assert again.status_code == 422
    assert "حقل لا يراه الناس" in text(again)
    assert "pills.test" not in text(again)
    assert came() == 0


def test_the_same_page_sent_twice_is_one_conversation_and_with_other_words_refused() -> None:
    asked = form()
    once = stamp(asked)
    assert send(asked, _stamp=once).status_code == 200
    assert send(asked, _stamp=once).status_code == 200, "a double press, or a page that was reloaded"
    assert came() == 1
    again = send(asked, _stamp=once, message="رسالة أخرى")
    assert again.status_code == 422
    assert "رسالة أخرى" in text(again)
    assert came() == 1
    assert send(asked, _stamp=stamp_in(text(again)), message="رسالة أخرى", seconds=60).status_code == 422, (
        "too fast"
    )


def test_other_sites_cannot_send_it() -> None:
    asked = form()
    answer = send(asked, origin="https://evil.test")
    assert answer.status_code == 403
    assert "أين طلبي؟" in text(answer)
    assert came() == 0


@pytest.mark.parametrize("origin", [None, "null"])
def test_who_does_not_say_where_it_was_sent_from_does_the_work(origin: str | None) -> None:
    asked = form()
    assert send(asked, origin=origin).status_code == 422
    assert came() == 0
    given = stamp(asked)
    assert send(asked, origin=origin, _stamp=given, _proof=proof.done(given)).status_code == 200
    assert came() == 1


def test_many_from_one_place_must_work_and_then_wait() -> None:
    asked = form()
    for number in range(guarding.NETWORK.usual):
        assert send(asked, email=f"a{number}@customers.test").status_code == 200
    again = send(asked, email="x@customers.test")
    assert again.status_code == 422
    assert "اسمح بالبرامج النصية" in text(again)
    given = stamp(asked)
    assert send(asked, email="x@customers.test", _stamp=given, _proof=proof.done(given)).status_code == 200
    assert send(asked, email="y@customers.test", ip="198.51.100.3").status_code == 200, "somebody elsewhere"


def test_a_flood_from_everywhere_stops_at_the_forms_bound_with_a_time_to_come_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(guarding, "FORM", guarding.Bound(usual=2, most=6, seconds=600))
    asked, calm = form(), form(key="calm")
    last: Any = None
    for number in range(guarding.FORM.most + 5):
        given = stamp(asked)
        last = send(
            asked,
            ip=f"203.0.{number}.1",
            email=f"a{number}@customers.test",
            _stamp=given,
            _proof=proof.done(given),
        )
    assert last.status_code == 429
    assert 0 < int(last["Retry-After"]) <= 600
    assert "باقٍ هنا" in text(last)
    assert came() == guarding.FORM.most
    assert send(calm).status_code == 200, "another form goes on"


def test_a_flood_that_does_not_work_closes_the_form_to_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarding, "FORM", guarding.Bound(usual=2, most=6, seconds=600))
    asked = form()
    for number in range(guarding.FORM.most + 20):
        send(asked, ip=f"203.0.{number}.1", email=f"a{number}@customers.test")
    assert came() == guarding.FORM.usual
    given = stamp(asked)
    assert send(asked, _stamp=given, _proof=proof.done(given)).status_code == 200


def test_one_line_of_ipv6_is_one_place() -> None:
    assert pace.network_of("2001:db8:1:2:3::1") == pace.network_of("2001:db8:1:2:ffff::9")
    assert pace.network_of("2001:db8:1:3::1") != pace.network_of("2001:db8:1:2::1")
    assert pace.network_of("::ffff:192.0.2.7") == "192.0.2.7"
    assert pace.network_of("") == "?"


def test_script_in_every_field_is_text_everywhere() -> None:
    bad = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    asked = form(
        Field("text", Kind.TEXT, bad, bad, help_ar=bad),
        Field("pick", Kind.CHOICE, bad, options=options([bad, "b"])),
        title_ar=bad,
        intro_ar=bad,
        thanks_ar=bad,
        name=bad,
    )
    pages = [
        text(Client().get(f"/form/{asked.key}?text={bad}&name={bad}&page={bad}")),
        text(send(asked, seconds=1, text=bad, message=bad, name=bad)),
        text(send(asked, text=bad, message=bad, pick="0", _page="https://shop.test/<script>")),
    ]
    assert came() == 1
    badr = Client()
    badr.force_login(cast.badr())
    pages.append(text(badr.get(f"/conversations/{Conversation.objects.get().pk}")))
    for page in pages:
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    assert "&lt;script&gt;alert" in pages[-1], "but it can be read"


def test_header_lines_and_control_characters_stay_out_of_name_and_subject() -> None:
    asked = form(Field("order", Kind.ORDER, "رقم الطلب"))
    send(asked, name="Layla\r\nBcc: all@customers.test", email="x@customers.test")
    assert came() == 0, "a name that holds an address is none"
    send(
        asked, name="Lay\x00la\r\nQ", email=" Layla@Customers.Test ", order="7\r\nX: y", message="a\x00b\x1b"
    )
    assert came() == 0, "nor is that an order number"
    send(asked, name="Lay\x00la\r\nQ", email=" Layla@Customers.Test ", message="a\x00b\x1b")
    entry = Entry.objects.get()
    assert (entry.from_name, entry.from_address, entry.text) == ("Lay la Q", cast.LAYLA, "a b")


@pytest.mark.parametrize(
    "body",
    [
        b'--x\r\nContent-Disposition: form-data; name="f-name"\r\n\r\nbroken',
        b"",
        b"\xff\xfe\x00" * 100,
    ],
)
def test_a_body_that_is_no_form_is_refused_and_not_an_error(body: bytes) -> None:
    asked = form()
    for kind in (
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "application/json",
        "text/plain",
        "",
    ):
        answer = Client().generic(
            "POST", f"/form/{asked.key}", body, content_type=kind, headers={"origin": OWN}
        )
        assert answer.status_code in (413, 422), kind
    assert came() == 0


def test_more_fields_or_more_text_than_can_be_is_refused_and_not_an_error() -> None:
    asked = form()
    many = Client().post(f"/form/{asked.key}", {f"f{n}": "x" for n in range(1200)}, headers={"origin": OWN})
    assert many.status_code == 413
    large = Client().post(f"/form/{asked.key}", {"f-message": "x" * 6_000_000}, headers={"origin": OWN})
    assert large.status_code == 413
    long = send(asked, message="ن" * 60_000)
    assert long.status_code == 422
    assert came() == 0


def test_who_is_blocked_comes_into_spam() -> None:
    block(cast.salma(), cast.LAYLA)
    assert send(form()).status_code == 200
    assert Conversation.objects.get().is_spam


def test_our_own_address_is_nobodys() -> None:
    asked = form()
    again = send(asked, email=cast.SUPPORT.upper())
    assert again.status_code == 422
    assert "هذا عنواننا نحن" in text(again)
    assert came() == 0


def test_an_address_joins_no_conversation_and_changes_no_name() -> None:
    cast.arrive(cast.letter("مرحبًا"))
    customer = Customer.objects.get()
    before = Conversation.objects.get()
    send(form(), name="Somebody Else")
    customer.refresh_from_db()
    assert customer.name == "ليلى"
    assert customer.name_key == sort_key("ليلى")
    assert came() == 2
    before.refresh_from_db()
    assert Entry.objects.filter(conversation=before).count() == 1


def acknowledging() -> None:
    """The support mailbox acknowledges, and has a way out."""
    box = cast.support()
    MailConnection.objects.create(mailbox=box, smtp_host="mx.test", smtp_port=25, smtp_security="none")
    Acknowledgement.objects.create(mailbox=box, is_on=True, text_ar="أهلًا {name}، وصلتنا.", text_en="Got it.")


def test_it_is_acknowledged_once_and_a_flood_of_foreign_addresses_is_not() -> None:
    acknowledging()
    asked = form()
    for number in range(guarding.TOLD_NETWORK.most + 3):
        given = stamp(asked)
        send(asked, email=f"a{number}@foreign.test", _stamp=given, _proof=proof.done(given))
    react_pending()
    decided = list(AutomaticMail.objects.order_by("pk").values_list("refused", flat=True))
    assert decided == [*[""] * guarding.TOLD_NETWORK.most, *["rush"] * 3]
    assert came() == guarding.TOLD_NETWORK.most + 3, "what they wrote is there"
    sent = Entry.objects.filter(kind="auto").first()
    assert sent is not None
    assert sent.to == ["a0@foreign.test"]
    assert "أين طلبي" not in sent.text, "nothing that a stranger wrote goes to an address nobody has proven"


def test_a_form_without_an_address_says_that_nobody_can_answer() -> None:
    asked = form(needs_address=False)
    done = text(send(asked, email="", name=""))
    assert "لا نستطيع أن نجيبك" in done
    assert Entry.objects.get().from_address == ""
    assert send(form(key="strict"), email="").status_code == 422


def test_files_come_along_under_their_own_names() -> None:
    asked = form(Field("files", Kind.FILE, "صور"))
    png = SimpleUploadedFile("صورة العباءة.png", b"\x89PNG\r\n\x1a\n" + b"0" * 20, "text/html")
    liar = SimpleUploadedFile("../../x\u202egpj.html.png", b"<script>", "image/png")
    done = send(asked, files=[png, liar])
    assert done.status_code == 200, text(done)
    found = list(Entry.objects.get().attachments.order_by("pk").values_list("name", "content_type"))
    assert found == [("صورة العباءة.png", "image/png"), ("xgpj.html.png", "application/octet-stream")]
    assert "صورة العباءة.png" in text(done)


def test_a_file_stays_when_something_else_is_wrong() -> None:
    asked = form(Field("files", Kind.FILE, "صور", is_required=True))
    again = send(asked, email="layla", files=SimpleUploadedFile("فاتورة.pdf", b"%PDF"))
    assert again.status_code == 422
    assert "فاتورة.pdf" in text(again)
    kept = re.findall(r'name="kept" value="([^"]+)"', text(again))
    assert len(kept) == 1
    assert send(asked, _kept=kept[0]).status_code == 200
    assert Entry.objects.get().attachments.get().name == "فاتورة.pdf"
    forged = send(asked, _kept=kept[0][:-3] + "abc", email="b@customers.test")
    assert "لم يعد هنا" in text(forged)
    assert send(form(Field("files", Kind.FILE), key="other"), _kept=kept[0]).status_code == 422, (
        "of another form"
    )


@pytest.mark.parametrize(
    ("sizes", "said"),
    [([10_000_001], "أكبر من ١٠"), ([9_000_000] * 3, "معًا"), ([1] * 6, "ملفات على الأكثر"), ([0], "فارغ")],
)
def test_files_that_are_too_much_are_said_beside_their_field(sizes: list[int], said: str) -> None:
    asked = form(Field("files", Kind.FILE, "صور"))
    uploads = [SimpleUploadedFile(f"{n}.bin", b"0" * size) for n, size in enumerate(sizes)]
    answer = send(asked, files=uploads)
    assert answer.status_code == 422
    assert said in text(answer)
    assert "أين طلبي؟" in text(answer)
    assert came() == 0
