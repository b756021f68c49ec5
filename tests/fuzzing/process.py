"""Run as a process: tries one target on bytes that coverage leads to, and keeps what breaks a promise.

python -m tests.fuzzing.process TARGET SECONDS FOLDER

FOLDER/seeds begins with the target's own and grows; FOLDER/findings holds one file for each way of breaking, with the
traceback beside it; a hang or too much memory ends the process, and its bytes are kept there too.
"""

from __future__ import annotations

import hashlib
import os
import resource
import sys
import traceback
from pathlib import Path

_MEMORY_MIB = 2048
_HANGS_AFTER_SECONDS = 60
_WORDS = (
    "Content-Type: ", "multipart/mixed; boundary=", "text/html; charset=", "windows-1256", "utf-8", "base64",
    "Content-Transfer-Encoding: ", "quoted-printable", "=?utf-8?B?", "=?windows-1256?Q?", "?=", "format=flowed",
    "delsp=yes", "filename*0*=", "name=", "message/rfc822", "message/delivery-status", "Final-Recipient: rfc822;",
    "Action: failed", "Status: 5.1.1", "begin 644 ", "winmail.dat", "application/ms-tnef", "BEGIN:VCALENDAR",
    "-----BEGIN PGP ", "<style>", "</style>", "<blockquote type=cite>", "<div class=gmail_quote>", "<!--", "<![CDATA[",
    "<svg>", "<math>", "&#", "&lt;", "url(", "@import", "position:fixed", "wrote:", "كتب", "-- ",
    "> ", "From: ", "Sent: ", "250-", "354 ", "421 ", "+OK ", "-ERR ", "* SEARCH ", "FETCH (UID ", "{10}", "BODY[] ",
)  # fmt: skip


def main() -> None:
    """Begin, and never come back: libFuzzer ends the process when its time is over."""
    name, seconds, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    import atheris  # type: ignore[import-untyped]

    with atheris.instrument_imports(include=["majlis.channels.email", "majlis.lib", "majlis.intake"]):
        import django

        django.setup()
        from tests.fuzzing import targets
    target = targets.TARGETS[name]
    seeds, findings = folder / "seeds", folder / "findings"
    for place in (seeds, findings):
        place.mkdir(parents=True, exist_ok=True)
    for seed in target.seeds():
        (seeds / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
    (folder / "words").write_text("".join(f'"{_escaped(word)}"\n' for word in _WORDS))

    def one(data: bytes) -> None:
        try:
            targets.attempt(target, data)
        except Exception as error:  # kept, and on with it: one finding hides no other
            _keep(findings, data, error)

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (2 * _MEMORY_MIB * 1024**2,) * 2)
    options = [
        f"-max_total_time={seconds}", f"-timeout={_HANGS_AFTER_SECONDS}", f"-rss_limit_mb={_MEMORY_MIB}",
        f"-max_len={target.largest}", f"-artifact_prefix={findings}/", f"-dict={folder / 'words'}",
        f"-seed={os.environ.get('MAJLIS_TEST_SEED', '0')}", "-print_final_stats=1", "-verbosity=1",
    ]  # fmt: skip
    atheris.Setup([sys.argv[0], *options, str(seeds)], one)
    atheris.Fuzz()


def _keep(findings: Path, data: bytes, error: Exception) -> None:
    """One file for each place in the code: the shortest bytes that came there."""
    told = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in told if "/majlis/" in frame.filename or "/fuzzing/" in frame.filename] or told
    last = ours[-1]
    name = f"{type(error).__name__}-{Path(last.filename).stem}-{last.lineno}"
    kept = findings / name
    if kept.exists() and kept.stat().st_size <= len(data):
        return
    kept.write_bytes(data)
    kept.with_suffix(".txt").write_text("".join(traceback.format_exception(error))[-6000:], errors="replace")


def _escaped(word: str) -> str:
    return "".join(
        chr(one) if 32 <= one < 127 and chr(one) not in '"\\' else f"\\x{one:02x}" for one in word.encode()
    )


if __name__ == "__main__":
    main()
