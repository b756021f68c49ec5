"""Who may not see something sees nothing of it: not live, not in lists, not by its address, and not a moment longer."""

from __future__ import annotations

import re
import time
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.browser import people
from tests.browser.cable import Cable
from tests.browser.conftest import ContextFactory
from tests.browser.office import NOURA, SALES, SALMA, Office
from tests.polling import until

SLOW_MS = 20_000
OUT_WITHIN_MS = 5_000


def newcomer(office: Office, salma: Page, factory: ContextFactory) -> tuple[Page, int, str]:
    """A teammate who has just joined, sees every mailbox, and looks at the open conversations.

    Returns the page, the teammate's id and the link that let them in.
    """
    email = f"hind-{uuid4().hex[:8]}@majlis.test"
    link = people.invite(salma, office.desk, name="هند", email=email)
    page = factory().new_page()
    people.join(page, link)
    page.goto(f"{office.desk.url}/inbox/all")
    ((found,),) = office.sql("select id from people_teammate where email = %s", email)
    return page, found, link


def test_what_is_in_another_mailbox_does_not_exist_for_noura(
    office: Office,
    cable: Cable,
    context_factory: ContextFactory,
    expected_complaints: list[str],
) -> None:
    expected_complaints.append("status of 404")
    noura = context_factory().new_page()
    office.sign_in(noura, NOURA, url=cable.url)
    noura.goto(f"{cable.url}/inbox/all")
    until(lambda: cable.live_streams, "her live stream")
    before = noura.locator("#rows > li").count()

    hidden = office.write(
        "كلام لا يخصها", subject="سر", html="<b>كلام</b>", files=[("سر.txt", "text/plain", b"secret")]
    )
    office.write("مزيد لا يخصها", subject="Re: سر", after=hidden)
    own = office.write("هذا لها", subject="للمبيعات", to=SALES)
    expect(noura.locator(f"#row-{own.number}")).to_be_visible(timeout=SLOW_MS)
    # Everything about the other mailbox was said before this: had it been for her, it would be here.
    assert noura.locator("#rows > li").count() == before + 1
    assert (
        noura.locator("#folder-all .nav__count").inner_text()
        == noura.locator(f"#mailbox-{office.boxes[SALES]} .nav__count").inner_text()
    )
    assert noura.locator("#nav-folders a[id^=mailbox-]").count() == 1
    assert "سر" not in noura.locator("main").inner_text()
    said = re.findall(r'"c": ?(\d+)', cable.heard)
    assert str(own.number) in said
    assert str(hidden.number) not in said

    find = "select id from conversations_entry where conversation_id = %s order by seq"
    entry = office.sql(find, hidden.number)[0][0]
    ((file,),) = office.sql("select id from conversations_attachment where entry_id = %s", entry)
    here, token = (
        f"/conversations/{hidden.number}",
        noura.evaluate("JSON.parse(document.body.getAttribute('hx-headers'))['X-CSRFToken']"),
    )
    for path in (
        here,
        f"{here}/entries",
        f"/entries/{entry}/html",
        f"/entries/{entry}/original",
        f"/attachments/{file}",
        f"/inbox/all?mailbox={office.boxes[people.SUPPORT]}",
        f"/inbox/all/list?mailbox={office.boxes[people.SUPPORT]}",
    ):
        answer = noura.goto(f"{cable.url}{path}")
        assert answer is not None
        assert answer.status == 404, path
        assert "كلام" not in noura.content(), path
    seq = office.sql("select seq from conversations_conversation where id = %s", hidden.number)
    for method, path in (
        ("POST", f"{here}/replies"),
        ("POST", f"{here}/notes"),
        ("POST", f"{here}/closure"),
        ("POST", f"{here}/assignment"),
        ("POST", f"{here}/status"),
        ("POST", f"{here}/tags"),
        ("DELETE", f"/replies/{entry}"),
        ("POST", f"/replies/{entry}/deliveries"),
    ):
        tried = noura.request.fetch(
            f"{cable.url}{path}",
            method=method,
            headers={"X-CSRFToken": token},
            form={"text": "دخيل", "name": "دخيل", "status": "closed", "teammate": "", "seen": "99"},
        )
        assert tried.status == 404, path
    assert office.sql("select seq from conversations_conversation where id = %s", hidden.number) == seq


def test_signing_out_in_one_tab_ends_the_other_at_once(
    office: Office, cable: Cable, context_factory: ContextFactory
) -> None:
    letter = office.write("قبل الخروج", subject="خروج")
    context = context_factory()
    here, there = context.new_page(), context.new_page()
    office.sign_in(here, SALMA, url=cable.url)
    office.open(there, letter.number, url=cable.url)
    until(lambda: cable.live_streams, "the live stream")
    here.goto(f"{cable.url}/inbox/all")
    here.click(".nav__me")
    here.click("form[action$='/logout/'] button")
    here.wait_for_url("**/accounts/login/**")
    expect(there.locator("#live-notice a")).to_be_visible(timeout=OUT_WITHIN_MS)  # the way to sign in again
    until(lambda: cable.live_streams == 0, "the end of the stream", timeout=5)
    heard = cable.heard
    assert '"signed-out"' in heard
    office.write("بعد الخروج", subject="Re:", after=letter)
    there.reload()
    expect(there.locator("[name=login]")).to_be_visible()
    assert cable.heard == heard


