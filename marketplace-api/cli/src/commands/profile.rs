//! `wonbon profile`: what a file holds, as it would be published.

use std::path::{Path, PathBuf};
use wonbon_model::words::{amount, size};

use clap::Args;
use serde_json::json;
use wonbon_profile::{Profile, Profiled};

use crate::context::Context;
use crate::data_file::{self, data_length, Reading};
use crate::descriptions::columns;
use crate::exit::Result;
use crate::guessable::guessable_last_block;
use crate::output::table::fields;

#[derive(Debug, Args)]
pub(crate) struct ProfileFile {
    /// The file to describe
    file: PathBuf,
    #[command(flatten)]
    reading: Reading,
}

pub(crate) async fn run(context: &Context, args: ProfileFile) -> Result<()> {
    context.handle_interrupts();
    let length = data_length(&args.file)?;
    let Profiled { profile, .. } = profile_of(context, &args.file, args.reading, length).await?;
    warn(context, &profile, &args.file, length)?;
    let mut value = profile.document();
    value["length"] = json!(length);
    context.out.result(&value, || {
        let mut lines =
            vec![("format", profile.format.media_type().to_owned()), ("length", size::bytes_exact(length))];
        if let Some(rows) = profile.rows {
            lines.push(("rows", amount::number(rows)));
        }
        format!("{}{}", fields(&lines), columns(&profile))
    })
}

/// Profiles a file with a progress bar.
pub(crate) async fn profile_of(
    context: &Context,
    path: &Path,
    reading: Reading,
    length: u64,
) -> Result<Profiled> {
    let path = path.to_owned();
    context.steps("profiling", length, move |progress| data_file::profile(&path, reading, progress)).await
}

/// Says on standard error what a buyer will be told, and what anybody might guess.
pub(crate) fn warn(context: &Context, profile: &Profile, path: &Path, length: u64) -> Result<()> {
    profile.warnings.iter().for_each(|warning| context.out.warn(warning));
    if let Some(bits) = guessable_last_block(path, length)? {
        context.out.warn(format!(
            "the last block can be guessed: only about {bits} bits of it are unknown to somebody who knows what such data \
             look like. Whoever has the sealed file, or a sample with its neighbours, can find out whether a guess is right; \
             a longer last block, or one that says more, cannot be guessed"
        ));
    }
    Ok(())
}
