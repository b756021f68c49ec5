"""Views that are read when somebody first asks for one: most processes serve no page of the settings or the first run."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from majlis.desk.middleware import public

View = Callable[..., HttpResponseBase]


class Later:
    """The views of `module`, each under its name; with `is_open` they are for whoever asks (`middleware.public`).

    Other marks on a view are not seen before it is read.
    """

    def __init__(self, module: str, *, is_open: bool = False) -> None:
        self._module, self._is_open = module, is_open

    def __getattr__(self, name: str) -> View:
        module = self._module

        def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            found: View = getattr(import_module(module), name)
            return found(request, *args, **kwargs)

        view.__module__, view.__name__, view.__qualname__ = module, name, name
        return public(view) if self._is_open else view
