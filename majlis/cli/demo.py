"""`majlis demo`: the made-up shop from the command line; and what the worker does when the button was pressed."""

from __future__ import annotations

import subprocess
import sys
import threading

from majlis.cli.errors import CommandError
from majlis.cli.progress import Progress, counted

_WORDS = {
    "no_owner": "There is no owner yet: open the first visit's link (majlis manage first_run_link), then come back.",
    "demo_there": "The demo shop is here already. `majlis demo --remove` takes it away.",
    "demo_missing": "There is no demo shop here.",
    "demo_busy": "The demo shop is being made or removed at this moment. Wait until that is done.",
}


class DemoError(CommandError):
    """It was not made, or not removed."""


def main(*, is_removal: bool, number: int, seed: int) -> int:
    """Make the shop with so many conversations, or take it away; what was done, on standard output."""
    import django

    django.setup()
    from majlis.demo.making import make
    from majlis.demo.removing import remove
    from majlis.lib.errors import Refused

    shown = Progress("demo")

    def show(done: int, whole: int) -> None:
        shown.show(f"{bar(done, whole)} {done} of {whole} steps")

    try:
        done = remove() if is_removal else make(number=number, seed=seed, progress=show)
    except Refused as refused:
        raise DemoError(_WORDS.get(refused.code, refused.code)) from refused
    finally:
        shown.end()
    what = f"{counted(done.conversations, 'conversation')} of {counted(done.customers, 'customer')}"
    if is_removal:
        print(f"Removed the demo shop: {what}, with its mailboxes, people and files.")
    else:
        print(f"Made the demo shop: {what}. Nothing of it is ever sent.")
        print("`majlis demo --remove` takes it away and nothing else.")
    return 0


def bar(done: int, whole: int, *, width: int = 24) -> str:
    """How far it is, drawn."""
    full = width * done // max(whole, 1)
    return f"[{'█' * full}{'·' * (width - full)}]"


def carry_out(stop: threading.Event) -> None:
    """Do what the button asked for, in a process of its own, which is ended when `stop` is set.

    What was asked for stands in a row until it is done: after a restart it is begun anew, since a half is never kept.
    """
    from majlis.people.actions import demo

    if not demo.is_asked():
        return
    command = [sys.executable, "-m", "majlis.demo"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, text=True) as child:
        threading.Thread(target=_end_with, args=(stop, child), name="demo-end", daemon=True).start()
        assert child.stdout is not None
        assert child.stderr is not None
        for line in child.stdout:
            done, _, whole = line.partition(" ")
            demo.progress(int(done), int(whole))
        complaint = child.stderr.read().strip()
        status = child.wait()
    if status > 0:
        demo.fail(complaint.splitlines()[-1] if complaint else str(status))


def _end_with(stop: threading.Event, child: subprocess.Popen[str]) -> None:
    while child.poll() is None:
        if stop.wait(0.2):
            child.terminate()
            return
