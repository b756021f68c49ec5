"""Every screen of the desk, photographed: python -m tests.photographs FOLDER [--rules] [NAME …]

Starts a Majlis with the demo shop, and takes each screen in Arabic and English, light and dark, 1440, 1024 and 390
wide, as FOLDER/NAME-LANGUAGE-COLOUR-WIDTH.png; says what a browser complained of, and what does not fit its window;
with --rules also which rules of accessible pages a screen breaks, at the widest and the narrowest.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Page, sync_playwright

from majlis.cli.benches.place import MAJLIS, Place, place
from tests.chromium import executable
from tests.serious import serious

HEIGHTS = {1440: 900, 1024: 768, 390: 844}
_SETTLED = (
    "() => !document.querySelector('.htmx-request, .htmx-settling') && document.fonts.status === 'loaded'"
)
_WIDE = """() => [...document.querySelectorAll('body *')].filter(e => {
  const r = e.getBoundingClientRect();
  return r.width && r.height && (r.left < -1 || r.right > innerWidth + 1) && getComputedStyle(e).position !== 'fixed'
    && !e.closest('[hidden], .vh, .skip, svg, .nav, .pane--ctx, .settings__nav, .setrow__tabs, .advice__grid') && e.checkVisibility({visibilityProperty: true, opacityProperty: true});
}).slice(0, 3).map(e => `${e.tagName.toLowerCase()}.${e.className}`)"""
Act = Callable[[Page], object]


def _row(number: int) -> Act:
    return lambda page: page.locator("#rows a.crow").nth(number).click()


def _then(*acts: Act) -> Act:
    def do(page: Page) -> None:
        for act in acts:
            act(page)
            page.wait_for_timeout(250)
            page.wait_for_function(_SETTLED)

    return do


def _press(key: str) -> Act:
    return lambda page: page.keyboard.press(key)


def _click(selector: str) -> Act:
    def do(page: Page) -> None:
        found = page.locator(selector).filter(visible=True)
        if found.count():
            found.first.click()

    return do


def _to(selector: str) -> Act:
    return lambda page: page.locator(selector).evaluate("e => e.scrollIntoView()")


_GONE = "gone@customers.example"  # mail to it came back for good
_FOR = ".setrow__tabs a[href$='/for/']"
_AUTOMATIC_PAGE = (_click(".setrow h2 a"), _click(".setrow__tabs a[href$='automatic/']"))

# name: the address, what is done there, and whether somebody is signed in.
SCREENS: dict[str, tuple[str, Act | None, bool]] = {
    "login": ("/accounts/login/", None, False),
    "reset": ("/accounts/password/reset/", None, False),
    **{
        f"folder-{name}": (f"/inbox/{name}", None, True)
        for name in ("unassigned", "mine", "all", "snoozed", "closed", "spam", "trash", "mentions", "drafts")
    },
    "thread": ("/inbox/all", _row(1), True),
    "thread-closed": ("/inbox/closed", _row(2), True),
    "thread-spam": ("/inbox/spam", _row(0), True),
    "thread-more": ("/inbox/all", _then(_row(3), _click("#more-menu > summary")), True),
    "thread-snooze": ("/inbox/all", _then(_row(3), _click("#snooze-menu > summary")), True),
    "thread-note": ("/inbox/all", _then(_row(4), _press("n")), True),
    "thread-context": ("/inbox/all", _then(_row(2), _click("[data-toggle=ctx]")), True),
    "thread-mail": ("/inbox/all", _row(0), True),
    "thread-mail-end": (
        "/inbox/all",
        _then(
            _row(0), lambda page: page.evaluate("document.getElementById('thread-scroll').scrollTop = 1e6")
        ),
        True,
    ),
    "source": ("/inbox/all", _then(_row(0), _click("a.msg__original[href$=source]")), True),
    "attached": ("/inbox/all", _then(_row(0), _click("a.attach[href$=message]")), True),
    "composer": (
        "/inbox/all",
        _then(_row(5), _press("r"), lambda page: page.keyboard.type("أهلًا ليلى، وصل طلبك.\nشكرًا.")),
        True,
    ),
    "palette": ("/inbox/all", _press("Control+k"), True),
    "keys": ("/inbox/all", _press("Shift+Slash"), True),
    "begin": ("/inbox/all", _press("c"), True),
    "begin-kept": (
        "/inbox/all",
        _then(
            _press("c"),
            lambda page: page.fill("#begin-subject", "موعد التسليم الجديد"),
            lambda page: page.fill("#begin-text", "أهلًا هند، يصلك الطلب غدًا بين الرابعة والسادسة."),
            lambda page: page.wait_for_selector("#begin-kept .hint"),
        ),
        True,
    ),
    "begin-returned": (
        "/inbox/all",
        _then(
            _press("c"),
            lambda page: page.fill("#begin-to", f"{_GONE}, noura@customers.example"),
            lambda page: page.fill("#begin-subject", "موعد التسليم الجديد"),
            lambda page: page.fill("#begin-text", "أهلًا، يصلك الطلب غدًا بين الرابعة والسادسة."),
            lambda page: page.fill("#begin-reason", "تغيّر موعد الشحنة"),
            _click("#begin-form .btn--primary"),
            lambda page: page.locator("#begin-out [data-code=left_out]").scroll_into_view_if_needed(),
        ),
        True,
    ),
    "forward-returned": (
        "/inbox/all",
        _then(
            _row(0),
            _click("[data-forward]"),
            lambda page: page.fill("#composer [name=to]", _GONE),
            lambda page: page.fill("#composer [name=text]", "للعلم، وصلنا هذا اليوم."),
            lambda page: page.locator("#composer [data-send]").filter(visible=True).first.click(),
            lambda page: page.wait_for_timeout(600),
        ),
        True,
    ),
    "folder-drafts-begun": ("/inbox/drafts", None, True),
    "bell": ("/inbox/all", _click("[data-bell]"), True),
    "nav": ("/inbox/all", _click(".tabbar [data-toggle=nav]"), True),
    "search": ("/search?q=%D8%A7%D9%84%D8%B7%D9%84%D8%A8", None, True),
    "search-none": ("/search?q=tag:%D9%84%D8%A7%D8%B4%D9%8A%D8%A1", None, True),
    "selection": (
        "/inbox/all",
        lambda page: page.evaluate(
            "[...document.querySelectorAll('[data-pick]')].slice(0, 3).forEach(box => box.click())"
        ),
        True,
    ),
    "customers": ("/customers", None, True),
    "customer": ("/customers", lambda page: page.locator("#rows a").first.click(), True),
    "imports": ("/customers/imports", None, True),
    "settings-problems-none": ("/settings/problems/?mailbox=1&before=1", None, True),
    **{
        f"settings-{name}": (f"/settings/{name}/", None, True)
        for name in (
            *(
                "profile",
                "notifications",
                "mailboxes",
                "mailboxes/new",
                "mailboxes/services",
                "team",
                "team/new",
                "teams",
            ),
            *(
                "teams/new",
                "hours",
                "hours/teams/1",
                "called",
                "channels",
                "audit",
                "blocks",
                "topics",
                "demo",
                "problems",
                "health",
            ),
        )
    },
    **{
        f"settings-{name}": (f"/settings/{name}/", None, True)
        for name in ("brands", "brands/new", "widgets", "widgets/new")
    },
    "settings-brand": ("/settings/brands/2/", None, True),
    "settings-widget": ("/settings/widgets/1/", lambda page: page.wait_for_timeout(900), True),
    "settings-widget-chat": (
        "/settings/widgets/1/",
        _then(_click(".preview [value=chat]"), lambda page: page.wait_for_timeout(900)),
        True,
    ),
    "settings-widget-away": (
        "/settings/widgets/1/",
        _then(
            _click(".preview [value=away]"),
            _click(".preview [value=narrow]"),
            lambda page: page.wait_for_timeout(900),
            lambda page: page.locator(".preview").evaluate("e => e.scrollIntoView()"),
        ),
        True,
    ),
    "settings-widget-identity": ("/settings/widgets/1/identity/", _click("main form .btn"), True),
    "settings-widget-rules": ("/settings/widgets/1/rules/", None, True),
    "settings-widget-rules-wrong": (
        "/settings/widgets/1/rules/?start=vip",
        _then(
            lambda page: page.locator("[name=values]").first.fill(" "),
            lambda page: page.fill("#never_on", "checkout"),
            _click(".savebar .btn--primary"),
        ),
        True,
    ),
    "settings-widget-rules-end": (
        "/settings/widgets/1/rules/",
        lambda page: page.locator("#where-head").evaluate("e => e.scrollIntoView()"),
        True,
    ),
    "settings-mailbox-for": (
        "/settings/mailboxes/",
        _then(lambda page: page.locator(".setrow h2 a").last.click(), _click(_FOR), _click("[href$=paying]")),
        True,
    ),
    "settings-form-rules": ("/settings/forms/1/rules/", None, True),
    "settings-channels-check": ("/settings/channels/check/", None, True),
    "settings-channels-check-found": ("/settings/channels/check/?q=%D9%84%D9%8A%D9%84%D9%89", None, True),
    "settings-channels-check-known": (
        "/settings/channels/check/?page=shop.example/products/dallah&at=tomorrow",
        _then(
            lambda page: page.fill("#q", "ليلى"),
            _click("#check-form .btn--primary"),
            _click(".shown__people a"),
            lambda page: page.locator("#shown-head").evaluate("e => e.scrollIntoView()"),
        ),
        True,
    ),
    "form-not-offered": ("/form/photographed?page=https://shop.example/checkout", None, False),
    "settings-channels-behind": ("/settings/channels/behind/first-response/", None, True),
    **{
        f"settings-channels-{part}": ("/settings/channels/", _to(f"#{part}"), True)
        for part in ("readiness", "hours", "questions")
    },
    "setup-channels": ("/setup/channels/?again=1", None, True),
    "setup-channels-advised": ("/setup/channels/", None, True),
    "settings-automatic": ("/settings/mailboxes/", _then(*_AUTOMATIC_PAGE), True),
    "settings-automatic-lately": (
        "/settings/mailboxes/",
        _then(
            *_AUTOMATIC_PAGE,
            lambda page: page.locator("#never-head").scroll_into_view_if_needed(),
            lambda page: page.locator("#never-head").evaluate("e => e.scrollIntoView()"),
        ),
        True,
    ),
    "thread-automatic": (
        "/inbox/all",
        _then(
            _row(0),
            _click(".auto summary"),
            lambda page: page.locator(".auto").evaluate("e => e.scrollIntoView()"),
        ),
        True,
    ),
    "settings-hours-own": (
        "/settings/hours/?at=2027-03-10T10:00",
        _then(
            _click("#own-holidays .choice:last-child"),
            lambda page: page.locator("#own-holidays").evaluate("e => e.scrollIntoView()"),
        ),
        True,
    ),
    "settings-hours-public": (
        "/settings/hours/",
        lambda page: page.locator("#public-head").evaluate("e => e.scrollIntoView()"),
        True,
    ),
    "settings-hours-overlapping": (
        "/settings/hours/",
        _then(
            _click("[data-day='0'] [data-add]"),
            lambda page: page.locator("[data-day='0'] [name=opens-0]").last.fill("10:00"),
            lambda page: page.locator("[data-day='0'] [name=closes-0]").last.fill("02:00"),
            _click(".savebar .btn--primary"),
        ),
        True,
    ),
    "settings-mailbox": ("/settings/mailboxes/1/", None, True),
    "settings-mailbox-addresses": (
        "/settings/mailboxes/1/addresses/",
        _then(
            lambda page: page.fill(
                "#alias-address",
                f"help-{page.evaluate('Date.now()')}@majlis.test",
            ),
            _click("#alias-address + button"),
        ),
        True,
    ),
    "settings-mailbox-http": ("/settings/mailboxes/1/http/", _click("main form .btn--primary"), True),
    "mailbox-sending": (
        "/settings/mailboxes/",
        _then(
            _click("[id^='mailbox-row'] h2 a"),
            _click(".setrow__tabs a[href$='/sending/']"),
        ),
        True,
    ),
    "file-gone": ("/f/none", None, False),
    **{
        f"settings-mailbox-{name}": (
            "/settings/mailboxes/",
            _then(_click(".settings__col h2 a"), _click(f".setrow__tabs a[href$='{name}/']")),
            True,
        )
        for name in ("folders", "ledger")
    },
    "form": ("/form/photographed", None, False),
    "form-wrong": (
        "/form/photographed",
        _then(
            lambda page: page.fill("#f-email", "layla@"),
            lambda page: page.get_by_role("radio").nth(1).check(),
            _click("[data-send]"),
        ),
        False,
    ),
    "form-done": (
        "/form/photographed",
        _then(
            lambda page: page.fill("#f-name", "ليلى"),
            lambda page: page.fill("#f-email", f"layla{page.evaluate('Date.now()')}@customers.example"),
            lambda page: page.fill("#f-order", "#48213"),
            lambda page: page.get_by_role("radio").nth(1).check(),
            lambda page: page.fill("#f-message", "المقاس أصغر مما أريد.\nأيمكن استبداله؟"),
            lambda page: page.wait_for_function("document.querySelector('[name=proof]').value"),
            _click("[data-send]"),
        ),
        False,
    ),
    "form-embedded": ("/form/photographed/embed", None, False),
    "form-off": ("/form/off", None, False),
    "settings-forms": ("/settings/forms/", None, True),
    "settings-form": (
        "/settings/forms/1/",
        lambda page: page.locator("#more-wish > summary").click(),
        True,
    ),
    "settings-form-end": (
        "/settings/forms/1/",
        lambda page: page.locator("#where-head").evaluate("e => e.scrollIntoView()"),
        True,
    ),
    "thread-form": (
        "/inbox/all",
        lambda page: page.locator("#rows a.crow", has_text="إرجاع أو استبدال · 48213").first.click(),
        True,
    ),
    "not-found": ("/nowhere", None, True),
    "offline": ("/offline", None, True),
}


# The newest conversation has its acknowledgement, and the gate of its mailbox decided this and that.
_AUTOMATIC = """
import django;django.setup()
from datetime import timedelta
from django.db import connection, transaction
from django.utils import timezone
from majlis.channels.models import Acknowledgement, AutomaticMail, ReturnedAddress, StoppedAddress
from majlis.channels import greeting
from majlis.conversations.actions.acknowledge import acknowledge
from majlis.conversations.actions.changing import changing
from majlis.conversations.models import Conversation
from majlis.people.models import Mailbox
now = timezone.now()
first = Conversation.objects.filter(shelf="desk").order_by("-last_activity_at", "-pk").first()
with changing(first.pk) as change:
    with connection.cursor() as cursor:
        cursor.execute("select nextval('conversations_entry_id_seq')")
        (entry_id,) = cursor.fetchone()
    text = greeting.filled(greeting.DEFAULTS["ar"], name="هند", team="خدمة العملاء", company="متجر سدرة")
    acknowledge(change, entry_id, to="hind@x.test", from_name="خدمة العملاء", text=text, message_id="", now=now)
