"""The desk as an app: installed, pushed to, and without a network.

A real subscription needs the push service of the browser's maker, and this Chromium has neither that nor a place to show
notifications: both ends are stood in for, what lies between them is the real thing. That a push service's request can
be opened with a browser's keys is shown in tests/channels/test_push.py.
"""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import BrowserContext, CDPSession, Page, Worker, expect

from tests.browser.cable import Cable
from tests.browser.conftest import ContextFactory
from tests.browser.office import BADR, SALMA, Office
from tests.polling import until

SLOW_MS = 20_000
# What the browser's maker would do: a subscription that is kept, and a permission that is asked for.
_MAKER = """
const point = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0));
PushManager.prototype.getSubscription = async () => {
  const key = localStorage.subscribed;
  const endpoint = 'https://push.example.invalid/salma';
  return !key ? null : {
    endpoint, options: { applicationServerKey: point(key).buffer }, unsubscribe: async () => delete localStorage.subscribed,
    toJSON: () => ({ endpoint, keys: { p256dh: key, auth: 'BTBZMqHH6r4Tts7J_aSIgg' } }),
  };
};
PushManager.prototype.subscribe = async function ({ applicationServerKey }) {
  localStorage.subscribed = applicationServerKey;
  return this.getSubscription();
};
Object.defineProperty(Notification, 'permission', { get: () => localStorage.permission ?? 'default' });
Notification.requestPermission = async () => (localStorage.permission ??= 'granted');
"""


_TELL = """insert into people_notification (teammate_id, kind, event_id, conversation_id, mailbox_id, at, push_at)
    select %s, 'mentioned', id, conversation_id, mailbox_id, now(), now() from journal_event
    where conversation_id = %s and kind = 'customer.wrote'
    on conflict (teammate_id, event_id) do update set push_at = now() returning id"""


def worker_of(context: BrowserContext, page: Page) -> Worker:
    """The service worker, once it has the page."""
    until(
        lambda: page.evaluate("Boolean(navigator.serviceWorker.controller)"),
        "a worker that controls the page",
    )
    return next(one for one in context.service_workers if one.url.endswith("/sw.js"))


def registration_of(session: CDPSession) -> str:
    """What Chromium calls the worker's registration."""
    found: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(one["registrationId"] for one in event["registrations"]),
    )
    session.send("ServiceWorker.enable")
    return until(lambda: session.send("Browser.getVersion") and found, "the registration")[0]


