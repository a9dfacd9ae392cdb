//! Builds the runtime a second time, for wasm, whenever it is built for the host.

#[cfg(feature = "std")]
fn main() {
    substrate_wasm_builder::WasmBuilder::build_using_defaults();
}

/// The wasm build itself builds nothing further.
#[cfg(not(feature = "std"))]
fn main() {}
