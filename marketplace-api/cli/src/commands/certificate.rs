//! `wonbon certificate`: a certificate of origin and trade history, for someone who has no network.
//!
//! Promises: what is written was verified first; a file that is there is left alone unless `--force` says
//! otherwise; the file is there whole or not at all.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::json;
use wonbon_client::certificate::{self, CertificateStep};
use wonbon_model::words::size;
use wonbon_model::{BlockNumber, DatasetId};
use wonbon_verifier::anchor::MAX_SIZE;
use wonbon_verifier::TrustAnchor;

use crate::blocking::blocking;
use crate::context::Context;
use crate::exit::{Code, Failure, Result};
use crate::files::{read_bounded, refuse_to_overwrite, write_document};

#[derive(Debug, Args)]
pub(crate) struct MakeCertificate {
    /// The dataset's id
    dataset: DatasetId,
    /// Where to write it
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Compact or readable; the content is the same
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// As of this finalized block, or the newest one before it whose finality is proved [default: the last one]
    #[arg(long, value_name = "BLOCK")]
    at: Option<BlockNumber>,
    /// Start from this trust anchor instead of the first block (may be given more than once)
    #[arg(long, value_name = "ANCHOR")]
    trust: Vec<PathBuf>,
    /// Also write a summary as a W3C verifiable credential, issued by --key
    #[arg(long, value_name = "FILE")]
    credential: Option<PathBuf>,
    /// Overwrite a file that exists
    #[arg(long)]
    force: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// The compact form
    #[default]
    Binary,
    /// JSON with the claims in full
    Json,
}

pub(crate) async fn run(context: &Context, args: MakeCertificate) -> Result<()> {
    refuse_to_overwrite(&args.output, args.force)?;
    let issuer = match &args.credential {
        Some(path) => {
            if *path == args.output {
                return Err(Failure::new(Code::Usage, "--credential and --output name the same file"));
            }
            refuse_to_overwrite(path, args.force)?;
            Some((path, context.unlock()?))
        }
        None => None,
    };
    context.handle_interrupts();
    let files = args.trust;
    let read = move || files.iter().map(|file| read_anchor(file)).collect::<Result<Vec<_>>>();
    let mut trusted = blocking(read).await?;
    let chain = context.chain_unproved().await?;
    if issuer.is_some() {
        context.check_before_signing(&chain).await?;
    }
    let progress = |step| match step {
        CertificateStep::Reading(block) => {
            context.out.note(format!("Reading the records as of block {}", block.height))
        }
        CertificateStep::Proving(entries) => context.out.note(format!("Proving {entries} storage entries")),
        CertificateStep::Verifying(hand_offs) => {
            context.out.note(format!("Verifying the certificate, with {}", counted(hand_offs, "hand-off")));
        }
    };
    if trusted.is_empty() {
        trusted.push(certificate::genesis_anchor(&chain).await?);
    }
    let anchors = certificate::anchors(trusted)?;
    let made = certificate::make(&chain, args.dataset, args.at, &anchors, progress).await?;
    let (certificate, report) = (made.certificate, made.report);
    let bytes = match args.format {
        Format::Binary => certificate.encode(),
        Format::Json => certificate.to_json(&report.claims).into_bytes(),
    };
    let length = bytes.len() as u64;
    write_document(&args.output, bytes, args.force).await?;
    if let Some((path, key)) = &issuer {
        write_document(path, super::credential::issue(&report, key)?, args.force).await?;
    }
    let (claims, finality) = (&report.claims, &report.finality);
    let value = json!({
        "file": args.output,
        "format": match args.format { Format::Binary => "binary", Format::Json => "json" },
        "bytes": length,
        "certificate": report.certificate,
        "claims_digest": report.claims_digest,
        "dataset": claims.dataset.id,
        "genesis": claims.chain.genesis,
        "block": claims.chain.block.number,
        "block_hash": claims.chain.block.hash,
        "time": claims.chain.time,
        "trades": claims.trades.len(),
        "ancestors": claims.ancestors.len(),
        "versions": claims.versions.len(),
        "attestations": claims.attestations.len(),
        "handovers": claims.handovers.len(),
        "hand_offs": certificate.hand_offs.len(),
        "set_id": finality.set_id,
        "validators": finality.validators,
        "signers": finality.signers.len(),
        "credential": args.credential,
    });
    let lines = [
        ("dataset", claims.dataset.id.to_string()),
        ("as of", format!("block {}, {}", claims.chain.block.number, claims.chain.time)),
        ("trades", claims.trades.len().to_string()),
        ("ancestors", claims.ancestors.len().to_string()),
        ("finalized by", format!("{} of {} validators", finality.signers.len(), finality.validators)),
        ("hand-offs", certificate.hand_offs.len().to_string()),
        ("certificate", report.certificate.to_string()),
        ("file", format!("{} ({})", args.output.display(), size::bytes_exact(length))),
        ("check it with", format!("wonbon-verify {} --trust ANCHOR", args.output.display())),
    ];
    context.out.fields(&value, &lines)
}

fn read_anchor(file: &Path) -> Result<TrustAnchor> {
    let bytes = read_bounded(file, MAX_SIZE)?;
    TrustAnchor::from_json(&bytes)
        .map_err(|error| Failure::refused(format!("the trust anchor {}: {error}", file.display())))
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
