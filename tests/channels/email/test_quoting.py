"""What somebody wrote stands apart from what they quoted, where that is clear, and nothing is ever lost."""

from __future__ import annotations

import gc
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from majlis.channels.email.quoting import fold
from tests.letters import LETTERS

CLEAR = {
    "gmail": "Thanks!\n\nOn Mon, Nov 3, 2025 at 10:15 AM Salma <salma@shop.example> wrote:\n\n> Did it come?\n> Salma\n",
    "gmail wrapped": "Thanks!\n\nOn Mon, Nov 3, 2025 at 10:15 AM Salma <salma@shop.example>\nwrote:\n> Did it come?\n",
    "apple": "Thanks!\n\nOn 3 Nov 2025, at 10:15, Salma <salma@shop.example> wrote:\n\nDid it come?\n",
    "gmail arabic": "شكرا\n\nفي الأحد، 2 نوفمبر 2025 في 10:15 ص تمت كتابة ما يلي بواسطة Salma <s@shop.example>:\n\n> هل؟\n",
    "older gmail arabic": "شكرا\n\nفي ٢ نوفمبر ٢٠٢٥ ١٠:١٥ ص، كتب سلمى <s@shop.example>:\n> هل وصلت؟\n",
    "apple arabic": "شكرا\n\nفي ٢ نوفمبر ٢٠٢٥، الساعة ١٠:١٥ ص، كتبت سلمى <s@shop.example>:\n\nهل وصلت؟\n",
    "with bidi marks": "شكرا\n\n\u202bفي ٢ نوفمبر ٢٠٢٥ كتب \u202aSalma\u202c <s@shop.example>:\u202c\n\n> هل؟\n",
    "outlook": "Thanks\n\n____________\nFrom: Salma <s@shop.example>\nSent: Monday\nTo: Layla\nSubject: order\n\nDid it?\n",
    "outlook bold": "Thanks\n\n*From:* Salma\n*Sent:* Monday\n*To:* Layla\n*Subject:* order\n\nDid it?\n",
    "outlook arabic": "شكرا\n\nمن: سلمى\nتم الإرسال: 2 نوفمبر\nإلى: ليلى\nالموضوع: طلبك\n\nهل وصلت؟\n",
    "original message": "Thanks\n\n-----Original Message-----\nFrom: Salma\n\nDid it?\n",
    "original message arabic": "شكرا\n\n-----الرسالة الأصلية-----\nمن: سلمى\n\nهل؟\n",
    "marks alone": "Thanks\n\n> Did it come?\n>\n> Salma\n",
}
UNCERTAIN = {
    "no quotation": "Hello, where is my order?\n",
    "written between": "On 3 Nov 2025 Salma <s@shop.example> wrote:\n> Did it come?\nYes\n> Whole?\nNo\n",
    "written below": "Hi\n\nOn 3 Nov 2025 Salma <s@shop.example> wrote:\n> Did it come?\n\nYes it did.\n",
    "marks between": "Hi\n> Did it come?\nYes\n> Whole?\n",
    "prose": "I asked him.\nOn Monday he wrote:\nit will come\n",
    "arabic prose": "سألته عن الأمر.\nفي الحقيقة كتب لي:\nسيصل غدا\n",
    "forwarded alone": "From: Salma <s@shop.example>\nSent: Monday\nTo: Layla\nSubject: order\n\nDid it?\n",
    "from in prose": "From: the shop\nI bought shoes.\n",
    "nothing below": "Hi\n\nOn 3 Nov 2025 Salma <s@shop.example> wrote:\n",
}


@pytest.mark.parametrize("name", CLEAR)
def test_a_clear_quotation_is_folded(name: str) -> None:
    text = CLEAR[name]
    found = fold(text)
    visible, quoted = found.text, found.signature + found.quoted
    assert visible.strip() == text.split("\n")[0]
    assert visible + quoted == text


@pytest.mark.parametrize("name", UNCERTAIN)
def test_where_it_is_not_clear_everything_stays_visible(name: str) -> None:
    assert fold(UNCERTAIN[name]).text == UNCERTAIN[name]


PIECES = [line + "\n" for text in [*CLEAR.values(), *UNCERTAIN.values()] for line in text.split("\n")]


def test_an_answer_below_its_quotation_stands_alone() -> None:
    found = fold("On 3 Nov 2025 Salma <s@shop.example> wrote:\n> Did it come?\n\nYes it did.\n-- \nOmar\n")
    assert (found.text.strip(), found.signature) == ("Yes it did.", "-- \nOmar\n")
    assert found.above.endswith("> Did it come?\n")


@pytest.mark.parametrize(
    "subject", ["FW: order", "Fwd: x", "WG: x", "TR : x", "إعادة توجيه: طلب", "\u200fمحوّل: طلب"]
)
def test_the_head_of_a_forwarded_message_is_no_quotation(subject: str) -> None:
    assert fold(CLEAR["outlook"], subject=subject).quoted == ""
    assert fold(CLEAR["outlook"], subject=f"RE: {subject}").quoted != ""


@given(st.lists(st.sampled_from(PIECES) | st.text(LETTERS, max_size=8), max_size=20))
def test_no_character_is_ever_lost_and_nothing_is_folded_twice(lines: list[str]) -> None:
    text = "".join(lines)
    found = fold(text)
    assert found.above + found.text + found.signature + found.quoted == text
    assert found.text.strip() or found.text == text
    again = fold(found.text)
    assert again.text == found.text


LONG = {"marks": ">", "starts": "On On On "}
SLOW = {
    "lines of marks": ">\n",
    "lines that start": "On \n",
    "attributions": "On 3 Nov 2025 at 10:15, <a@b> wrote:\n",
    "verbs": "كتب " * 90 + ":\n",
    "fields": "From: a@b\n",
    "delimiters": "--\n",
    "telephones": "Sent from my iPhone\n",
    "dashes": "-",
    "blanks": "From:" + " " * 500 + "\n",
}


@pytest.mark.parametrize("name", [*LONG, *SLOW])
def test_the_time_grows_no_faster_than_the_text(name: str) -> None:
    size, part = (1_000_000, LONG[name]) if name in LONG else (160_000, SLOW[name])
    whole = part * (size // len(part))
    eighth = min(_seconds(whole[: len(whole) // 8]) for _ in range(3))
    # Eight times as much takes 8 times as long, and 64 times if it were quadratic.
    limit = max(28 * eighth, 0.05)
    assert any(_seconds(whole) < limit for _ in range(2))


def _seconds(text: str) -> float:
    gc.collect()
    gc.disable()  # else its pauses are counted too
    before = process_time()
    fold(text)
    spent = process_time() - before
    gc.enable()
    return spent
