"""The addresses a widget asks at; that of its live stream is the gateway's."""

from __future__ import annotations

from django.urls import path

from . import serving, views

urlpatterns = [
    path("file/<str:part>", serving.file, name="chat_file"),
    path("<slug:key>.js", serving.loader, name="chat_loader"),
    path("<slug:key>/here", views.here, name="chat_here"),
    path("<slug:key>/open", views.opened, name="chat_open"),
    path("<slug:key>/say", views.said, name="chat_say"),
    path("<slug:key>/upload", views.uploaded, name="chat_upload"),
    path("<slug:key>/since", views.since, name="chat_since"),
    path("<slug:key>/read", views.read, name="chat_read"),
    path("<slug:key>/typing", views.typing, name="chat_typing"),
    path("<slug:key>/address", views.address, name="chat_address"),
    path("<slug:key>/end", views.ended, name="chat_end"),
]