for mailbox in Mailbox.objects.all():
    Acknowledgement.objects.create(mailbox=mailbox, is_on=True, text_ar=greeting.DEFAULTS["ar"], text_en=greeting.DEFAULTS["en"])
    for n, (who, kind, refused) in enumerate([("hind.alotaibi@customers.example", "ack", ""), ("newsletter@shop.example", "ack", "automatic"),
            ("omar@customers.example", "ack", "today"), ("salma@majlis.test", "notice", ""), ("robot@tickets.example", "ack", "loop")]):
        AutomaticMail.objects.create(address=who, kind=kind, refused=refused, mailbox=mailbox, conversation_id=first.pk, at=now - timedelta(minutes=9 * (5 - n)))
ReturnedAddress.objects.create(address="gone@customers.example", is_permanent=True, kind="unknown",
    words="550 5.1.1 No such user here", count=2, since=now - timedelta(days=6), last_at=now - timedelta(days=2))
StoppedAddress.objects.create(address="robot@tickets.example", why="loop", at=now - timedelta(minutes=9))
StoppedAddress.objects.create(address="a-very-long-address-of-an-alarm-system@monitoring.some-company.example", why="flood", at=now - timedelta(hours=3))
"""
# A shop asked twice which channel to begin with; two people were there in the mornings of these weeks.
_ADVISED = """
import django;django.setup()
from datetime import timedelta
from uuid import uuid4
from django.utils import timezone
from majlis.channels.actions.advised import keep_advice
from majlis.channels.advising import Answers
from majlis.conversations.models import Attention, Conversation
from majlis.people.models import Teammate
owner, *others = Teammate.objects.filter(is_active=True, role="owner").order_by("pk")
said = dict(sells_to="people", urgency="day", length="short", same_facts="no", closes_by_talking="yes", stage="growing",
    team_size="few", experience="mixed", growth="fast")
