"""What breaks the rules of accessible pages in a serious way, by axe-core."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def serious(page: Page, where: str) -> list[str]:
    """What axe-core calls serious or critical: the rule, and the elements that break it."""
    # The fade of a menu that opens is not its colour.
    page.evaluate(
        "() => Promise.all(document.getAnimations().map((running) => running.finished.catch(() => 0)))"
    )
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{where}: {rule['id']} {[(node['target'], node['failureSummary']) for node in rule['nodes'][:4]]}"
        for rule in found
        if rule["impact"] in {"serious", "critical"}
    ]
