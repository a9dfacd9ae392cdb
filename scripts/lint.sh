#!/usr/bin/env bash
# What a reviewer would ask of every change: formatting, clippy without a warning, and, where cargo-deny is
# installed, licences, sources, banned and duplicate crates, and known advisories (see .deny.toml).
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
cd "$repository"

cargo fmt --all --check
SKIP_WASM_BUILD=1 cargo clippy --release --locked --workspace --all-targets -- -D warnings

# Where scripts/weights.sh and others keep what they install.
export PATH="${XDG_CACHE_HOME:-$HOME/.cache}/wonbon/tools/bin:$PATH"
if ! cargo deny --version >/dev/null 2>&1; then
    say "cargo-deny is not installed; licences, sources, bans and advisories were not checked"
    say "(cargo install cargo-deny --locked installs it)"
    exit 0
fi
# Some crates write their licence in a form that is out of date; it is understood all the same.
cargo deny --locked check --allow parse-error bans licenses sources
# The advisories are a repository of their own, which not every machine reaches.
if timeout 120 cargo deny --locked fetch db >/dev/null 2>&1; then
    cargo deny --locked check --disable-fetch advisories
else
    say "The database of advisories cannot be fetched from here; known advisories were not checked"
fi