keep_advice(owner, Answers(**said))
keep_advice(owner, Answers(**said | {"team_size": "one"}, presale="some", wants_all=True))
here = Conversation.objects.first()
for days in range(1, 28):
    for number, who in enumerate(Teammate.objects.filter(is_active=True)[:2]):
        start = (timezone.now() - timedelta(days=days)).replace(hour=6, minute=10)
        Attention.objects.create(conversation=here, teammate=who, key=uuid4(), started_at=start, ended_at=start + timedelta(hours=(3, 4, 9)[days % 3] - number))
"""

# The company's hours: a split shift, a night that goes on, holidays of its own by both calendars.
_HOURS = """
import django;django.setup()
from majlis.coverage import actions, holidays
from majlis.coverage.hours import Span
from majlis.people.models import Teammate
salma = Teammate.objects.get(email="teammate-1@majlis.test")
split, night = (Span(540, 780), Span(960, 1260)), (Span(840, 1500),)
week = (split, split, split, night, (), (), split)
kept = actions.keep(salma, None, is_on=True, time_zone="Asia/Riyadh", country="SA", week=week)
actions.add_holiday(salma, kept, holidays.Own("آخر رمضان", holidays.HIJRI, 9, 27, days=3, spans=(Span(600, 840),)))
actions.add_holiday(salma, kept, holidays.Own("Stocktaking", holidays.ONCE, 12, 31, year=2026))
"""


# A form for returns, one that is off, and what came by the first.
_FORMS = """
import django;django.setup()
from django.utils import timezone
from majlis.channels.forms.fields import kept
from majlis.channels.forms.models import Form
from majlis.channels.forms.starting import STARTS
from majlis.flow.form_arrival import Filled, take_in
from majlis.people.brands import house
from majlis.people.models import Mailbox
for key, start, is_on in (("photographed", "return", True), ("off", "contact", False)):
    one = STARTS[start]
    Form.objects.create(key=key, name=one.name_ar, brand=house(), mailbox=Mailbox.objects.first(), is_on=is_on,
        title_ar=one.title_ar, title_en=one.title_en, intro_ar=one.intro_ar, intro_en=one.intro_en,
        fields=kept(one.fields), created_at=timezone.now())
