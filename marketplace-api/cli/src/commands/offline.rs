//! `wonbon seal`, `open`, `hash`, `profile`: work on files by hand, without chain or service.

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::json;
use wonbon_package::files::{commit_file, open_file, seal_file, Watch};
use wonbon_package::Sealed;
use wonbon_primitives::id::to_hex;
use wonbon_primitives::seal::ContentKey;
use wonbon_primitives::OsRng;
use wonbon_profile::{Profile, Scalar};
use zeroize::Zeroizing;

use crate::context::Context;
use crate::data_file::{self, data_length, short_last_block, Reading};
use crate::exit::{Code, Failure};
use crate::output::table::{fields, Align, Table};
use crate::output::units;

/// A file to seal.
#[derive(Debug, Args)]
pub struct Seal {
    /// The file
    file: PathBuf,
    /// The package: the sealed payload and its leaf list [default: FILE.sealed]
    #[arg(short, long, value_name = "PACKAGE")]
    output: Option<PathBuf>,
    /// Where the content key goes, readable by you only [default: PACKAGE.key]
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
}

/// A package to open.
#[derive(Debug, Args)]
pub struct Open {
    /// The package
    package: PathBuf,
    /// Where the data goes
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// The content key with what the package must be [default: PACKAGE.key]
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
}

/// A file to hash.
#[derive(Debug, Args)]
pub struct Hash {
    /// The file
    file: PathBuf,
}

/// What `seal` keeps for `open`: whoever has this file and the package has the data.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    schema: String,
    content_key: Zeroizing<String>,
    sealed: Sealed,
}

const KEY_SCHEMA: &str = "wonbon/sealing-key/1";

/// The same path with something added at its end.
fn beside(path: &Path, extension: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(extension);
    PathBuf::from(name)
}

/// Runs `seal`.
pub async fn seal(context: &Context, args: Seal) -> Result<(), Failure> {
    context.handle_interrupts();
    let length = data_length(&args.file)?;
    let package = args.output.unwrap_or_else(|| beside(&args.file, ".sealed"));
    let key_file = args.key_file.unwrap_or_else(|| beside(&package, ".key"));
    if key_file.exists() {
        return Err(Failure::new(Code::Refused, format!("{} exists already", key_file.display())).advise(
            "a content key is never overwritten; choose another name, or remove it with its package",
        ));
    }
    let key = ContentKey::generate(&mut OsRng);
    let begun = Instant::now();
    let sealed = {
        let bar = context.out.bar("sealing", length);
        let (stop, file, package, key) =
            (context.stop.clone(), args.file.clone(), package.clone(), key.clone());
        blocking(move || {
            let progress = |done| bar.set(done);
            let watch = Watch::none().on_progress(&progress).cancelled_by(&stop);
            Ok(seal_file(&file, &package, &key, &watch)?)
        })
        .await?
    };
    let seconds = begun.elapsed();
    let kept =
        KeyFile { schema: KEY_SCHEMA.into(), content_key: Zeroizing::new(hex::encode(key.expose())), sealed };
    if let Err(failure) = write_key(&kept, &key_file) {
        // A package without its key is of no use to anyone.
        let _ = std::fs::remove_file(&package);
        return Err(failure);
    }
    let value = json!({
        "package": package,
        "key_file": key_file,
        "dataset": to_hex(&sealed.plain.root),
        "sealed_root": to_hex(&sealed.sealed.root),
        "key_commitment": to_hex(&sealed.key_commitment),
        "length": length,
        "seconds": seconds.as_secs_f64(),
    });
    context.out.result(&value, || {
        fields(&[
            ("dataset", to_hex(&sealed.plain.root)),
            ("sealed root", to_hex(&sealed.sealed.root)),
            ("key commitment", to_hex(&sealed.key_commitment)),
            ("length", units::bytes_exact(length)),
            ("package", package.display().to_string()),
            ("content key", format!("{} (keep it secret)", key_file.display())),
            ("took", rate(seconds, length)),
        ])
    })
}

fn write_key(kept: &KeyFile, path: &Path) -> Result<(), Failure> {
    let failed = |error: String| {
        Failure::new(Code::Failure, format!("cannot write the content key to {}: {error}", path.display()))
    };
    let bytes = Zeroizing::new(serde_json::to_vec(kept).map_err(|error| failed(error.to_string()))?);
    wonbon_client::files::create_new(path, &bytes).map_err(|error| failed(error.to_string()))
}

