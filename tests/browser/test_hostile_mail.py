"""Mail that means harm, opened in a real browser: nothing runs, nothing leaves, nothing covers the desk."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import ContextFactory
from tests.browser.office import SALMA, Letter, Office
from tests.polling import until

SLOW_MS = 20_000


@dataclass(slots=True)
class Stranger:
    """Somebody's web server: what reaches it, it notes."""

    url: str = ""
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)


@pytest.fixture
def stranger() -> Iterator[Stranger]:
    known = Stranger()

    class Noting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known.asked.append((self.path, dict(self.headers.items())))
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<title>stranger</title>")

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Noting)
    known.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield known
    server.shutdown()
    thread.join()
    server.server_close()


# RUN stands for a script that would leave a mark, WEB for the stranger's address.
RUN = "top.ran=1;window.ran=1;new Image().src='WEB/ran'"
NASTY = {
    "script": f"<p>نص</p><script>{RUN}</script><script src=WEB/x.js></script>",
    "handlers": f'<img src=x onerror="{RUN}"><body onload="{RUN}"><details ontoggle="{RUN}" open><p>نص</p>'
    f'</details><input autofocus onfocus="{RUN}"><p onmouseover="{RUN}" onclick="{RUN}">مرّر هنا</p>',
    "links": f'<p>نص <a href="javascript:{RUN}">1</a> <a href="java&#10;script:{RUN}">2</a>'
    f'<a href="&#1;javascript:{RUN}">3</a> <a href="data:text/html,<script>{RUN}</script>">4</a>'
    f'<a href="vbscript:{RUN}">5</a> <a href=WEB/link target=_top>خارج</a></p>',
    "refresh": f'<meta http-equiv=refresh content="0;url=WEB/refresh"><meta http-equiv=refresh'
    f' content="0;url=javascript:{RUN}"><base href=WEB/base/><p>نص<img src=relative.png></p>',
    "forms": "<form action=WEB/form><input name=q value=1><button autofocus>أرسل</button></form><p>نص</p>"
    "<input type=image src=WEB/input.png form=f><form id=f action=WEB/f></form>",
    "svg": f'<svg onload="{RUN}"><script>{RUN}</script><image href=WEB/svg.png /><animate onbegin="{RUN}"'
    f' attributeName=x dur=1s /><use href=WEB/use.svg#x /></svg><math><mtext><img src=x onerror="{RUN}"></math><p>نص</p>',
    "css": "<style>@import url(WEB/import.css);@import 'WEB/import2.css';body{background:url(WEB/bg.png)}"
    "@font-face{font-family:f;src:url(WEB/f.woff2)}p{font-family:f;list-style:url('WEB/l.png');"
    "background:image-set(url(WEB/set.png) 1x);cursor:url(WEB/c.cur),auto}p::before{content:url(WEB/before.png)}"
    '</style><p style="background:url(WEB/inline.png);border-image:url(WEB/border.png)">نص</p>',
    "images": '<p>نص</p><img src=WEB/pixel.gif><img srcset="WEB/a.png 1x, WEB/b.png 2x"><picture><source'
    " srcset=WEB/source.png><img src=WEB/p.png></picture><table background=WEB/table.png><td>x</table>"
    "<video poster=WEB/poster.png src=WEB/v.mp4 autoplay></video><audio src=WEB/a.mp3 autoplay></audio>",
    "frames": f'<iframe srcdoc="<script>{RUN}</script>"></iframe><iframe src=WEB/frame></iframe><object'
    f' data=WEB/object></object><embed src=WEB/embed><object data="data:text/html,<script>{RUN}</script>"></object><p>نص</p>',
    "breakout": f'<style>p{{color:red}}</style><script>{RUN}</script></style><p>نص</p><style><img src="</style>'
    f"<img src=x onerror='{RUN}'>\"></style><title></title><img src=x onerror={RUN}></title><noscript><p title=\""
    f'</noscript><img src=x onerror={RUN}>"></noscript></body></html><script>{RUN}</script><!--><img src=x onerror={RUN}>-->',
    "overlay": '<div style="position:fixed;inset:0;z-index:99999;width:100vw;height:100vh;background:red">غطاء</div>'
    '<div style="position:absolute;top:-500px;left:-500px;width:9999px;height:200px">بعيد</div><p>نص</p>',
    "growing": '<div style="height:100vh">طويل</div><div style="min-height:calc(100vh + 40px)">أطول</div><p>نص</p>',
    "preload": "<link rel=stylesheet href=WEB/l.css><link rel=preload as=image href=WEB/pre.png><link rel=prefetch"
    " href=WEB/fetch><link rel=dns-prefetch href=//dns.invalid><a ping=WEB/ping href=WEB/link download>رابط</a><p>نص</p>",
    "huge": "<p>نص</p>" + "<table><tr><td>" * 2_000 + "عمق" + "<p>فقرة</p>" * 5_000,
}  # fmt: skip


