//! `wonbon certificate`: a certificate of origin and trade history, for someone who has no network.
//!
//! Promises: what is written was verified first; a file that is there is left alone unless `--force` says
//! otherwise; the file is there whole or not at all.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::json;
use wonbon_client::certificate::{self, CertificateError, Step};
use wonbon_client::chain::ChainError;
use wonbon_model::{BlockNumber, DatasetId};
use wonbon_verifier::anchor::MAX_SIZE;
use wonbon_verifier::{Anchors, TrustAnchor};

use super::offline::blocking;
use crate::context::Context;
use crate::exit::{Code, Failure};
use crate::output::table::fields;
use crate::output::units;

/// A certificate to make.
#[derive(Debug, Args)]
pub struct MakeCertificate {
    /// The dataset's id
    dataset: DatasetId,
    /// Where to write it
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Compact, or readable: both have the same content
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// As of this finalized block, or the newest before it that has a justification [default: the last one]
    #[arg(long, value_name = "BLOCK")]
    at: Option<BlockNumber>,
    /// Begin at this trust anchor and not at the first block; can be given several times
    #[arg(long, value_name = "ANCHOR")]
    trust: Vec<PathBuf>,
    /// Also write its summary as a W3C verifiable credential, issued by --key
    #[arg(long, value_name = "FILE")]
    credential: Option<PathBuf>,
    /// Write over a file that is there
    #[arg(long)]
    force: bool,
}

/// How a certificate is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// The compact form
    #[default]
    Binary,
    /// JSON with the claims in full
    Json,
}

/// Runs it.
pub async fn run(context: &Context, args: MakeCertificate) -> Result<(), Failure> {
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
    let trusted = trusted(&args.trust).await?;
    let chain = context.chain().await?;
    if issuer.is_some() {
        context.refuse_development_key(&chain).await?;
    }
    let progress = |step| match step {
        Step::Reading(block) => context.out.note(format!("Reading the records as of block {}", block.height)),
        Step::Proving(entries) => context.out.note(format!("Proving {entries} storage entries")),
        Step::Verifying(hand_offs) => {
            context.out.note(format!("Verifying the certificate, with {}", counted(hand_offs, "hand-off")));
        }
    };
    let made = match &trusted {
        Some(anchors) => certificate::make(&chain, args.dataset, args.at, anchors, progress).await?,
        None => certificate::make_from_genesis(&chain, args.dataset, args.at, progress).await?,
    };
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
    context.out.result(&value, || {
        fields(&[
            ("dataset", claims.dataset.id.to_string()),
            ("as of", format!("block {}, {}", claims.chain.block.number, claims.chain.time)),
            ("trades", claims.trades.len().to_string()),
            ("ancestors", claims.ancestors.len().to_string()),
            ("finalized by", format!("{} of {} validators", finality.signers.len(), finality.validators)),
            ("hand-offs", certificate.hand_offs.len().to_string()),
            ("certificate", report.certificate.to_string()),
            ("file", format!("{} ({})", args.output.display(), units::bytes_exact(length))),
            ("check it with", format!("wonbon-verify {} --trust ANCHOR", args.output.display())),
        ])
    })
}

/// The anchors in these files; `None` if there are none.
async fn trusted(files: &[PathBuf]) -> Result<Option<Anchors>, Failure> {
    if files.is_empty() {
        return Ok(None);
    }
    let files = files.to_vec();
    let list = blocking(move || files.iter().map(|file| read_anchor(file)).collect::<Result<Vec<_>, _>>());
    Ok(Some(certificate::anchors(list.await?)?))
}

fn read_anchor(file: &Path) -> Result<TrustAnchor, Failure> {
    let bytes = read_bounded(file, MAX_SIZE)?;
    TrustAnchor::from_json(&bytes)
        .map_err(|error| Failure::new(Code::Refused, format!("the trust anchor {}: {error}", file.display())))
}

/// Reads a file of at most `limit` bytes, and one byte more of a larger one.
pub(super) fn read_bounded(file: &Path, limit: u64) -> Result<Vec<u8>, Failure> {
    use std::io::Read;
    let mut bytes = Vec::new();
    File::open(file)
        .and_then(|opened| opened.take(limit.saturating_add(1)).read_to_end(&mut bytes))
        .map_err(|error| Failure::new(Code::Refused, format!("cannot read {}: {error}", file.display())))?;
    Ok(bytes)
}

