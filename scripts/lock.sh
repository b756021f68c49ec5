#!/usr/bin/env bash
# Writes both lock files anew from pyproject.toml; the newest versions are taken only with --upgrade.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v uv >/dev/null || {
  echo "make lock needs uv (pipx install uv)." >&2
  exit 1
}
common=(--quiet --universal --generate-hashes --python-version 3.11 --no-header pyproject.toml)
uv pip compile "${common[@]}" -o requirements.txt "$@"
uv pip compile "${common[@]}" --extra dev -c requirements.txt -o requirements-dev.txt "$@"
echo "requirements.txt and requirements-dev.txt are up to date with pyproject.toml."
