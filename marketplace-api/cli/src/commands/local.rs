//! `wonbon seal`, `open`, `hash`, `profile`: work on files by hand, without chain or service.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::context::Context;
use crate::exit::Failure;
use crate::output::table::{fields, Align, Table};
use crate::output::units;
use crate::profile::{data_length, profile_file, short_last_block, FormatChoice, Options, Profile};
use crate::profile::Encoding;

/// A file to describe.
#[derive(Debug, Args)]
pub struct ProfileFile {
    /// The file
    file: PathBuf,
    /// How to read it
    #[command(flatten)]
    reading: Reading,
}

/// How to read a data file.
#[derive(Clone, Copy, Debug, Args)]
pub struct Reading {
    /// What the file is
    #[arg(long, value_enum, default_value_t)]
    format: FormatChoice,
    /// The text encoding of a CSV file
    #[arg(long, value_enum, default_value_t)]
    encoding: Encoding,
    /// Refuse rows that do not fit the header in place of warning about them
    #[arg(long)]
    strict: bool,
}

impl Reading {
    /// The same for the profiler.
    pub fn options(self) -> Options {
        Options { format: self.format, encoding: self.encoding, strict: self.strict }
    }
}

/// Runs `profile`.
pub async fn profile(context: &Context, args: ProfileFile) -> Result<(), Failure> {
    let length = data_length(&args.file)?;
    let bar = context.out.bar("profiling", length);
    let profile = profile_file(&args.file, args.reading.options(), &|bytes| bar.add(bytes))?;
    drop(bar);
    warn(context, &profile, length);
    let mut value = json!(profile);
    value["length"] = json!(length);
    context.out.result(&value, || {
        let mut lines = vec![("format", profile.format.media_type().to_owned()), ("length", units::bytes_exact(length))];
        if let Some(rows) = profile.rows {
            lines.push(("rows", units::thousands(rows.into())));
        }
        format!("{}{}", fields(&lines), columns(&profile))
    })
}

/// Says on standard error what a buyer will be told.
pub fn warn(context: &Context, profile: &Profile, length: u64) {
    profile.warnings.iter().for_each(|warning| context.out.warn(warning));
    if let Some(rest) = short_last_block(length) {
        context.out.warn(format!(
            "the last block has only {rest} {}: whoever holds the sealed payload can guess it and confirm the guess",
            if rest == 1 { "byte" } else { "bytes" }
        ));
    }
}

/// The columns of a profile as a table.
pub fn columns(profile: &Profile) -> String {
    if profile.columns.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&[
        ("COLUMN", Align::Left),
        ("TYPE", Align::Left),
        ("MISSING", Align::Right),
        ("DISTINCT", Align::Right),
        ("MIN", Align::Right),
        ("MAX", Align::Right),
    ]);
    for column in &profile.columns {
        let end = |end: &Option<crate::profile::Scalar>| end.as_ref().map(ToString::to_string).unwrap_or_default();
        table.row([
            column.name.clone(),
            column.kind.word().to_owned(),
            units::thousands(column.missing.into()),
            column.distinct.map(|count| units::thousands(count.into())).unwrap_or_default(),
            end(&column.min),
            end(&column.max),
        ]);
    }
    table.to_string()
}
