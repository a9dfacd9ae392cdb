#!/usr/bin/env bash
# Installs the tools of others that check our documents (PROV, DCAT-AP, Croissant, AAS): Python packages of
# pinned versions, in a virtual environment under the user's cache. Prints the environment's folder, which the
# tests take as WONBON_VALIDATORS. Done once; a second run only prints.
#
#   scripts/validators.sh              install what is missing
#   scripts/validators.sh --if-there   install nothing: exit status 1 if it is not there
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

requirements=marketplace-api/standards/tests/validators/requirements.txt
# Other versions are another folder, so that an older clone keeps its own.
version=$(sha256sum "$requirements" | cut -c1-12)
folder=${XDG_CACHE_HOME:-$HOME/.cache}/wonbon/validators/$version

is_there() { [ -f "$folder/.complete" ] && "$folder/bin/python" -I -c '' 2>/dev/null; }

if ! is_there; then
    if [ "${1:-}" = --if-there ]; then exit 1; fi
    . scripts/setup.sh
    # The standard library's own check: Debian keeps what a new environment needs in a package of its own.
    python3 -c 'import ensurepip, venv' 2>/dev/null || install_packages python3 python3-venv
    mkdir -p "$(dirname "$folder")"
    exec 9>"$folder.lock"
    flock 9
    if ! is_there; then
        say "Installing the validators of other projects (a minute, once, 400 MB)"
        rm -rf "$folder"
        python3 -m venv "$folder"
        "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps -r "$requirements" >&2
        touch "$folder/.complete"
    fi
fi
printf '%s\n' "$folder"
