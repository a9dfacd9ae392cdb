//! The chains that the binary knows by name: `dev` and `local`. Every other chain is a file.

use sc_service::{ChainSpec as _, ChainType, GenericChainSpec, Properties};
use sp_genesis_builder::{PresetId, DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET};
use wonbon_runtime::{genesis, WASM_BINARY};

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

/// A chain from one of the runtime's presets.
fn from_preset(
    name: &str,
    id: &str,
    chain_type: ChainType,
    preset: &str,
    form: Form,
) -> Result<ChainSpec, String> {
    let code = WASM_BINARY.ok_or("this binary was built without its wasm runtime (SKIP_WASM_BUILD)")?;
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
