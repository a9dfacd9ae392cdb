#!/usr/bin/env bash
# What a reviewer would ask of every change: formatting, clippy without a warning,
# and, where cargo-deny is installed, licences, sources and duplicate versions.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
cd "$repository"

cargo fmt --all --check
SKIP_WASM_BUILD=1 cargo clippy --release --locked --workspace --all-targets -- -D warnings
if cargo deny --version >/dev/null 2>&1; then
    cargo deny --locked check bans licenses sources
else
    say "cargo-deny is not installed; licences and sources were not checked (cargo install cargo-deny)"
fi
