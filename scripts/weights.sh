#!/usr/bin/env bash
# Measures what the calls of our pallets cost, and writes pallets/*/src/weights.rs. It sets up the machine first
# (see setup.sh) and does nothing twice. The runtime is built with its benchmarks in a target folder of its own: that
# feature rebuilds nearly the whole SDK. Run it on a machine that does nothing else: what is measured is what every
# later block is planned with.
#
#   scripts/weights.sh                      all pallets, 50 steps, 20 repeats
#   scripts/weights.sh --pallet credit      one pallet; may be given several times
#   scripts/weights.sh --steps 2 --repeat 1 --output DIR    a quick try that changes nothing in the repository
#
# Nothing is written before everything was measured. Look at the difference before it is committed.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
cd "$repository"

steps=50 repeat=20 output='' pallets=()
while [ $# -gt 0 ]; do
    case $1 in
        --steps) steps=${2:?a number}; shift 2 ;;
        --repeat) repeat=${2:?a number}; shift 2 ;;
        --pallet) pallets+=("${2:?a pallet}"); shift 2 ;;
        --output) output=${2:?a folder}; shift 2 ;;
        *) fail "unknown: $1 (see the head of ${BASH_SOURCE[0]})" ;;
    esac
done
if [ "${#pallets[@]}" = 0 ]; then
    for file in pallets/*/src/benchmarking.rs; do pallets+=("$(basename "${file%/src/benchmarking.rs}")"); done
fi
for pallet in "${pallets[@]}"; do
    [ -f "pallets/$pallet/src/benchmarking.rs" ] || fail "pallets/$pallet has no benchmarks"
done

cache=${XDG_CACHE_HOME:-$HOME/.cache}/wonbon
bencher_version=0.28
export PATH="$cache/tools/bin:$PATH"
if ! frame-omni-bencher --version 2>/dev/null | grep -q " $bencher_version\."; then
    say "Installing frame-omni-bencher $bencher_version (20 to 40 minutes on two cores, once)"
    install_packages libclang-dev
    # A runtime for another of its commands comes with it, which is not needed and cannot be built from the registry.
    env -u WASM_BUILD_WORKSPACE_HINT SKIP_WASM_BUILD=1 \
        cargo install frame-omni-bencher --version "^$bencher_version" --locked \
        --root "$cache/tools" --target-dir "$cache/bencher-target"
fi

say "Building the runtime with its benchmarks (the first time takes 10 to 20 minutes on two cores)"
target=$cache/weights-target
# The build script makes the wasm file; for the machine itself it is enough to check.
env -u SKIP_WASM_BUILD CARGO_TARGET_DIR="$target" \
    cargo check --release --locked -p wonbon-runtime --features runtime-benchmarks
runtime=$target/release/wbuild/wonbon-runtime/wonbon_runtime.compact.compressed.wasm
[ -f "$runtime" ] || fail "there is no $runtime"

measured=$(mktemp -d)
trap 'rm -rf "$measured"' EXIT
for pallet in "${pallets[@]}"; do
    say "Measuring $pallet"
    log=$measured/$pallet.log
    # The clock of genesis stands at zero, of which the timestamp pallet complains with every look at it.
    RUST_LOG=off frame-omni-bencher v1 benchmark pallet \
        --runtime "$runtime" --genesis-builder runtime --genesis-builder-preset development \
        --pallet "pallet_$pallet" --extrinsic '*' --steps "$steps" --repeat "$repeat" \
        --template .weights.hbs --output "$measured/$pallet.rs" >"$log" 2>&1 || {
        tail -n 40 "$log" >&2
        fail "the benchmarks of $pallet did not run"
    }
    [ -s "$measured/$pallet.rs" ] || fail "the benchmarks of $pallet gave nothing"
    rustfmt --edition 2021 --config-path .rustfmt.toml "$measured/$pallet.rs"
done
for pallet in "${pallets[@]}"; do
    if [ -n "$output" ]; then
        mkdir -p "$output"
        cp "$measured/$pallet.rs" "$output/$pallet.rs"
        say "Wrote $output/$pallet.rs"
    else
        cp "$measured/$pallet.rs" "pallets/$pallet/src/weights.rs"
        say "Wrote pallets/$pallet/src/weights.rs"
    fi
done
