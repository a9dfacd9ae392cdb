//! The chains that the binary knows by name: `dev` and `local`. Every other chain is a file, which `chain-spec new` makes
//! from a form.
//!
//! Promise: a live chain does not start with what would let somebody in whom nobody chose ([`ensure_live`]).

mod form;
pub(crate) mod new;

use sc_service::{ChainSpec as _, ChainType, GenericChainSpec, Properties};
use sp_genesis_builder::{PresetId, DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET};
use std::path::PathBuf;
use wonbon_runtime::{
    genesis::{self, launch},
    WASM_BINARY,
};

/// A chain: its genesis, its boot nodes, its name.
pub(crate) type ChainSpec = GenericChainSpec;

/// How wallets show the money: whole won, addresses with the generic prefix.
fn properties() -> Properties {
    let mut properties = Properties::new();
    properties.insert("tokenSymbol".into(), "KRW".into());
    properties.insert("tokenDecimals".into(), 0.into());
    properties.insert("ss58Format".into(), 42.into());
    properties
}

/// The runtime with which chains begin.
fn code() -> Result<&'static [u8], String> {
    WASM_BINARY.ok_or_else(|| "this binary was built without its wasm runtime (SKIP_WASM_BUILD)".into())
}

/// The specification in this file.
pub(crate) fn from_file(path: PathBuf) -> Result<ChainSpec, String> {
    ChainSpec::from_json_file(path)
}

/// Refuses a live chain whose first block would let somebody in whom nobody chose.
pub(crate) fn ensure_live(spec: &dyn sc_service::ChainSpec) -> Result<(), String> {
    if spec.chain_type() != ChainType::Live {
        return Ok(());
    }
    let state = spec.as_storage_builder().build_storage()?;
    let faults = launch::faults(&state);
    if faults.is_empty() {
        return Ok(());
    }
    let (name, faults) = (spec.name(), faults.join("\n  "));
    Err(format!("{name} is a live chain, and does not start like this:\n  {faults}"))
}

/// A chain from one of the runtime's presets.
fn from_preset(
    name: &str,
    id: &str,
    chain_type: ChainType,
    preset: &str,
    form: Form,
) -> Result<ChainSpec, String> {
    let code = code()?;
    let mut spec = ChainSpec::builder(code, None)
        .with_name(name)
        .with_id(id)
        .with_chain_type(chain_type)
        .with_protocol_id("wonbon")
        .with_properties(properties())
        .with_genesis_config_preset_name(preset)
        .build();
    if form == Form::Built {
        let storage =
            genesis::storage(&PresetId::from(preset), code).ok_or("the runtime lost a preset")??;
        spec.set_storage(storage);
    }
    Ok(spec)
}

/// How a chain's genesis is given. Both give the same chain.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// As values of the pallets, which a person can read and change.
    Readable,
    /// As state, ready to run: reading the other form takes seconds of compiling wasm.
    Built,
}

/// One validator, //Alice, with `sudo`.
pub(crate) fn development(form: Form) -> Result<ChainSpec, String> {
    from_preset("Wonbon Development", "wonbon_dev", ChainType::Development, DEV_RUNTIME_PRESET, form)
}

/// Four validators, //Alice to //Dave, with a council of the same four.
pub(crate) fn local(form: Form) -> Result<ChainSpec, String> {
    from_preset("Wonbon Local", "wonbon_local", ChainType::Local, LOCAL_TESTNET_RUNTIME_PRESET, form)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sp_genesis_builder::PresetId;

    /// A chain of that type with the state of a preset.
    fn chain(chain_type: ChainType, preset: &str) -> ChainSpec {
        let state = genesis::storage(&PresetId::from(preset), b"code").unwrap().unwrap();
        let mut spec = ChainSpec::builder(b"code", None).with_name("Any").with_chain_type(chain_type).build();
        spec.set_storage(state);
        spec
    }

    #[test]
    fn a_live_chain_with_the_keys_of_everybody_does_not_start() {
        ensure_live(&chain(ChainType::Development, DEV_RUNTIME_PRESET)).unwrap();
        ensure_live(&chain(ChainType::Local, LOCAL_TESTNET_RUNTIME_PRESET)).unwrap();
        let local = ensure_live(&chain(ChainType::Live, LOCAL_TESTNET_RUNTIME_PRESET)).unwrap_err();
        for fault in [
            "a validator is //Dave",
            "a council member is //Bob",
            "a validator's key for blocks is //Alice",
            "a validator's key for votes is //Charlie",
            "//Ferdie, whose secret everybody knows, has money",
        ] {
            assert!(local.contains(fault), "{fault}: {local}");
        }
        assert!(!local.contains("sudo"), "{local}");
        let development = ensure_live(&chain(ChainType::Live, DEV_RUNTIME_PRESET)).unwrap_err();
        assert!(development.contains("an account has sudo"), "{development}");
        assert!(development.contains("exemption from the market's limits"), "{development}");
    }
}
