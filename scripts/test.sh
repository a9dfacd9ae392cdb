#!/usr/bin/env bash
# Builds everything and runs every test: formatting, the unit and property tests of each crate, the end-to-end tests
# with real nodes, a real service and the real command, one trade by scripts/run.sh, and the pure crates for browsers.
# This is the test command; it sets up the machine first (see setup.sh) and does nothing twice.
#
#   scripts/test.sh            everything
#   scripts/test.sh ARGS...    ARGS go to `cargo test`: scripts/test.sh -p pallet-marketplace
#
# Exit status 0 only if all of it passed.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
cd "$repository"

# Documents in the forms of others are checked with their tools too, where these are installed.
if [ -z "${WONBON_VALIDATORS:-}" ]; then
    if WONBON_VALIDATORS=$(scripts/validators.sh --if-there); then
        export WONBON_VALIDATORS
    else
        unset WONBON_VALIDATORS
        say "The validators of other projects are not installed; their tests say so and pass (scripts/validators.sh)"
    fi
fi

if [ $# -gt 0 ]; then
    exec cargo test --release --locked "$@"
fi

say "Checking the formatting"
cargo fmt --all --check

say "Building (the first time takes 35 to 45 minutes on two cores; afterwards seconds)"
cargo build --release --locked --workspace --bins

say "Testing"
# One selection and one profile for build and tests, so that no dependency is built twice.
cargo test --release --locked --workspace --no-fail-fast

say "Trading once, as the README's first command does"
scripts/run.sh --once </dev/null

say "Building the pure crates for browsers"
ensure_pure_target
pure=(model package profile verifier standards audit)
# Another target, and without the default features: a target folder of its own.
cargo ${pure_toolchain:+"+$pure_toolchain"} build --release --locked --lib --no-default-features \
    --target "$pure_target" --target-dir "${CARGO_TARGET_DIR:-$repository/target}/pure" \
    "${pure[@]/#/--package=wonbon-}"
say "All tests passed"
