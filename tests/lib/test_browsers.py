"""A browser is told by the words it says of itself."""

from __future__ import annotations

import pytest

from majlis.lib.browsers import recognised

MOZILLA = "Mozilla/5.0"


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        (f"{MOZILLA} (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", ("Firefox", "Linux")),
        (
            f"{MOZILLA} (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            ("Edge", "Windows"),
        ),
        (
            f"{MOZILLA} (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
            ("Chrome", "Android"),
        ),
        (f"{MOZILLA} (iPhone; CPU iPhone OS 18_0) Version/18.0 Mobile Safari/604.1", ("Safari", "iPhone")),
        (f"{MOZILLA} (Macintosh; Intel Mac OS X 14) Version/18.0 Safari/605.1.15", ("Safari", "macOS")),
        (
            f"{MOZILLA} (Linux; Android 14) SamsungBrowser/27 Chrome/125 Safari/537",
            ("Samsung Internet", "Android"),
        ),
        ("curl/8.5.0", ("", "")),
        ("", ("", "")),
    ],
)
def test_browser_and_system(agent: str, expected: tuple[str, str]):
    assert recognised(agent) == expected