def test_the_desk_is_an_app_that_is_pushed_to_and_says_when_there_is_no_network(
    office: Office, cable: Cable, context_factory: ContextFactory, expected_complaints: list[str]
) -> None:
    letter = office.write("متى يصل طلبي؟", subject="سؤال من الهاتف")
    context = context_factory()
    context.add_init_script(_MAKER)
    page = context.new_page()
    office.sign_in(page, SALMA, url=cable.url)
    worker = worker_of(context, page)
    session = context.new_cdp_session(page)

    manifest = session.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert json.loads(manifest["data"])["name"] == "متجر سدرة · الدعم"
    assert session.send("Page.getInstallabilityErrors")["installabilityErrors"] == []

    worker.evaluate(
        """() => { self.shown = []; registration.showNotification = async (title, options) => {
            shown.push({ title, ...options }); }; }"""
    )
    registration, path = registration_of(session), f"/conversations/{letter.number}#entry-1"
    told = {
        "title": "رسالة جديدة",
        "text": "متى يصل طلبي؟",
        "path": path,
        "tag": "c1",
        "lang": "ar",
        "dir": "rtl",
    }

    def push(said: dict[str, Any]) -> None:
        session.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": cable.url, "registrationId": registration, "data": json.dumps(said)},
        )

    page.evaluate(
        "navigator.serviceWorker.addEventListener('message', ({ data }) => (window.heard = data.path))"
    )
    push(told)
    until(lambda: page.evaluate("window.heard") == path, "the page to hear of it")
    assert worker.evaluate("shown") == []  # whoever looks at the desk is told by the page

    session.send("Emulation.setFocusEmulationEnabled", {"enabled": False})
    page.evaluate("window.blur()")
    push({**told, "test": True})
    (shown,) = until(lambda: worker.evaluate("shown"), "the notification")
    assert (shown["title"], shown["body"], shown["dir"], shown["tag"]) == (
        "رسالة جديدة",
        "متى يصل طلبي؟",
        "rtl",
        "c1",
    )
    assert shown["renotify"] is True
    worker.evaluate(
        """(path) => { const event = new ExtendableEvent('notificationclick');
            event.notification = { data: { path }, close() {} }; self.dispatchEvent(event); }""",
        path,
    )
    page.wait_for_url(f"**{path}", timeout=SLOW_MS)
    expect(page.locator("#entries .msg")).to_contain_text("متى يصل طلبي؟", timeout=SLOW_MS)

    expected_complaints += ["net::ERR_"]
    cable.tear()
    page.goto(f"{cable.url}/conversations/{letter.number}")
    expect(page.locator("main")).to_contain_text("لا اتصال بالشبكة")
    expect(page.locator("main")).to_contain_text("No connection")
    assert "متى يصل" not in page.content()
    kept = worker.evaluate(
        "caches.keys().then((names) => caches.open(names[0])).then((one) => one.keys()).then((all) => all.map(({ url }) => new URL(url).pathname))"
    )
    assert {"/offline"} == {one for one in kept if not one.startswith("/static/")}
    cable.mend()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("#entries .msg")).to_contain_text("متى يصل طلبي؟", timeout=SLOW_MS)


def test_a_browser_is_turned_on_tested_and_forgotten_at_signing_out(
    office: Office, context_factory: ContextFactory, expected_complaints: list[str]
) -> None:
    expected_complaints += ["status of 422", "status of 401"]  # the page may ask on while its session ends
    context = context_factory()
    context.add_init_script(_MAKER)
    page = context.new_page()
    office.sign_in(page, BADR)
    page.goto(f"{office.desk.url}/settings/notifications/")
    part = page.locator("#push")

    def standing() -> list[tuple[Any, ...]]:
        return office.sql(
            "select endpoint, session_id is not null from people_pushsubscription where teammate_id = %s",
            office.people[BADR],
        )

    part.get_by_text("فعّل الإشعارات").click()
    expect(part).to_have_attribute("data-state", "on", timeout=SLOW_MS)
    assert standing() == [("https://push.example.invalid/salma", True)]
    part.get_by_text("أرسل تجربة").click()  # there is no such push service
    expect(part.get_by_role("alert")).to_contain_text("لم تقبلها خدمة الإشعارات", timeout=SLOW_MS)

    letter = office.write("أين طلبي؟", subject="سؤال لبدر")
    office.sql(_TELL, office.people[BADR], letter.number)
    office.sql("select pg_notify('majlis_work', 'notices')")
    until(lambda: office.sql("select from people_pushsubscription where failures = 1"), "the worker's push")

    part.get_by_text("أوقفها").click()
    expect(part).to_have_attribute("data-state", "off", timeout=SLOW_MS)
    assert standing() == []
    part.get_by_text("فعّل الإشعارات").click()
    expect(part).to_have_attribute("data-state", "on", timeout=SLOW_MS)

    page.click(".nav__me")
    page.get_by_role("button", name="تسجيل الخروج").click()
    page.wait_for_url("**/accounts/login/**", timeout=SLOW_MS)
    assert standing() == []
    assert page.evaluate("localStorage.subscribed") is None

    page.evaluate("localStorage.permission = 'denied'")
    office.sign_in(page, BADR)
    page.goto(f"{office.desk.url}/settings/notifications/")
    expect(part).to_have_attribute("data-state", "denied", timeout=SLOW_MS)
    expect(part).to_contain_text("طُلب من هذا المتصفح")
