//! `wonbon trust-anchor`: what an auditor has to know beforehand, as a small file.
//!
//! An anchor is worth what its source is worth: a node of one's own, a chain specification that one has checked.
//! One from the operator whose certificates are to be checked is none.

use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;
use serde_json::json;
use wonbon_client::certificate::{
    anchor_at, anchor_from_specification, genesis_anchor, BadSpecification, MAX_SPECIFICATION,
};
use wonbon_model::BlockNumber;
use wonbon_verifier::TrustAnchor;

use crate::blocking::blocking;
use crate::context::Context;
use crate::exit::{Code, Failure};
use crate::files::{read_bounded, refuse_to_overwrite, write_document};
use crate::output::table::fields;

#[derive(Debug, Args)]
pub(crate) struct MakeAnchor {
    /// Where to write it
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// The block: its height, or "finalized" for the last finalized one
    #[arg(long, value_name = "BLOCK", default_value = "0", conflicts_with = "chain_spec")]
    block: AnchorBlock,
    /// Take the first block from this raw chain specification, and ask no node
    #[arg(long, value_name = "FILE")]
    chain_spec: Option<PathBuf>,
    /// Overwrite a file that exists
    #[arg(long)]
    force: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AnchorBlock {
    /// The last finalized one.
    Finalized,
    /// The one of this height.
    Height(BlockNumber),
}

impl FromStr for AnchorBlock {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "finalized" => Ok(Self::Finalized),
            height => height
                .parse()
                .map(Self::Height)
                .map_err(|_| format!("\"{height}\" is neither a height nor \"finalized\"")),
        }
    }
}

pub(crate) async fn run(context: &Context, args: MakeAnchor) -> Result<(), Failure> {
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
            let chain = context.chain().await?;
            match args.block {
                AnchorBlock::Height(0) => genesis_anchor(&chain).await?,
                AnchorBlock::Height(height) => anchor_at(&chain, Some(height)).await?,
                AnchorBlock::Finalized => anchor_at(&chain, None).await?,
            }
        }
    };
    write_document(&args.output, (anchor.to_json() + "\n").into_bytes(), args.force).await?;
    let value = json!({ "file": args.output, "anchor": anchor });
    context.out.result(&value, || {
        let time = anchor.time.map_or(String::new(), |time| format!(", {time}"));
        fields(&[
            ("chain", anchor.genesis.to_string()),
            ("block", format!("{} ({}){time}", anchor.block.number, anchor.block.hash)),
            ("validators", format!("{} (set {})", anchor.authorities.len(), anchor.set_id)),
            ("source", anchor.note.clone().unwrap_or_default()),
            ("file", args.output.display().to_string()),
        ])
    })
}

/// `--genesis` holds without a node too.
fn refuse_another_chain(context: &Context, anchor: TrustAnchor) -> Result<TrustAnchor, Failure> {
    match context.global.genesis {
        Some(expected) if expected != anchor.genesis.0 => Err(Failure::new(
            Code::Unreachable,
            format!("another chain: the specification's genesis is {}", anchor.genesis),
        )
        .advise("check --genesis and --chain-spec; nothing was written")),
        _ => Ok(anchor),
    }
}

fn bad_specification(path: &std::path::Path, error: &BadSpecification) -> Failure {
    let failure = Failure::new(Code::Refused, format!("the chain specification {}: {error}", path.display()));
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
        assert_eq!("7".parse(), Ok(AnchorBlock::Height(7)));
        assert_eq!("finalized".parse(), Ok(AnchorBlock::Finalized));
        assert!("latest".parse::<AnchorBlock>().unwrap_err().contains("finalized"));
        assert!("-1".parse::<AnchorBlock>().is_err());
    }
}
