#!/usr/bin/env bash
# Every check as a named step, timed; all of them run even when one fails. `check.sh lint types` runs those alone.
# MAJLIS_TEST_WORKERS: how many processes the tests without a browser share (2; 0 for one, in order).
set -uo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH:/usr/sbin"
python=.venv/bin/python
code=(majlis scripts tests)
# Compiled modules are kept beside the source: the tests start many processes, and each would compile all of it anew.
unset PYTHONDONTWRITEBYTECODE

steps=(format lint types contracts messages css migrations tests browser)

step_format() { ruff format --check --quiet "${code[@]}"; }
step_lint() { ruff check --quiet "${code[@]}"; }
step_types() {
  # The plugin for Django reads the settings, and they want a key.
  MAJLIS_DATA=/nonexistent MAJLIS_SECRET_KEY="only for reading the settings' types" mypy "$@"
}
step_contracts() { lint-imports --config .importlinter --no-cache; }
step_messages() { "$python" scripts/messages.py check; }
step_css() { "$python" scripts/check_css.py; }
step_migrations() { "$python" scripts/check_migrations.py; }
# Part of the tests, and asked for by itself: check.sh docs.
step_docs() { "$python" -m pytest -q tests/docs; }
step_tests() {
  "$python" -m pytest -q -n "${MAJLIS_TEST_WORKERS:-2}" --dist worksteal tests
}
step_browser() { "$python" -m pytest -q tests/browser; }

[ $# != 0 ] || set -- "${steps[@]}"
for step in "$@"; do
  if ! declare -F "step_$step" >/dev/null; then
    echo "No step is called $step; there are: ${steps[*]}" >&2
    exit 2
  fi
done

# What the first start of a desk makes is made once for all the steps that need one.
MAJLIS_TEST_MADE=$("$python" -c 'from tests.folders import new_folder; print(new_folder("mj-made-"))')
export MAJLIS_TEST_MADE
beside=
trap 'rm -rf "$MAJLIS_TEST_MADE" "$beside"' EXIT

failed=()
say() { echo "== $1: $2, $(($3 / 10)).$(($3 % 10)) s"; }
tenths() { echo $((($(date +%s%N) - $1) / 100000000)); }

# The browser waits more than it works: its tests run beside the others, and their output comes at the end.
if [[ " $* " == *" tests "* && " $* " == *" browser "* ]]; then
  beside=$(mktemp)
  trap 'kill -INT -- "-$browser"; wait; exit 130' INT TERM
  set -m # a group of its own, which an interruption reaches whole
  (
    started=$(date +%s%N)
    if step_browser >"$beside" 2>&1; then verdict=ok; else verdict=FAILED; fi
    say browser "$verdict" "$(tenths "$started")" >>"$beside"
    [ "$verdict" = ok ]
  ) &
  browser=$!
  set +m
fi

for step in "$@"; do
  echo "== $step"
  if [ "$step" = browser ] && [ -n "$beside" ]; then
    wait "$browser" || failed+=(browser)
    cat "$beside"
    continue
  fi
  started=$(date +%s%N)
  if "step_$step"; then verdict=ok; else
    verdict=FAILED
    failed+=("$step")
  fi
  say "$step" "$verdict" "$(tenths "$started")"
done

if [ ${#failed[@]} != 0 ]; then
  echo "Failed: ${failed[*]}" >&2
  exit 1
fi
