"""Of an answer to a letter of ours only what was written above the line is taken, whatever mail program wrote it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from majlis.channels.email.above import LINES, own_words
from majlis.channels.email.threading import Notice, make_notice_id, read_notice, read_token
from majlis.lib.plain import to_text
from tests.letters import LETTERS

US = "support@shop.example"
LETTER = f"{LINES['ar']}\n\nسر: ملاحظة داخلية\n\n[1] Open: https://desk.example/\n"
MARKED = "".join(f"> {line}\n" for line in LETTER.split("\n"))
WRAPPED = MARKED.replace("Write above", "Write\n> above")
KEY = b"a key of the house"

ABOVE = {
    "gmail": f"On Mon, Nov 3, 2025 at 10:15 AM Salma <{US}> wrote:\n\n{MARKED}",
    "gmail arabic": f"في الأحد، 2 نوفمبر 2025 في 10:15 ص تمت كتابة ما يلي بواسطة \u202aSalma\u202c\u200f <\u202a{US}\u202c\u200f>:\n\n{MARKED}",
    "wrapped": f"On Mon, Nov 3, 2025 at 10:15 AM Salma <{US}>\nwrote:\n{WRAPPED}",
    "apple": f"On 3 Nov 2025, at 10:15, Salma <{US}> wrote:\n\n{LETTER}",
    "outlook": f"________________________________\nFrom: Salma <{US}>\nSent: Monday\nTo: B\nSubject: x\n\n{LETTER}",
    "outlook french": f"________________________________\nDe : Salma <{US}>\nEnvoyé : lundi\nÀ : B\nObjet : x\n\n{LETTER}",
    "german": f"Am 03.11.2025 um 10:15 schrieb Salma:\n\n{MARKED}",
    "answers below too": f"On 3 Nov 2025 Salma <{US}> wrote:\n{MARKED}\nbelow it\n",
    "bare": LETTER,
    "english line": LETTER.replace(LINES["ar"], LINES["en"]),
    "half a line": LETTER.replace(LINES["ar"], "Write above this line"),
}


@pytest.mark.parametrize("name", ABOVE)
def test_only_what_stands_above_the_line_is_taken(name: str) -> None:
    written = "أهلًا ليلى،\n\nيصلك غدًا: order 48213.\n> that is hers\n\nبدر"
    assert own_words(f"{written}\n\n{ABOVE[name]}", address=US) == written


@pytest.mark.parametrize("name", ABOVE)
def test_where_nothing_stands_above_it_nothing_is_taken(name: str) -> None:
    assert own_words(ABOVE[name], address=US) == ""


def test_a_mail_signature_is_no_answer_and_without_a_quotation_all_else_is() -> None:
    assert own_words("It comes tomorrow.\n\n-- \nBadr\nShop\n", address=US) == "It comes tomorrow."
    assert own_words("-- \nBadr", address=US) == ""
    assert own_words("One.\n\nTwo:\n- a\n- b", address=US) == "One.\n\nTwo:\n- a\n- b"


def test_a_mail_of_html_alone_is_cut_at_the_line_too() -> None:
    html = f"<p>It comes.</p><div>Salma &lt;{US}&gt; skrev:<blockquote><p>{LINES['en']}</p>secret</blockquote></div>"
    assert own_words(to_text(html), address=US) == "It comes."


@given(st.text(LETTERS, max_size=80), st.sampled_from(sorted(ABOVE)), st.text(LETTERS, max_size=80))
def test_nothing_below_the_line_ever_comes_through(above: str, name: str, below: str) -> None:
    found = own_words(f"{above}\n\n{ABOVE[name]}{below}", address=US)
    assert "ملاحظة داخلية" not in found
    assert "desk.example" not in found


@given(st.integers(0, 2**62 - 1), st.integers(0, 2**62 - 1))
def test_the_id_of_a_letter_leads_back_to_it_and_is_none_of_an_entry(
    reference: int, teammate_id: int
) -> None:
    message_id = make_notice_id(reference, teammate_id, domain="shop.example", key=KEY)
    assert read_notice(message_id, KEY) == Notice(reference, teammate_id)
    assert read_token(message_id, KEY) is None


@pytest.mark.parametrize(
    "rewrite",
    [
        str.upper,
        lambda one: one.strip("<>"),
        lambda one: one.replace("@shop.example", "@mail.apple.example"),
        lambda one: one.replace("@", "\r\n @"),
        lambda one: f"<prefix.{one.strip('<>')}.1>",
    ],
)
def test_it_survives_what_servers_do_to_ids(rewrite) -> None:
    message_id = make_notice_id(71, 4, domain="shop.example", key=KEY)
    assert read_notice(rewrite(message_id), KEY) == Notice(71, 4)


def test_a_forged_or_foreign_id_names_no_letter() -> None:
    message_id = make_notice_id(71, 4, domain="shop.example", key=KEY)
    assert read_notice(message_id, b"another key") is None
    assert read_notice(message_id.replace("-4-", "-5-"), KEY) is None
    assert read_notice(message_id.replace("mn-", "mj-"), KEY) is None
    assert read_token(message_id.replace("mn-", "mj-"), KEY) is None, "signed under a label of its own"
    assert read_notice("<mn-1z-4-abcdefghijklmnop@shop.example>", KEY) is None
    assert read_notice("", KEY) is None
    with pytest.raises(ValueError, match="negative"):
        make_notice_id(-1, 1, domain="shop.example", key=KEY)
