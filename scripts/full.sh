#!/usr/bin/env bash
# What does not fit into .ci/run: it is run before a release, takes one to two hours on two cores, and ends with a
# summary. It sets up the machine first (see setup.sh) and does nothing twice.
#
#   scripts/full.sh             every step
#   scripts/full.sh STEP...     some of them: alone lint fuzz bench
#
#   alone   each crate checks with its own features only, as whoever takes that crate alone builds it; then with its tests
#   lint    formatting, clippy, licences and advisories (scripts/lint.sh)
#   fuzz    the verifier's parsers, five minutes each (scripts/fuzz.sh)
#   bench   every figure, with a file of 1 GiB (scripts/bench.sh)
#
# Exit status 0 only if every step passed.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
cd "$repository"

steps=("$@")
[ "${#steps[@]}" -gt 0 ] || steps=(alone lint fuzz bench)
for step in "${steps[@]}"; do
    case $step in alone | lint | fuzz | bench) ;; *) fail "unknown step: $step (see the head of ${BASH_SOURCE[0]})" ;; esac
done

# One target folder for all of them: with other features than the workspace's, most dependencies are built once more.
check_alone() {
    local target=${CARGO_TARGET_DIR:-$repository/target}/alone failed=() crate
    for crate in $(cargo metadata --no-deps --locked --format-version 1 | jq -r '.packages[].name'); do
        say "Checking $crate alone"
        # Tests bring features of their dependencies with them, behind which a missing one would hide.
        for tests in "" --all-targets; do
            SKIP_WASM_BUILD=1 CARGO_TARGET_DIR=$target cargo check --release --locked $tests -p "$crate" ||
                failed+=("$crate${tests:+ (tests)}")
        done
    done
    [ "${#failed[@]}" = 0 ] || { printf 'not alone: %s\n' "${failed[*]}" >&2; return 1; }
}

summary=() status=0
for step in "${steps[@]}"; do
    begun=$SECONDS
    say "Step: $step"
    case $step in
        alone) (check_alone) && result=passed || result=FAILED ;;
        lint) scripts/lint.sh && result=passed || result=FAILED ;;
        fuzz) scripts/fuzz.sh 300 && result=passed || result=FAILED ;;
        bench) scripts/bench.sh && result=measured || result=FAILED ;;
    esac
    [ "$result" != FAILED ] || status=1
    summary+=("$(printf '%-8s %-9s %5d s' "$step" "$result" $((SECONDS - begun)))")
done

say "Summary"
printf '%s\n' "${summary[@]}"
exit "$status"
