"""A day of an owner among people: a picture, an invitation that arrives, a session ended from afar."""

from __future__ import annotations

import re
import struct
import zlib
from email import message_from_bytes, policy
from uuid import uuid4

from playwright.sync_api import expect

from tests.browser import people
from tests.browser.conftest import ContextFactory
from tests.browser.office import BADR, SALMA, Office
from tests.polling import until

OUT_WITHIN_MS = 5_000
SLOW_MS = 20_000


def picture() -> bytes:
    """A small PNG, wider than high."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\x20\x80\x60" * 30 for _ in range(20))
    size = struct.pack(">IIBBBBB", 30, 20, 8, 2, 0, 0, 0)
    parts = (chunk(b"IHDR", size), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def test_a_day_among_people(
    office: Office, context_factory: ContextFactory, expected_complaints: list[str]
) -> None:
    expected_complaints.append("status of 401")  # what Badr's page is told when his session ends
    letter = office.write("أين طلبي؟", subject="قبل الجلسة")
    salma, badr = context_factory().new_page(), context_factory().new_page()
    office.sign_in(salma, SALMA)
    office.sign_in(badr, BADR)
    office.open(badr, letter.number)
    office.write("ما زلت هنا", subject="Re:", after=letter)
    expect(badr.locator("#entries .msg").last).to_contain_text("ما زلت هنا", timeout=SLOW_MS)

    # A picture is uploaded as soon as it is chosen, and stands in the navigation at once.
    url = office.desk.url
    salma.goto(f"{url}/settings/profile/")
    salma.set_input_files("#picture-file", {"name": "me.png", "mimeType": "image/png", "buffer": picture()})
    face = salma.locator(".nav__me img")
    expect(face).to_be_visible()
    until(lambda: face.evaluate("image => image.complete && image.naturalWidth") == 30, "the picture")

    # The invitation leaves by mail; its state stands beside the teammate, and the link opens the door.
    address = f"hind-{uuid4().hex[:8]}@majlis.test"
    office.host.add_user(address, people.BOX_PASSWORD)
    shown = people.invite(salma, office.desk, name="هند", email=address)
    mail = message_from_bytes(office.host.wait_for(address, 1)[0], policy=policy.default)
    assert mail["Auto-Submitted"] == "auto-generated"
    text = mail.get_body(("plain",))
    assert text is not None
    found = re.search(r"https?://\S+/setup/invitation/\S+", text.get_content())
    assert found
    assert found[0] == shown
    salma.goto(f"{url}/settings/team/")
    row = salma.locator(".setrow", has_text=address)

    def says_sent() -> bool:
        salma.reload()
        return row.locator(".tag--good").count() == 1

    until(says_sent, "the state of the letter")
    hind = context_factory().new_page()
    people.join(hind, shown)
    salma.reload()
    expect(row.locator(".tag--good")).to_have_count(0)

    # Badr's session is ended on his page in the settings: his open page goes at once.
    salma.goto(f"{url}/settings/team/{office.people[BADR]}/")
    salma.locator("form[action$='/sessions'] button").first.click()
    expect(badr.locator("#live-notice a")).to_be_visible(timeout=OUT_WITHIN_MS)
    expect(salma.locator(".settings__col .banner")).to_be_visible()
    badr.reload()
    expect(badr.locator("[name=login]")).to_be_visible()

    # All of it was written down.
    salma.goto(f"{url}/settings/audit/")
    acts = salma.locator(".audit__row")
    expect(acts.nth(0)).to_contain_text("بدر")
    expect(acts.nth(1)).to_contain_text("هند")
