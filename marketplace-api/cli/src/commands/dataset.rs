//! `wonbon dataset`: attestations, handing over, withdrawing.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use wonbon_client::chain::{Call, ChainEvent, Included, ProvenanceEvent, Until};
use wonbon_client::exchange::cost::Cost;
use wonbon_model::words::{amount, parse_typed, Term};
use wonbon_model::{AccountId, AttestationKind, DatasetId, Share};
use wonbon_primitives::id::to_hex;
use wonbon_primitives::Digest;

use super::consent::{ask_for, Answer, Consent};
use super::transaction::{included, reason};
use crate::arguments::digest;
use crate::context::Context;
use crate::exit::{Code, Failure, Result};
use crate::failures::unknown;
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
    #[command(flatten)]
    consent: Consent,
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
        #[command(flatten)]
        consent: Consent,
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
            return attest(context, args, document).await;
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
        DatasetCommand::Handover(Handover::Accept { dataset, keeping, consent }) => {
            return take_over(context, dataset, keeping, consent).await;
        }
        DatasetCommand::Handover(Handover::Cancel(One { dataset })) => {
            (dataset, "the proposal is taken back".into(), Call::cancel_handover(dataset))
        }
    };
    let (.., done) = context.submit(&call).await?;
    print(context, dataset, what, &done)
}

/// Attests, once it is agreed what that locks.
async fn attest(context: &Context, args: Attest, document: Digest) -> Result<()> {
    let Attest { dataset, kind, consent, .. } = args;
    let (chain, key) = context.chain_and_key().await?;
    let view = chain.finalized().await?;
    let about = vec![
        ("dataset", dataset.to_string()),
        ("attested", kind.label()),
        ("document", format!("SHA-256 {}", to_hex(&document))),
    ];
    let cost = Cost::of_attestation(&view.deposits()?);
    let asked = (about, "Attest it? Everyone can read it, also once it is revoked.");
    if ask_for(context, (&view, &key), &cost, asked, consent).await? == Answer::Stop {
        return Ok(());
    }
    let done = chain.submit(&key, &Call::attest(dataset, kind, document), Until::Finalized).await?;
    print(context, dataset, format!("attested; document {}", to_hex(&document)), &done)
}

/// Takes a dataset over, once it is agreed what that locks.
async fn take_over(
    context: &Context,
    dataset: DatasetId,
    keeping: Option<Share>,
    consent: Consent,
) -> Result<()> {
    let (chain, key) = context.chain_and_key().await?;
    let view = chain.finalized().await?;
    let record = view.dataset(&dataset).await?.ok_or_else(|| unknown(format!("dataset {dataset}")))?;
    let name = view.company_name(&record.owner).await?.unwrap_or_default();
    let mut about = vec![("dataset", dataset.to_string()), ("from", format!("{name} ({})", record.owner))];
    let call = match keeping {
        None => Call::accept_handover(dataset),
        Some(royalty) => {
            about.push(("they keep", format!("the right to derive from it, for a royalty of {royalty}")));
            Call::accept_handover_keeping(dataset, royalty.millionths())
        }
    };
    let cost = Cost::of_takeover(&view.deposits()?, &record);
    let asked = (about, "Take it over?");
    if ask_for(context, (&view, &key), &cost, asked, consent).await? == Answer::Stop {
        return Ok(());
    }
    let done = chain.submit(&key, &call, Until::Finalized).await?;
    print(context, dataset, "taken over".into(), &done)
}

fn print(context: &Context, dataset: DatasetId, what: String, done: &Included) -> Result<()> {
    let index = done.events.iter().find_map(|event| match event {
        ChainEvent::Provenance(ProvenanceEvent::Attested { index, .. }) => Some(*index),
        _ => None,
    });
    let record = json!({ "dataset": dataset.to_string(), "done": what, "attestation": index });
    let value = With { record, more: included(done) };
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