def test_a_closed_account_is_out_at_once(
    office: Office, context_factory: ContextFactory, expected_complaints: list[str]
) -> None:
    expected_complaints.append("status of 401")
    letter = office.write("لهند", subject="حساب يُغلق")
    salma = context_factory().new_page()
    office.sign_in(salma, SALMA)
    hind, hind_id, _ = newcomer(office, salma, context_factory)
    office.open(hind, letter.number)
    office.write("ما زالت هنا", subject="Re:", after=letter)
    expect(hind.locator("#entries .msg").last).to_contain_text("ما زالت هنا", timeout=SLOW_MS)
    hind.fill("#composer [name=text]", "جواب متأخر")

    salma.goto(f"{office.desk.url}/settings/team/{hind_id}/")
    with salma.expect_navigation():
        salma.click("[name=is_active][value='0']")
    expect(hind.locator("#live-notice a")).to_be_visible(timeout=OUT_WITHIN_MS)
    hind.click("[data-send=open]")
    expect(hind.locator("#composer-error")).not_to_be_empty(timeout=SLOW_MS)
    expect(hind.locator("#composer [name=text]")).to_have_value("جواب متأخر")
    assert office.entries(letter.number, "reply") == []
    hind.goto(f"{office.desk.url}/conversations/{letter.number}")
    expect(hind.locator("[name=login]")).to_be_visible()


def test_a_mailbox_taken_away_is_gone_at_once(
    office: Office, context_factory: ContextFactory, expected_complaints: list[str]
) -> None:
    expected_complaints.append("status of 404")
    letter = office.write("للدعم", subject="صندوق يُسحب")
    other = office.write("للمبيعات", subject="صندوق يبقى", to=SALES)
    salma = context_factory().new_page()
    office.sign_in(salma, SALMA)
    hind, hind_id, _ = newcomer(office, salma, context_factory)
    office.open(hind, letter.number)
    expect(hind.locator(f"#row-{other.number}")).to_be_visible()
    hind.fill("#composer [name=text]", "نصف جواب")

    salma.goto(f"{office.desk.url}/settings/team/{hind_id}/")
    salma.uncheck(f"[name=mailboxes][value='{office.boxes[people.SUPPORT]}']")
    with salma.expect_navigation():
        salma.click(".savebar .btn--primary")
    taken_at = time.monotonic()
    expect(hind.locator(f"#row-{letter.number}")).to_have_count(0, timeout=OUT_WITHIN_MS)
    assert time.monotonic() - taken_at < OUT_WITHIN_MS / 1000 + 1
    expect(hind.locator(f"#thread[data-number='{letter.number}']")).to_have_count(0)
    expect(hind.locator(f"#row-{other.number}")).to_be_visible()
    assert hind.locator("#nav-folders a[id^=mailbox-]").count() == 1

    office.write("لا تراه", subject="Re:", after=letter)
    late = office.write("تراه", subject="Re:", after=other, to=SALES)
    expect(hind.locator(f"#row-{late.number}")).to_contain_text("تراه", timeout=SLOW_MS)
    assert "لا تراه" not in hind.locator("body").inner_text()
    answer = hind.goto(f"{office.desk.url}/conversations/{letter.number}")
    assert answer is not None
    assert answer.status == 404


def test_a_used_link_says_so_plainly_and_nobody_signs_up_alone(
    office: Office, context_factory: ContextFactory, expected_complaints: list[str]
) -> None:
    expected_complaints += ["status of 410", "status of 404"]
    salma = context_factory().new_page()
    office.sign_in(salma, SALMA)
    _, _, link = newcomer(office, salma, context_factory)
    stranger = context_factory().new_page()
    before = office.sql("select count(*) from people_teammate")
    for address, said in (
        (link, "لم يعد هذا الرابط صالحًا"),
        (f"{office.desk.url}/setup/invitation/guessed/", "لم يعد هذا الرابط صالحًا"),
        (f"{office.desk.url}/setup/guessed/", "مجهَّز"),
    ):
        answer = stranger.goto(address)
        assert answer is not None
        assert answer.status == 410, address
        expect(stranger.locator("h1")).to_contain_text(said)
        assert stranger.locator("input").count() == 0
    answer = stranger.goto(f"{office.desk.url}/accounts/signup/")
    assert answer is not None
    assert answer.status == 404 or stranger.locator("[name=login]").count()
    stranger.goto(f"{office.desk.url}/accounts/login/")
    assert stranger.locator("a[href*=signup]").count() == 0
    assert office.sql("select count(*) from people_teammate") == before
