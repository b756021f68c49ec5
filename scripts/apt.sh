#!/usr/bin/env bash
# Installs the Debian packages named, those missing only. --test stands for what the tests drive: a browser, two mail
# servers, MariaDB and Arabic fonts. Not on Debian, or not root: says what is missing and fails.
set -euo pipefail

browser=(chromium-headless-shell fonts-noto-core)
mail=(dovecot-imapd dovecot-lmtpd dovecot-pop3d dovecot-submissiond exim4-daemon-light)
desks=(mariadb-server-core)
base=(openssl ca-certificates util-linux)

wanted=()
for word in "$@"; do
  if [ "$word" = --test ]; then
    wanted+=("${browser[@]}" "${mail[@]}" "${desks[@]}" "${base[@]}")
    # Debian's own Python comes without venv and pip; one from elsewhere has both.
    if ! "${PYTHON:-python3}" -c 'import ensurepip, venv' 2>/dev/null && ! command -v uv >/dev/null; then
      wanted+=(python3 python3-venv)
    fi
  else
    wanted+=("$word")
  fi
done

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  missing=()
  for program in chromium dovecot exim mariadbd openssl; do
    found=
    for name in "$program" "${program}4" "${program}-browser" "${program}-headless-shell"; do
      if PATH=$PATH:/usr/sbin:/usr/local/sbin command -v "$name" >/dev/null; then found=1; fi
    done
    [ -n "$found" ] || missing+=("$program")
  done
  [ ${#missing[@]} = 0 ] && exit 0
  echo "The tests drive programs that are not here: ${missing[*]}. Install them with your package manager." >&2
  exit 1
fi

missing=()
for package in "${wanted[@]}"; do
  state=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)
  [ "$state" = "install ok installed" ] || missing+=("$package")
done
[ ${#missing[@]} = 0 ] && exit 0

if [ "$(id -u)" != 0 ]; then
  echo "Packages are missing. Install them with:" >&2
  echo "  sudo apt-get install --no-install-recommends ${missing[*]}" >&2
  exit 1
fi

# The mail servers' packages would start them as daemons of this machine; the tests start their own.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi
echo "Installing: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
options=(-qq -o Acquire::Retries=3 -o DPkg::Lock::Timeout=120)
apt-get "${options[@]}" update
apt-get "${options[@]}" install --yes --no-install-recommends "${missing[@]}" >/dev/null