take_in(Form.objects.get(key="photographed"), Filled("ليلى القحطاني", "layla.q@customers.example", "ar", "إرجاع أو استبدال · 48213",
    "المقاس أصغر مما أريد.\\nأيمكن استبداله؟", [("رقم الطلب", "#48213"), ("ماذا تريد؟", "استبدال"), ("بماذا نستبدله؟", "XL, dark green"),
    ("هل وصل تالفًا؟", "لا")], [], "https://shop.example/ar/إرجاع", "0" * 64, True), now=timezone.now())
"""
# A second brand, and a chat of the house's own on its site.
_BRANDS = """
import django;django.setup()
from majlis.channels.chat import widgets
from majlis.people import brands as found
from majlis.people.actions import brands
from majlis.people.models import Mailbox, Teammate
owner = Teammate.objects.filter(role="owner").first()
if found.house()._state.adding:
    brands.create(owner, name="متجر سدرة", name_latin="Sidra")
other = brands.create(owner, name="واحة", name_latin="Waha", colour="#8a4f1d", language="en")
mailbox = Mailbox.objects.order_by("pk").first()
widgets.create(owner, brand=found.house(), mailbox=mailbox, name="المتجر", sites=["shop.example", "www.shop.example"])
"""


# To whom, where and when the house's chat is shown, a form is offered, and the last mailbox is there for.
_RULES = """
import django;django.setup()
from majlis.channels.actions.rules import Said, set_rule
from majlis.channels.chat.models import Widget
from majlis.channels.forms.models import Form
from majlis.channels.showing import Ask, Condition
from majlis.people.models import Mailbox, Teammate
owner = Teammate.objects.filter(role="owner").first()
vip, paying = Condition(Ask.ATTRIBUTE_IS, ("yes", "نعم"), "vip"), Condition(Ask.PLAN_IS, ("ذهبية", "Pro"))
set_rule(owner, Widget.objects.first(), Said([vip, paying], "any", ["/products/*"], ["/checkout/*"], "open"))
set_rule(owner, Form.objects.get(key="photographed"), Said(never_on=["/checkout*"]))
set_rule(owner, Mailbox.objects.order_by("-pk").first(), Said([paying], texts={
    "ar": "أهلًا {name}،\\nالدعم بالبريد جزء من الباقة الذهبية. تجدنا في مركز المساعدة.",
    "en": "Hello {name},\\nSupport by mail is part of Pro. You find us in the help centre."}))
