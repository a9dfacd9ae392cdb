#!/usr/bin/env bash
# Fuzzes the verifier of certificates, starting from genuine ones. It installs cargo-fuzz where that is missing.
#
#   scripts/fuzz.sh [SECONDS [TARGET...]]     a minute for each target, unless told otherwise
#
# Exit status 0 only if nothing was found; what was found lies in marketplace-api/verifier/fuzz/artifacts.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
cd "$repository/marketplace-api/verifier"

seconds=${1:-60}
shift || true
targets=("$@")
[ "${#targets[@]}" -gt 0 ] || targets=(binary json records)

# Where scripts/weights.sh and others keep what they install.
tools="${XDG_CACHE_HOME:-$HOME/.cache}/wonbon/tools"
export PATH="$tools/bin:$PATH"
if ! cargo fuzz --version >/dev/null 2>&1; then
    say "Installing cargo-fuzz"
    cargo install cargo-fuzz --locked --root "$tools"
fi

say "Writing the seeds"
cargo run --quiet --release --manifest-path fuzz/Cargo.toml --bin seeds
# Coverage flags are unstable on a stable compiler. Without the address sanitizer: there is no unsafe code here.
export RUSTC_BOOTSTRAP=1

found=()
for target in "${targets[@]}"; do
    say "Fuzzing $target for $seconds s"
    cargo fuzz run -s none "$target" -- -max_total_time="$seconds" -print_final_stats=1 -verbosity=0 ||
        found+=("$target")
done
[ "${#found[@]}" = 0 ] || fail "something was found by: ${found[*]}"
say "Nothing was found"
