"""Pages that are read when they are asked for are all there."""

from __future__ import annotations

from importlib import import_module

from majlis.desk import settings_urls, setup_urls
from majlis.desk.later import Later


def test_every_view_that_is_named_in_the_addresses_stands_in_its_module() -> None:
    patterns = [*settings_urls.urlpatterns, *setup_urls.urlpatterns]
    named = {(one.callback.__module__, one.callback.__name__) for one in patterns}
    assert len(named) > 50
    assert [(module, name) for module, name in named if not hasattr(import_module(module), name)] == []


def test_a_view_says_whether_it_is_for_whoever_asks_before_it_is_read() -> None:
    assert getattr(Later("majlis.desk.joining", is_open=True).invitation, "is_public", False)
    assert not hasattr(Later("majlis.desk.settings_pages.team").team, "is_public")
