"""Bytes that coverage leads to, for ten minutes: reading, folding and cleaning keep their promises."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.fuzzing.targets import TARGETS

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 600
_STARTS_WITHIN_SECONDS = 180


@pytest.mark.soak
@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.skipif(find_spec("atheris") is None, reason="atheris has no wheel for this Python")
def test_no_bytes_break_a_promise(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each target in a process of its own, for its share of ten minutes.

    MAJLIS_TEST_FUZZ_SECONDS: how long all targets take together. MAJLIS_TEST_FUZZ_FOLDER: where the bytes that led on
    are kept, so that the next run begins there, and those that broke something (else a new folder under /tmp).
    MAJLIS_TEST_SEED: of the random choices. A hang of a minute or more than 2 GiB is a finding too.
    """
    together = float(os.environ.get("MAJLIS_TEST_FUZZ_SECONDS") or SECONDS)
    seconds = max(1, round(together * TARGETS[name].share / sum(target.share for target in TARGETS.values())))
    given = os.environ.get("MAJLIS_TEST_FUZZ_FOLDER")
    folder = (Path(given) if given else Path(tempfile.mkdtemp(prefix="majlis-fuzz-"))) / name
    folder.mkdir(parents=True, exist_ok=True)

    status, said = _run(name, seconds, folder)

    findings = sorted(path for path in (folder / "findings").glob("*") if path.suffix != ".txt")
    runs = re.search(r"stat::number_of_executed_units: (\d+)", said)
    with capsys.disabled():
        sys.stdout.write(
            f"\n{name}: {runs[1] if runs else '?'} runs in {seconds} s, {len(findings)} findings\n"
        )
    assert not findings, f"{findings}\n{said[-3000:]}"
    assert status == 0, said[-3000:]
    assert runs is not None, said[-3000:]


def _run(name: str, seconds: int, folder: Path) -> tuple[int, str]:
    """The process's end and what it said; one that goes on for too long is killed with all that it began."""
    kept = {
        word: value for word, value in os.environ.items() if not word.startswith("MAJLIS_") or "TEST" in word
    }
    settings = {
        "PYTHONPATH": str(ROOT),
        "MAJLIS_DATA": "/nonexistent",
        "MAJLIS_SECRET_KEY": "only for reading, and for nothing else at all",
        "DJANGO_SETTINGS_MODULE": "majlis.settings",
    }
    with subprocess.Popen(
        [sys.executable, "-m", "tests.fuzzing.process", name, str(seconds), str(folder)],
        cwd=ROOT,
        env={**kept, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as process:
        try:
            said, _ = process.communicate(timeout=seconds + _STARTS_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            said, _ = process.communicate()
            return -signal.SIGKILL, f"{said.decode(errors='replace')}\nkilled: it did not end"
        return process.returncode, said.decode(errors="replace")
