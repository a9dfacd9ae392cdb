//! `wonbon trust-anchor`: what an auditor has to know beforehand, as a small file.
//!
//! An anchor is worth what its source is worth: a node of one's own, a chain specification that one has checked.
//! One from the operator whose certificates are to be checked is none.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use wonbon_client::certificate::{anchor_at, anchor_from_specification, BadSpecification, MAX_SPECIFICATION};
use wonbon_model::BlockNumber;
use wonbon_verifier::TrustAnchor;

use crate::blocking::blocking;
use crate::context::Context;
use crate::exit::{Code, Failure, Result};
use crate::files::{read_bounded, refuse_to_overwrite, write_document};

#[derive(Debug, Args)]
pub(crate) struct MakeAnchor {
    /// Where to write it
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// The block: its height, or "finalized" for the last finalized one
    #[arg(long, value_name = "BLOCK", default_value = "0", value_parser = anchor_block, conflicts_with = "chain_spec")]
    block: AnchorBlock,
    /// Take the first block from this raw chain specification, and ask no node
    #[arg(long, value_name = "FILE")]
    chain_spec: Option<PathBuf>,
    /// Overwrite a file that exists
    #[arg(long)]
    force: bool,
}

/// A finalized block's height; the last one's if `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AnchorBlock(Option<BlockNumber>);

fn anchor_block(text: &str) -> Result<AnchorBlock, String> {
    match text {
        "finalized" => Ok(AnchorBlock(None)),
        height => height
            .parse()
            .map(|height| AnchorBlock(Some(height)))
            .map_err(|_| format!("\"{height}\" is neither a height nor \"finalized\"")),
    }
}

pub(crate) async fn run(context: &Context, args: MakeAnchor) -> Result<()> {
    context.handle_interrupts();
    refuse_to_overwrite(&args.output, args.force)?;
    let anchor = match args.chain_spec {
        Some(path) => {
            let anchor = blocking(move || {
                let json = read_bounded(&path, MAX_SPECIFICATION)?;
                anchor_from_specification(&json).map_err(|error| bad_specification(&path, &error))
            });
            refuse_another_chain(context, anchor.await?)?
        }
        None => {
            let chain = context.chain_unproved().await?;
            anchor_at(&chain, args.block.0).await?
        }
    };
    write_document(&args.output, (anchor.to_json() + "\n").into_bytes(), args.force).await?;
    let value = json!({ "file": args.output, "anchor": anchor });
    let time = anchor.time.map_or(String::new(), |time| format!(", {time}"));
    let lines = [
        ("chain", anchor.genesis.to_string()),
        ("block", format!("{} ({}){time}", anchor.block.number, anchor.block.hash)),
        ("validators", format!("{} (set {})", anchor.authorities.len(), anchor.set_id)),
        ("source", anchor.note.unwrap_or_default()),
        ("file", args.output.display().to_string()),
    ];
    context.out.fields(&value, &lines)
}

/// `--genesis` holds without a node too.
fn refuse_another_chain(context: &Context, anchor: TrustAnchor) -> Result<TrustAnchor> {
    match context.global.genesis {
        Some(expected) if expected != anchor.genesis.0 => {
            let text = format!("another chain: the specification's genesis is {}", anchor.genesis);
            Err(Failure::new(Code::Unreachable, text)
                .advise("check --genesis and --chain-spec; nothing was written"))
        }
        _ => Ok(anchor),
    }
}

fn bad_specification(path: &std::path::Path, error: &BadSpecification) -> Failure {
    let failure = Failure::refused(format!("the chain specification {}: {error}", path.display()));
    match error {
        BadSpecification::NotRaw => {
            failure.advise("write a raw one: wonbon-node export-chain-spec --chain FILE --raw")
        }
        _ => failure,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_named_by_height_or_as_the_last_one() {
        assert_eq!(anchor_block("7"), Ok(AnchorBlock(Some(7))));
        assert_eq!(anchor_block("finalized"), Ok(AnchorBlock(None)));
        assert!(anchor_block("latest").unwrap_err().contains("finalized"));
        assert!(anchor_block("-1").is_err());
    }
}
