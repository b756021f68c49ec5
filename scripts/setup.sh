#!/usr/bin/env bash
# Makes .venv what the lock file says (--dev: with the tools for checks), and does nothing when it already is.
# uv is used where it is installed, never required. The project is not built: a path file makes it importable from
# anywhere and .venv/bin/majlis starts it.
set -euo pipefail
cd "$(dirname "$0")/.."

lock=requirements.txt
kind=runtime
if [ "${1:-}" = --dev ]; then
  lock=requirements-dev.txt
  kind=dev
fi
root=$PWD
venv=$root/.venv
stamps=$venv/majlis-setup

fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

digest() { "$venv/bin/python" -c 'import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest())' "$1"; }

choose_python() {
  local asked=${PYTHON:-python3} name
  for name in "$asked" python3.11 python3.12 python3.13 python3.14; do
    if command -v "$name" >/dev/null && new_enough "$name"; then
      python=$name
      return
    fi
  done
  command -v "$asked" >/dev/null || fail "Majlis needs Python 3.11 or newer, and there is no $asked here."
  fail "Majlis needs Python 3.11 or newer; $asked is $("$asked" -c 'import platform; print(platform.python_version())')." \
    "Name another one with: make PYTHON=/path/to/python3.11 …"
}

make_environment() {
  choose_python
  if command -v uv >/dev/null; then
    uv venv --quiet --python "$(command -v "$python")" "$venv"
    return
  fi
  if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    if command -v apt-get >/dev/null; then
      local package
      package=$("$python" -c 'import sys; print("python3.%d-venv" % sys.version_info[1])')
      local sudo="sudo "
      [ "$(id -u)" = 0 ] && sudo=
      fail "Python's venv module is missing. Install it with:" "  ${sudo}apt-get install --yes $package"
    fi
    fail "Python's venv module is missing from $python; install it, then run this again."
  fi
  "$python" -m venv "$venv"
}

install_packages() {
  if command -v uv >/dev/null; then
    VIRTUAL_ENV=$venv uv pip install --quiet --require-hashes -r "$lock"
    return
  fi
  "$venv/bin/python" -m pip --version >/dev/null 2>&1 || "$venv/bin/python" -m ensurepip --upgrade >/dev/null
  "$venv/bin/python" -m pip install --quiet --no-input --disable-pip-version-check --require-hashes -r "$lock"
}

link_project() {
  "$venv/bin/python" - "$root" <<'PYTHON'
import sys
import sysconfig
from pathlib import Path

root, scripts = sys.argv[1], Path(sysconfig.get_path("scripts"))
(Path(sysconfig.get_path("purelib")) / "majlis.pth").write_text(root + "\n", encoding="utf-8")
command = scripts / "majlis"
# The shell starts this file and hands it to Python: a first line may hold neither blanks nor a long path.
command.write_text(
    f"""#!/bin/sh
'''exec' "{scripts / "python"}" "$0" "$@"
' '''
import sys

from majlis.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
""",
    encoding="utf-8",
)
command.chmod(0o755)
PYTHON
}

# One set-up at a time in this folder; on systems without flock the second one waits for nobody.
exec 9<"$root/scripts/setup.sh"
if command -v flock >/dev/null; then flock 9; fi

# A set-up that was cut short, a Python that went away or a folder that was moved: begin anew.
if [ -e "$stamps/unfinished" ] || ! new_enough "$venv/bin/python" || [ "$(cat "$stamps/root" 2>/dev/null || echo "$root")" != "$root" ]; then
  rm -rf "$venv"
fi
if [ ! -e "$venv" ]; then
  make_environment
fi
mkdir -p "$stamps"

wanted=$(digest "$lock")
if [ "$(cat "$stamps/$kind" 2>/dev/null)" != "$wanted" ]; then
  echo "Setting up .venv from $lock …"
  touch "$stamps/unfinished"
  install_packages
  link_project
  # Where Python may not keep its bytecode, every start would compile Django anew: seconds instead of one. Commands
  # run as they are (0), what `majlis run` starts runs without docstrings (2).
  "$venv/bin/python" -m compileall -q -j 0 -o 0 -o 2 --hardlink-dupes "$venv/lib" || true
  printf '%s' "$root" >"$stamps/root"
  # The lock file for checks holds everything of the other one, at the same versions.
  digest requirements.txt | tr -d '\n' >"$stamps/runtime"
  rm -f "$stamps/dev"
  [ "$kind" = runtime ] || printf '%s' "$wanted" >"$stamps/dev"
  rm -f "$stamps/unfinished"
fi

if [ -f scripts/messages.py ]; then
  "$venv/bin/python" scripts/messages.py compile
fi
# Static files are gathered under hashed names by the first start.