"""


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


class _Heard:
    """Says what the browser complains of, and on which screen."""

    where = ""

    def __call__(self, said: ConsoleMessage) -> None:
        if said.type in ("error", "warning"):
            _say(f"{self.where}: {said.type} {said.text} {said.location.get('url', '')}")


def photograph(folder: Path, wanted: set[str], at: Place, *, by_rules: bool) -> None:
    """Take every wanted screen of the desk that runs at `at`, and say what it breaks `by_rules`."""
    at.stage("company")
    signed_in = at.stage("sessions", number=2)
    _say(at.run(*MAJLIS, "demo").strip().splitlines()[-1])
    at.run(
        sys.executable,
        "-c",
        "import django;django.setup();from tests.photographed_mail import arrive;arrive()",
    )
    at.run(
        sys.executable,
        "-c",
        "import django;django.setup();from majlis.people.models import Teammate;"
        "Teammate.objects.filter(email='teammate-1@majlis.test').update(language='en', role='owner')",
    )
    at.run(sys.executable, "-c", _AUTOMATIC)
    at.run(sys.executable, "-c", _BRANDS)
    at.run(sys.executable, "-c", _ADVISED)
    at.run(sys.executable, "-c", _HOURS)
    at.run(sys.executable, "-c", _FORMS)
    at.run(sys.executable, "-c", _RULES)
    keys: Any = signed_in["keys"]
    url = f"http://localhost:{at.config.port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable(), args=["--no-sandbox", "--disable-gpu"]
        )
        for language, colour, width in product(("ar", "en"), ("light", "dark"), HEIGHTS):
            for is_signed_in in (True, False):
                context = browser.new_context(
                    viewport={"width": width, "height": HEIGHTS[width]},
                    color_scheme="dark" if colour == "dark" else "light",
                    locale=language,
                    timezone_id="Asia/Riyadh",
                    reduced_motion="reduce",  # what moves for ever is never done moving
                )
                if is_signed_in:
                    key = keys[0 if language == "ar" else 1]
                    context.add_cookies([{"name": str(signed_in["cookie"]), "value": key, "url": url}])
                page = context.new_page()
                page.set_default_timeout(8000)
                heard = _Heard()
                page.on("console", heard)
                for name, (path, act, has_session) in SCREENS.items():
                    if has_session is not is_signed_in or (wanted and name not in wanted):
                        continue
                    heard.where = file = f"{name.replace('/', '-')}-{language}-{colour}-{width}"
                    try:
                        page.goto(f"{url}{path}" + ("" if is_signed_in else f"?language={language}"))
                        page.wait_for_function(_SETTLED)
                        if act is not None:
                            act(page)
                        page.wait_for_timeout(350)
                        page.wait_for_function(_SETTLED)
                        if too_wide := page.evaluate(_WIDE):
                            _say(f"{file}: beyond the window: {', '.join(too_wide)}")
                        if by_rules and width != 1024:
                            for broken in serious(page, file):
                                _say(broken)
                    except Exception as problem:
                        _say(f"{file}: {str(problem).splitlines()[0]}")
                    page.screenshot(path=folder / f"{file}.png")
                context.close()
        browser.close()


def main() -> None:
    """Start, photograph, stop."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as there, place(Path(there), "photographs") as at:
        at.spawn("majlis run", (*MAJLIS, "run"))
        at.wait(lambda: " is running: " in at.log(), "the start of Majlis", seconds=200)
        words = set(sys.argv[2:])
        photograph(folder, words - {"--rules"}, at, by_rules="--rules" in words)


if __name__ == "__main__":
    main()
