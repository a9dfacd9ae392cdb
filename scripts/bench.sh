#!/usr/bin/env bash
# Measures the figures that the README quotes, in release, and prints them as a table. It sets up the machine
# first (see setup.sh) and does nothing twice. How each is measured stands in tests/src/figures.
#
#   scripts/bench.sh              everything, with a file of 1 GiB (needs 8 GiB of disk in $TMPDIR)
#   scripts/bench.sh --json       one object a line: name, value, unit, target, reached
#   scripts/bench.sh --size 64    with a file of 64 MiB, for a quick try
#   scripts/bench.sh trades       trades a second, on a new chain and after a million past trades, over plain transfers
#   scripts/bench.sh trades --new on a new chain only: three minutes
#   scripts/bench.sh past         only makes the chain with a million past trades, or goes on with making it
#
# The chain with past trades is made once, which takes about an hour, and kept in $XDG_CACHE_HOME/wonbon/past-trades, or where
# --base-path or WONBON_PAST_TRADES says; it is measured on a copy.
#
# Exit status 0 if everything could be measured, whether or not each target was reached.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
cd "$repository"
install_packages curl nginx-light openssl time

say "Building (the first time takes 35 to 45 minutes on two cores; afterwards seconds)"
cargo build --release --locked --workspace --bins

target=${CARGO_TARGET_DIR:-$repository/target}
exec "$target/release/wonbon-figures" "$@"