/// Runs `open`.
pub async fn open(context: &Context, args: Open) -> Result<(), Failure> {
    context.handle_interrupts();
    let key_file = args.key_file.unwrap_or_else(|| beside(&args.package, ".key"));
    let refused = |reason: String| {
        Failure::new(Code::Key, format!("{}: {reason}", key_file.display()))
            .advise("name the file that `wonbon seal` wrote with --key-file")
    };
    let text = Zeroizing::new(std::fs::read(&key_file).map_err(|error| refused(error.to_string()))?);
    let kept: KeyFile = serde_json::from_slice(&text).map_err(|error| refused(error.to_string()))?;
    if kept.schema != KEY_SCHEMA {
        return Err(refused(format!("not a {KEY_SCHEMA}")));
    }
    let mut bytes = [0; 32];
    hex::decode_to_slice(kept.content_key.as_bytes(), &mut bytes)
        .map_err(|error| refused(error.to_string()))?;
    let (key, sealed) = (ContentKey::from_bytes(bytes), kept.sealed);
    let begun = Instant::now();
    {
        let bar = context.out.bar("opening", sealed.plain.length);
        let (stop, package, output) = (context.stop.clone(), args.package.clone(), args.output.clone());
        blocking(move || {
            let progress = |done| bar.set(done);
            let watch = Watch::none().on_progress(&progress).cancelled_by(&stop);
            Ok(open_file(&package, &output, &key, &sealed, &watch)?)
        })
        .await?;
    }
    let seconds = begun.elapsed();
    let value = json!({
        "file": args.output,
        "dataset": to_hex(&sealed.plain.root),
        "length": sealed.plain.length,
        "seconds": seconds.as_secs_f64(),
    });
    context.out.result(&value, || {
        fields(&[
            ("dataset", format!("{} (every block verified)", to_hex(&sealed.plain.root))),
            ("length", units::bytes_exact(sealed.plain.length)),
            ("file", args.output.display().to_string()),
            ("took", rate(seconds, sealed.plain.length)),
        ])
    })
}

/// Runs `hash`.
pub async fn hash(context: &Context, args: Hash) -> Result<(), Failure> {
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

/// `1.2 s (850.0 MiB a second)`.
fn rate(time: std::time::Duration, length: u64) -> String {
    let rate = length as f64 / time.as_secs_f64().max(1e-9);
    format!("{} ({} a second)", units::duration(time), units::bytes(rate as u64))
}

/// Runs work that reads and writes files on a thread of its own.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(Failure::new(Code::Failure, format!("a thread failed: {error}"))),
    }
}

/// A file to describe.
#[derive(Debug, Args)]
pub struct ProfileFile {
    /// The file
    file: PathBuf,
    /// How to read it
    #[command(flatten)]
    reading: Reading,
}

/// Runs `profile`.
pub async fn profile(context: &Context, args: ProfileFile) -> Result<(), Failure> {
    context.handle_interrupts();
    let length = data_length(&args.file)?;
    let profile = profile_of(context, &args.file, args.reading, length).await?;
    warn(context, &profile, length);
    let mut value = json!(profile);
    value["length"] = json!(length);
    context.out.result(&value, || {
        let mut lines =
            vec![("format", profile.format.media_type().to_owned()), ("length", units::bytes_exact(length))];
        if let Some(rows) = profile.rows {
            lines.push(("rows", units::thousands(rows.into())));
        }
        format!("{}{}", fields(&lines), columns(&profile))
    })
}

/// Profiles a file with a progress bar.
pub async fn profile_of(
    context: &Context,
    path: &Path,
    reading: Reading,
    length: u64,
) -> Result<Profile, Failure> {
    let bar = context.out.bar("profiling", length);
    let (path, stop) = (path.to_owned(), context.stop.clone());
    blocking(move || data_file::profile(&path, reading, &stop, &|bytes| bar.add(bytes))).await
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
        let end = |end: &Option<Scalar>| end.as_ref().map(ToString::to_string).unwrap_or_default();
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
