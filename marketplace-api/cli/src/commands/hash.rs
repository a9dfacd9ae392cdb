//! `wonbon hash`: the dataset id of a file.

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use serde_json::json;
use wonbon_package::files::commit_file;
use wonbon_primitives::id::to_hex;

use crate::context::Context;
use crate::data_file::data_length;
use crate::exit::Result;

#[derive(Debug, Args)]
pub(crate) struct Hash {
    /// The file to hash
    file: PathBuf,
}

pub(crate) async fn run(context: &Context, args: Hash) -> Result<()> {
    context.handle_interrupts();
    let length = data_length(&args.file)?;
    let begun = Instant::now();
    let file = args.file.clone();
    let commitment = context.pass("hashing", length, move |watch| commit_file(&file, watch)).await?;
    let seconds = begun.elapsed().as_secs_f64();
    let root = to_hex(&commitment.root);
    let value = json!({ "file": args.file, "dataset": root, "length": length, "seconds": seconds });
    context.out.result(&value, || format!("{root}  {}", args.file.display()))
}
