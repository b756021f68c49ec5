"""The benchmarks say their figures line by line, and leave nothing running or lying about."""

from __future__ import annotations

import json

import pytest

from majlis.cli import processes

from .conftest import Installation

FIGURES = {
    "ingest": ["ingest.cpu_ms", "ingest.per_second"],
    "inbox": ["inbox.vs_starlette", "inbox.growth"],
    "post": ["post.cpu_ms", "post.vs_limit"],
    "weight": ["weight.first_kb", "weight.turn_kb"],
    "live": ["live.p50_ms", "live.p99_ms"],
    "memory": ["memory.pss_mib"],
    "widget": ["widget.loader_kb", "widget.rest_kb"],
    "connections": [
        "connections.kb",
        "connections.one_p50_ms",
        "connections.fifty_p50_ms",
        "connections.lost",
    ],
    "kill": ["kill.lost", "kill.doubled", "kill.sent_twice"],
}


# One tells whether they work at all; those that start more processes belong to the long tests.
LONG = ("ingest", "inbox", "post", "live", "memory", "widget", "connections", "kill")


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.soak) if name in LONG else name for name in FIGURES]
)
def test_each_says_its_figures_as_json_lines_and_cleans_up(name: str, new_installation: Installation) -> None:
    new_installation.data.mkdir(mode=0o711)

    told = new_installation.majlis("bench", name, "--json", "--size", "0.001", within=240)

    assert told.returncode == 0, told.stderr
    figures = [json.loads(line) for line in told.stdout.splitlines()]
    assert [figure["name"] for figure in figures] == FIGURES[name]
    for figure in figures:
        assert set(figure) == {"name", "value", "unit", "goal", "better", "against", "noisy"}
        # Twenty streams find room in what the process has anyway.
        assert figure["value"] > 0 or figure["goal"] == 0 or figure["name"] == "connections.kb"
        assert figure["better"] in ("lower", "higher")
        assert isinstance(figure["noisy"], bool)
    assert list((new_installation.data / "bench").glob("*")) == []
    mine = str(new_installation.data)
    assert [process.command for process in processes.everybody() if mine in process.command] == []


def test_a_name_it_does_not_know_is_refused_with_those_it_knows(new_installation: Installation) -> None:
    told = new_installation.majlis("bench", "speed")

    assert told.returncode == 2
    assert "ingest" in told.stderr
