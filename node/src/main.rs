//! The chain's binary: Aura and GRANDPA over the Wonbon runtime, kept in ParityDB.
//!
//! It is thin on purpose: what the chain does is in the runtime. Promises: every finalized block that was a
//! commit target has a justification; a block is voted for as soon as it is there; with `--dev` one validator
//! makes a block every two seconds and keeps the state of every finalized block.

// The SDK's own error is large; it is returned once, at the end of the process.
#![allow(clippy::result_large_err)]

mod bench_storage;
mod chain;
mod chain_spec;
mod cli;
mod command;
mod finalized_state;
mod hand_offs;
mod past;
mod rpc;
mod service;
mod types;

fn main() -> sc_cli::Result<()> {
    command::run()
}
