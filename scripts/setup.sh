#!/usr/bin/env bash
# Installs what a build of Wonbon needs on Debian 12 (or a relative): system packages, a Rust compiler if
# there is none, and the standard libraries of the targets that are built for. It says what it does,
# does nothing that is done already, and is sourced by the other scripts, which build afterwards with the
# variables that it exports:
#
#   WASM_BUILD_TOOLCHAIN       the toolchain that compiles the runtime, where it is not the default one
#   WASM_BUILD_WORKSPACE_HINT  the repository, so that the runtime is built with its lockfile
#   OPENSSL_NO_VENDOR          use the system's OpenSSL
#
# Run on its own it only sets up. Root or sudo is needed for missing packages, and for nothing else.
set -euo pipefail

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
minimum_rust=1.95

say() { printf '\033[1m▸\033[0m %s\n' "$*" >&2; }
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null; then sudo "$@"
    else fail "these need root and there is no sudo: $*"
    fi
}

# Installs those of the named Debian packages that are missing.
install_packages() {
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    [ "${#missing[@]}" = 0 ] && return
    command -v apt-get >/dev/null || fail "install these with your package manager: ${missing[*]}"
    say "Installing packages: ${missing[*]}"
    as_root apt-get update -qq -o DPkg::Lock::Timeout=300
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq -o DPkg::Lock::Timeout=300 "${missing[@]}" >/dev/null
}

# True if the version in $1 is at least $2.
at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$2" ]; }

rust_version() { "$1" --version 2>/dev/null | cut -d' ' -f2; }

ensure_rust() {
    if [ -z "$(command -v cargo)" ] && [ -f "${HOME:-}/.cargo/env" ]; then . "${HOME:-}/.cargo/env"; fi
    local version
    version=$(rust_version rustc || true)
    if [ -n "$version" ] && at_least "$version" "$minimum_rust"; then return; fi
    say "No Rust compiler of at least $minimum_rust here (found: ${version:-none}); taking Debian's"
    install_packages rustc-web cargo-web
    export PATH="/usr/bin:$PATH"
    version=$(rust_version /usr/bin/rustc || true)
    at_least "${version:-0}" "$minimum_rust" || fail "Rust $minimum_rust or later is needed; see https://rustup.rs"
}

# Whether the compiler named by the rest of the line has the libraries of a target.
has_target() {
    local target=$1
    shift
    [ -n "$(ls "$("$@" --print sysroot)/lib/rustlib/$target/lib/"libcore-*.rlib 2>/dev/null)" ]
}

# Makes sure that a target's libraries are there, and sets `toolchain` to the rustup toolchain that has them, or to
# nothing where that is the default one. Three ways, the first that works: the default toolchain has them; rustup can
# add them; Debian's compiler builds them from its own source package.
ensure_target() {
    local target=$1 libraries=$2 system_target=/usr/lib/rustlib/$1
    toolchain=
    if has_target "$target" rustc; then return; fi
    if [ ! -f "$system_target/lib/.wonbon" ] && command -v rustup >/dev/null; then
        if timeout 120 rustup target add "$target" >/dev/null 2>&1; then
            say "Added the target $target with rustup"
            return
        fi
    fi
    install_packages rustc-web cargo-web rust-web-src lld-22
    if [ ! -f "$system_target/lib/.wonbon" ] ||
        [ "$(cat "$system_target/lib/.wonbon")" != "$(rust_version /usr/bin/rustc)" ]; then
        build_libraries "$target" "$libraries" "$system_target"
    fi
    if command -v rustup >/dev/null; then
        rustup toolchain list | grep -q '^debian' || rustup toolchain link debian /usr
        toolchain=debian
    fi
}

# Builds a target's libraries from Debian's sources, as a dependency of a library that does nothing.
build_libraries() {
    local target=$1 libraries=$2 destination=$3 work
    say "Building $libraries for $target from Debian's sources (a minute or two, once)"
    work=$(mktemp -d)
    mkdir -p "$work/src"
    cat >"$work/Cargo.toml" <<'TOML'
[package]
name = "wasm-libraries"
version = "0.0.0"
edition = "2021"
[lib]
crate-type = ["cdylib"]
[profile.release]
panic = "abort"
[workspace]
TOML
    if [[ ",$libraries," == *,std,* ]]; then
        echo '//! Nothing.' >"$work/src/lib.rs"
    else
        cat >"$work/src/lib.rs" <<'RUST'
#![no_std]
extern crate alloc;
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! { loop {} }
struct Never;
unsafe impl core::alloc::GlobalAlloc for Never {
    unsafe fn alloc(&self, _: core::alloc::Layout) -> *mut u8 { core::ptr::null_mut() }
    unsafe fn dealloc(&self, _: *mut u8, _: core::alloc::Layout) {}
}
#[global_allocator]
static ALLOCATOR: Never = Never;
RUST
    fi
    # Bitcode is embedded because the runtime is linked with LTO.
    (cd "$work" && env -u CARGO_TARGET_DIR -u CARGO_BUILD_TARGET RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 \
        RUSTFLAGS="-C embed-bitcode=yes" /usr/bin/cargo build --quiet --release \
        --target "$target" -Z build-std="$libraries") || fail "could not build the wasm libraries in $work"
    as_root mkdir -p "$destination/lib"
    as_root find "$destination/lib" -name 'lib*.rlib' -delete
    as_root cp "$work/target/$target/release/deps/"lib*.rlib "$destination/lib/"
    as_root rm -f "$destination/lib/"libwasm_libraries*
    rust_version /usr/bin/rustc | as_root tee "$destination/lib/.wonbon" >/dev/null
    rm -rf "$work"
}

# The pure crates (see marketplace-api/ARCHITECTURE.md) also run in browsers. Called by what builds them, and not by
# every script: whoever only runs the market does not need this target.
pure_target=wasm32-unknown-unknown
ensure_pure_target() {
    ensure_target "$pure_target" std,panic_abort
    pure_toolchain=$toolchain
}

install_packages build-essential ca-certificates clang curl git jq libssl-dev openssl pkg-config protobuf-compiler
ensure_rust
# The chain's runtime.
ensure_target wasm32v1-none core,alloc
if [ -n "$toolchain" ]; then export WASM_BUILD_TOOLCHAIN=$toolchain; fi
export WASM_BUILD_WORKSPACE_HINT=$repository
export OPENSSL_NO_VENDOR=1