/// Refuses early what [`write_document`] would refuse late.
pub(super) fn refuse_to_overwrite(path: &Path, force: bool) -> Result<(), Failure> {
    if !force && path.symlink_metadata().is_ok() {
        return Err(exists(path));
    }
    Ok(())
}

fn exists(path: &Path) -> Failure {
    Failure::new(Code::Refused, format!("{} exists already", path.display()))
        .named("Occupied")
        .advise("choose another name, or say --force to write over it")
}

/// Writes a document that is made to be passed on, in one step.
pub(super) async fn write_document(path: &Path, bytes: Vec<u8>, force: bool) -> Result<(), Failure> {
    let path = path.to_owned();
    blocking(move || {
        let failed = |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => exists(&path),
            _ => Failure::new(Code::Failure, format!("cannot write {}: {error}", path.display())),
        };
        let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut builder = tempfile::Builder::new();
        builder.prefix(".wonbon-");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // What the user's own mask leaves of it.
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        let mut file = builder.tempfile_in(folder).map_err(failed)?;
        file.write_all(&bytes).and_then(|()| file.as_file().sync_all()).map_err(failed)?;
        if force { file.persist(&path) } else { file.persist_noclobber(&path) }
            .map_err(|error| failed(error.error))?;
        // The name is as durable as the bytes.
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)
    })
    .await
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

impl From<CertificateError> for Failure {
    fn from(error: CertificateError) -> Self {
        let message = error.to_string();
        let failure = |code| Failure::new(code, message.clone());
        match error {
            CertificateError::Chain(ChainError::StatePruned(block)) if block.height == 0 => {
                failure(Code::Failure).named("StatePruned").advise(
                    "name a node that keeps all states (--state-pruning archive-canonical) with --chain, or \
                     give a trust anchor that you have with --trust",
                )
            }
            CertificateError::Chain(error) => error.into(),
            CertificateError::NotRegistered { .. } => failure(Code::Refused)
                .named("NotRegistered")
                .advise("finality may be some seconds behind; otherwise check the dataset's id and --chain"),
            CertificateError::NotFinalized { .. } => failure(Code::Refused)
                .named("NotFinalized")
                .advise("wait until the block is finalized, or leave --at out"),
            CertificateError::NoJustification(_) => failure(Code::Failure).named("NoJustification").advise(
                "name a node that keeps all blocks (--blocks-pruning archive-canonical) with --chain",
            ),
            CertificateError::Forced(height) => failure(Code::Failure)
                .named("Forced")
                .advise(format!("say --trust ANCHOR, with an anchor of block {height} or later")),
            CertificateError::TooLarge => failure(Code::Failure).named("TooLarge"),
            CertificateError::Anchors(_) => failure(Code::Refused).named("Anchors"),
            CertificateError::Refused(_) | CertificateError::Authorities(_) => failure(Code::Verification)
                .advise("nothing was written; the node is faulty, or of another chain than the anchors"),
            CertificateError::Stopped => failure(Code::Interrupted),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn documents_are_whole_and_are_not_written_over_by_accident() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("certificate");
        refuse_to_overwrite(&path, false).unwrap();
        write_document(&path, b"one".to_vec(), false).await.unwrap();
        assert_eq!(refuse_to_overwrite(&path, false).unwrap_err().code, Code::Refused);
        refuse_to_overwrite(&path, true).unwrap();
        let refused = write_document(&path, b"two".to_vec(), false).await.unwrap_err();
        assert_eq!((refused.code, refused.name.as_deref()), (Code::Refused, Some("Occupied")));
        assert_eq!(std::fs::read(&path).unwrap(), b"one");
        write_document(&path, b"three".to_vec(), true).await.unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"three");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no temporary file is left");
    }

    #[test]
    fn a_large_file_is_not_read_to_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("anchor");
        std::fs::write(&path, vec![b' '; 100]).unwrap();
        assert_eq!(read_bounded(&path, 10).unwrap().len(), 11);
        assert_eq!(read_bounded(&path, 100).unwrap().len(), 100);
        assert_eq!(read_bounded(folder.path(), 10).unwrap_err().code, Code::Refused);
    }
}
