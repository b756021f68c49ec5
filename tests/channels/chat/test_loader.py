"""The script a site's page loads: packed as small as it gets, and not sent again to who has it."""

from __future__ import annotations

import gzip

import pytest
from django.test import Client

from tests.channels.chat import shop

pytestmark = pytest.mark.django_db


def test_it_is_packed_the_same_way_each_time_and_not_sent_to_who_has_it():
    address = f"/chat/{shop.widget().key}.js"
    plain = Client().get(address)
    packed = Client().get(address, HTTP_ACCEPT_ENCODING="gzip, deflate, br")

    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert packed.content == Client().get(address, HTTP_ACCEPT_ENCODING="gzip").content
    assert int(packed["Content-Length"]) == len(packed.content) < 4_000
    assert "Accept-Encoding" in packed["Vary"]
    for had in (plain, packed):
        again = Client().get(address, HTTP_ACCEPT_ENCODING="gzip", HTTP_IF_NONE_MATCH=had["ETag"])
        assert (again.status_code, again.content) == (304, b"")


def test_its_button_is_called_as_the_team_and_the_brand_are_in_both_languages():
    widget = shop.widget(of=shop.brand("سدرة", name_latin="Sidra"))
    script = Client().get(f"/chat/{widget.key}.js").content.decode()

    assert '"name":{"ar":"الدعم · سدرة","en":"Support · Sidra"}' in script
    assert '"open":"افتح المحادثة مع {name}"' in script
