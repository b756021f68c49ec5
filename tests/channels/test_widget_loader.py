"""The script a site's tag loads."""

from __future__ import annotations

import gzip

import orjson
from django.utils.translation import override

from majlis.channels.chat.loading import loader
from majlis.channels.chat.words import first_words, words


def test_the_loader_carries_its_settings_and_none_of_its_comments() -> None:
    config = {"key": "k", "name": "سِدرة </script> \u2028 __MAJLIS__ \\1", "offset": 24}

    script = loader(config)

    before, _, settings = script.partition(b'})({"key"')
    assert before.startswith(b"(function(C){")
    assert b"// " not in before
    assert orjson.loads(b'{"key"' + settings.removesuffix(b");")) == config
    assert "\u2028".encode() not in script


def test_a_loader_with_its_words_weighs_less_than_four_kilobytes() -> None:
    said = {}
    for language in ("ar", "en"):
        with override(language):
            said[language] = first_words()
            assert len(words()) > len(first_words())

    script = loader({"key": "k" * 16, "base": "https://desk.example.com", "words": said})

    assert said["ar"]["close"] != said["en"]["close"]
    assert len(gzip.compress(script)) < 4_000
