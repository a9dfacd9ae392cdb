//! `wonbon dataset`: attestations, handing over, withdrawing.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use wonbon_client::chain::{Call, ChainEvent, ProvenanceEvent};
use wonbon_model::words::{amount, parse_typed};
use wonbon_model::{AccountId, AttestationKind, DatasetId, Share};
use wonbon_primitives::id::to_hex;
use wonbon_primitives::Digest;

use super::transaction::{included, reason};
use crate::arguments::digest;
use crate::context::Context;
use crate::exit::{Code, Failure, Result};
use crate::files::cannot_read;
use crate::output::object::With;

#[derive(Debug, Subcommand)]
pub(crate) enum DatasetCommand {
    /// Attest something about a dataset (for accredited inspectors)
    Attest(Attest),
    /// Revoke an attestation
    RevokeAttestation {
        /// The dataset's id
        dataset: DatasetId,
        /// The attestation's number
        index: u32,
        /// The reason, which everyone can read
        #[arg(long)]
        reason: String,
    },
    /// Withdraw a dataset, and its offers with it: it cannot be offered any more
    Withdraw {
        /// The dataset's id
        dataset: DatasetId,
        /// The reason, which everyone can read
        #[arg(long)]
        reason: String,
    },
    /// Hand a dataset over to another company, which must accept it
    #[command(subcommand)]
    Handover(Handover),
}

#[derive(Debug, Args)]
pub(crate) struct Attest {
    /// The dataset's id
    dataset: DatasetId,
    /// What is attested: quality of the data, smart-factory-level of its source, or its processing as stated
    #[arg(long, value_parser = parse_typed::<AttestationKind>)]
    kind: AttestationKind,
    /// The document that says so; only its SHA-256 goes onto the chain
    #[arg(long, required_unless_present = "document_hash")]
    document: Option<PathBuf>,
    /// The document's SHA-256, instead of the document
    #[arg(long, value_parser = digest, conflicts_with = "document")]
    document_hash: Option<Digest>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Handover {
    /// Propose to hand it over
    Propose {
        /// The dataset's id
        dataset: DatasetId,
        /// The company that gets it
        #[arg(long)]
        to: AccountId,
        /// Keep the right to sell what your company makes from it, for a royalty of at least this share, for example 5%
        #[arg(long, value_name = "PERCENT", value_parser = amount::parse_share)]
        keep_right: Option<Share>,
    },
    /// Accept a dataset that was proposed to your company
    Accept {
        /// The dataset's id
        dataset: DatasetId,
        /// Agree that its owner keeps the right to sell what they make from it, for this royalty and no other
        #[arg(long, value_name = "PERCENT", value_parser = amount::parse_share)]
        keeping: Option<Share>,
    },
    /// Cancel a proposal
    Cancel(One),
}

#[derive(Debug, Args)]
pub(crate) struct One {
    /// The dataset's id
    dataset: DatasetId,
}

pub(crate) async fn run(context: &Context, command: DatasetCommand) -> Result<()> {
    let (dataset, what, call) = match command {
        DatasetCommand::Attest(args) => {
            let document = match (&args.document, args.document_hash) {
                (_, Some(hash)) => hash,
                (Some(path), None) => hash_file(path)?,
                (None, None) => return Err(Failure::new(Code::Usage, "say --document or --document-hash")),
            };
            let what = format!("attested; document {}", to_hex(&document));
            (args.dataset, what, Call::attest(args.dataset, args.kind, document))
        }
        DatasetCommand::RevokeAttestation { dataset, index, reason: why } => (
            dataset,
            format!("revoked attestation {index}"),
            Call::revoke_attestation(dataset, index, reason(&why)?),
        ),
        DatasetCommand::Withdraw { dataset, reason: why } => {
            (dataset, "withdrawn".into(), Call::withdraw_dataset(dataset, reason(&why)?))
        }
        DatasetCommand::Handover(Handover::Propose { dataset, to, keep_right }) => match keep_right {
            None => (dataset, format!("proposed to hand over to {to}"), Call::propose_handover(dataset, to)),
            Some(royalty) => (
                dataset,
                format!(
                    "proposed to hand over to {to}, keeping the right to derive for a royalty of {royalty}"
                ),
                Call::propose_handover_keeping(dataset, to, royalty.millionths()),
            ),
        },
        DatasetCommand::Handover(Handover::Accept { dataset, keeping }) => match keeping {
            None => (dataset, "taken over".into(), Call::accept_handover(dataset)),
            Some(royalty) => (
                dataset,
                format!("taken over; its owner of before may derive from it for a royalty of {royalty}"),
                Call::accept_handover_keeping(dataset, royalty.millionths()),
            ),
        },
        DatasetCommand::Handover(Handover::Cancel(One { dataset })) => {
            (dataset, "the proposal is taken back".into(), Call::cancel_handover(dataset))
        }
    };
    let (.., done) = context.submit(&call).await?;
    let index = done.events.iter().find_map(|event| match event {
        ChainEvent::Provenance(ProvenanceEvent::Attested { index, .. }) => Some(*index),
        _ => None,
    });
    let record = json!({ "dataset": dataset.to_string(), "done": what, "attestation": index });
    let value = With { record, more: included(&done) };
    context.out.result(&value, || match index {
        Some(index) => format!("{what} (attestation {index}, block {})", done.block.height),
        None => format!("{what} (block {})", done.block.height),
    })
}

fn hash_file(path: &std::path::Path) -> Result<Digest> {
    let failed = |error| cannot_read(path, &error);
    let mut file = std::fs::File::open(path).map_err(failed)?;
    let mut hasher = Sha256::new();
    std::io::copy(&mut file, &mut hasher).map_err(failed)?;
    Ok(hasher.finalize().into())
}