def receive(office: Office, stranger: Stranger, kinds: list[str]) -> Letter:
    """A conversation of one customer whose every mail means harm."""
    first: Letter | None = None
    for kind in kinds:
        html = NASTY[kind].replace("WEB", stranger.url)
        last = office.write("", subject=kind, html=html, after=first)
        first = first or last
        assert last.number == first.number, kind
    assert first is not None
    return first


def listen(context: BrowserContext, office: Office) -> list[str]:
    """Every address that pages of `context` ask and that is not the desk's."""
    foreign: list[str] = []

    def asked(address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme not in ("data", "blob", "about") and parts.netloc != urlsplit(office.desk.url).netloc:
            foreign.append(address)

    context.on("request", lambda request: asked(request.url))
    return foreign


def unfold(page: Page) -> Locator:
    """Open every message's written form; returns the frames, all of them loaded and fitted."""
    for part in page.locator("details.mailhtml").all():
        if part.get_attribute("open") is None:
            part.locator("summary").click()
    frames = page.locator("iframe.mailframe")
    for frame in frames.all():
        frame.scroll_into_view_if_needed()  # they load when they are looked at
        expect(frame).to_have_attribute("style", re.compile("block-size"), timeout=SLOW_MS)
    return frames


# Asked from the desk's page: to ask inside the frame would itself be a script that runs there.
LOOK = """(frame) => {
    const page = frame.contentDocument, all = [page.body, ...page.body.querySelectorAll('*')];
    return {
        ran: frame.contentWindow.ran !== undefined || window.ran !== undefined,
        strange: all.filter((one) => one.matches('script, iframe, object, embed, form, input, svg, base, meta, link'))
            .length,
        handlers: all.flatMap((one) => one.getAttributeNames()).filter((name) => name.startsWith('on')),
        floating: all.map((one) => frame.contentWindow.getComputedStyle(one).position)
            .filter((position) => !['static', 'relative'].includes(position)),
        links: [...page.querySelectorAll('a[href]')].map((link) => [link.protocol, link.target, link.rel]),
    };
}"""
HARMLESS = {"ran": False, "strange": 0, "handlers": [], "floating": []}


def test_nothing_in_a_mail_runs_or_leaves_and_links_open_apart(
    office: Office, context_factory: ContextFactory, stranger: Stranger
) -> None:
    letter = receive(office, stranger, list(NASTY))
    context = context_factory()
    foreign = listen(context, office)
    page = context.new_page()
    office.sign_in(page, SALMA)
    office.open(page, letter.number)
    frames = unfold(page)
    assert frames.count() == len(NASTY)
    for kind, frame in zip(NASTY, frames.all(), strict=True):
        found = frame.evaluate(LOOK)
        links = found.pop("links")
        assert found == HARMLESS, kind
        assert all(
            protocol == "http:" and target == "_blank" and "noopener" in rel
            for protocol, target, rel in links
        ), kind
    overlay = frames.nth(list(NASTY).index("overlay"))
    assert overlay.evaluate("(frame) => frame.offsetWidth <= frame.closest('#thread').offsetWidth")
    page.frame_locator("iframe.mailframe").nth(1).get_by_text("مرّر هنا").click()
    assert page.evaluate("window.ran === undefined")
    assert urlsplit(page.url).path == f"/conversations/{letter.number}"
    # The composer is neither covered nor pushed away.
    page.fill("#composer [name=text]", "ما زلنا هنا")
    page.click("[data-mode-button=note]")
    assert page.evaluate("document.scrollingElement.scrollWidth <= document.scrollingElement.clientWidth")
    assert foreign == []
    assert stranger.asked == []

    with context.expect_page() as opened:
        page.frame_locator("iframe.mailframe").nth(2).get_by_text("خارج").click()
    opened.value.wait_for_load_state()
    assert opened.value.evaluate("window.opener === null")
    assert page.evaluate("document.title") != "stranger"
    ((path, headers), *_) = stranger.asked
    assert path == "/link"
    assert "Referer" not in headers


def test_a_mail_that_asks_for_the_height_of_its_window_comes_to_rest(
    office: Office, context_factory: ContextFactory, stranger: Stranger
) -> None:
    letter = receive(office, stranger, ["growing"])
    page = context_factory().new_page()
    office.sign_in(page, SALMA)
    office.open(page, letter.number)
    unfold(page)
    # Sixty frames of the screen in which nothing grows.
    still = """(frame) => new Promise((done) => {
        let last = frame.offsetHeight, frames = 0;
        const look = () => {
            if (frame.offsetHeight !== last) return done(false);
            (frames += 1) < 60 ? requestAnimationFrame(look) : done(true);
        };
        requestAnimationFrame(look);
    })"""
    frame = page.locator("iframe.mailframe")
    until(lambda: frame.evaluate(still), "a frame at rest", timeout=15)
    assert frame.evaluate("(frame) => frame.offsetHeight") < 5_000


def test_a_mails_frame_opened_as_a_page_of_its_own_is_as_harmless(
    office: Office,
    context_factory: ContextFactory,
    stranger: Stranger,
    expected_complaints: list[str],
) -> None:
    expected_complaints.append("/favicon.ico")  # a browser asks for it on a page of its own
    letter = receive(office, stranger, ["script", "handlers", "refresh", "breakout", "css", "frames"])
    context = context_factory()
    foreign = listen(context, office)
    page = context.new_page()
    office.sign_in(page, SALMA)
    find = "select id from conversations_entry where conversation_id = %s order by seq"
    for (entry,) in office.sql(find, letter.number):
        address = f"{office.desk.url}/entries/{entry}/html"
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "sandbox" in policy
        assert "allow-scripts" not in policy
        expect(page.locator("body")).to_contain_text("نص")
        assert page.evaluate("window.ran === undefined")
        assert page.url == address
    assert foreign == []
    assert stranger.asked == []


def test_remote_images_come_only_when_asked_for_and_only_through_the_desk(
    office: Office,
    context_factory: ContextFactory,
    stranger: Stranger,
    expected_complaints: list[str],
) -> None:
    expected_complaints.append("/images/")
    letter = receive(office, stranger, ["images"])
    context = context_factory()
    foreign = listen(context, office)
    page = context.new_page()
    images: list[tuple[str, int]] = []
    page.on(
        "response",
        lambda answer: (
            images.append((urlsplit(answer.url).path, answer.status)) if "/images/" in answer.url else None
        ),
    )
    office.sign_in(page, SALMA)
    office.open(page, letter.number)
    unfold(page)
    assert images == []
    with page.expect_response("**/images/**"):
        page.click(".mailhtml__images a")
    until(lambda: page.title() and len(images) >= 4, "the images asked of the desk", timeout=20)
    # The stranger stands inside the desk's own network: the desk does not go there either.
    assert {status for _, status in images} == {404}
    assert foreign == []
    assert stranger.asked == []
    assert urlsplit(page.url).path == f"/conversations/{letter.number}"


def test_files_that_could_run_are_downloaded_and_never_shown(
    office: Office, context_factory: ContextFactory, stranger: Stranger
) -> None:
    run = RUN.replace("WEB", stranger.url)
    page_file = f"<script>{run}</script>".encode()
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" onload="{run}"><script>{run}</script></svg>'.encode()
    files = [
        ("صفحة.html", "text/html", page_file),
        ("رسم.svg", "image/svg+xml", drawing),
        ("كاذب.png", "image/png", page_file),
    ]
    letter = office.write("مرفقات", subject="مرفقات خطرة", files=files)
    page = context_factory().new_page()
    office.sign_in(page, SALMA)
    office.open(page, letter.number)
    for index, (name, _, content) in enumerate(files):
        link = page.locator("#entries .attach").nth(index)
        with page.expect_download() as clicked:
            link.click()
        assert clicked.value.suggested_filename == name
        assert clicked.value.path().read_bytes() == content
        address = f"{office.desk.url}{link.get_attribute('href')}?inline=1"
        with page.expect_download() as typed:
            page.evaluate("(address) => { location.href = address }", address)
        assert typed.value.suggested_filename == name
        answer = page.request.get(address)
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-disposition"].startswith("attachment")
    assert page.evaluate("window.ran === undefined")
    assert stranger.asked == []
