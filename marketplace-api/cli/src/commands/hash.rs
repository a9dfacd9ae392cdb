//! `wonbon hash`: the dataset id of a file.

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use serde_json::json;
use wonbon_package::files::{commit_file, Watch};
use wonbon_primitives::id::to_hex;

use crate::blocking::blocking;
use crate::context::Context;
use crate::data_file::data_length;
use crate::exit::Failure;

#[derive(Debug, Args)]
pub(crate) struct Hash {
    /// The file to hash
    file: PathBuf,
}

pub(crate) async fn run(context: &Context, args: Hash) -> Result<(), Failure> {
    context.handle_interrupts();
    let length = data_length(&args.file)?;
    let begun = Instant::now();
    let commitment = {
        let bar = context.out.bar("hashing", length);
        let (stop, file) = (context.stop.clone(), args.file.clone());
        blocking(move || {
            let progress = |done| bar.set(done);
            let watch = Watch::none().on_progress(&progress).cancelled_by(&stop);
            Ok(commit_file(&file, &watch)?)
        })
        .await?
    };
    let seconds = begun.elapsed().as_secs_f64();
    let root = to_hex(&commitment.root);
    let value = json!({ "file": args.file, "dataset": root, "length": length, "seconds": seconds });
    context.out.result(&value, || format!("{root}  {}", args.file.display()))
}
