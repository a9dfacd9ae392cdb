//! `wonbon seal` and `open`: packages by hand, without chain or service.

use std::path::{Path, PathBuf};
use std::time::Instant;
use wonbon_model::words::{duration, size};

use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::json;
use wonbon_package::files::{open_file, seal_file, Watch};
use wonbon_package::Sealed;
use wonbon_primitives::id::to_hex;
use wonbon_primitives::seal::ContentKey;
use wonbon_primitives::OsRng;
use zeroize::Zeroizing;

use crate::context::Context;
use crate::data_file::data_length;
use crate::exit::{Code, Failure, Result};

#[derive(Debug, Args)]
pub(crate) struct Seal {
    /// The file to seal
    file: PathBuf,
    /// Where to write the package [default: FILE.sealed]
    #[arg(short, long, value_name = "PACKAGE")]
    output: Option<PathBuf>,
    /// Where to write the content key, which only you can read [default: PACKAGE.key]
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Open {
    /// The package to open
    package: PathBuf,
    /// Where to write the data
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// The key file that `wonbon seal` wrote [default: PACKAGE.key]
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
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

pub(crate) async fn seal(context: &Context, args: Seal) -> Result<()> {
    context.handle_interrupts();
    let length = data_length(&args.file)?;
    let package = args.output.unwrap_or_else(|| beside(&args.file, ".sealed"));
    let key_file = args.key_file.unwrap_or_else(|| beside(&package, ".key"));
    if key_file.exists() {
        return Err(Failure::refused(format!("{} exists already", key_file.display())).advise(
            "a content key is never overwritten; choose another name, or remove it with its package",
        ));
    }
    let key = ContentKey::generate(&mut OsRng);
    let begun = Instant::now();
    let content_key = Zeroizing::new(hex::encode(key.expose()));
    let target = package.clone();
    let seal = move |watch: &Watch<'_>| seal_file(&args.file, &target, &key, watch);
    let sealed = context.pass("sealing", length, seal).await?;
    let seconds = begun.elapsed();
    let kept = KeyFile { schema: KEY_SCHEMA.into(), content_key, sealed };
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
    let lines = [
        ("dataset", to_hex(&sealed.plain.root)),
        ("sealed root", to_hex(&sealed.sealed.root)),
        ("key commitment", to_hex(&sealed.key_commitment)),
        ("length", size::bytes_exact(length)),
        ("package", package.display().to_string()),
        ("content key", format!("{} (keep it secret)", key_file.display())),
        ("took", rate(seconds, length)),
    ];
    context.out.fields(&value, &lines)
}

fn write_key(kept: &KeyFile, path: &Path) -> Result<()> {
    let failed = |error: String| {
        Failure::new(Code::Failure, format!("cannot write the content key to {}: {error}", path.display()))
    };
    let bytes = Zeroizing::new(serde_json::to_vec(kept).map_err(|error| failed(error.to_string()))?);
    wonbon_client::files::create_new(path, &bytes).map_err(|error| failed(error.to_string()))
}

pub(crate) async fn open(context: &Context, args: Open) -> Result<()> {
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
    let output = args.output.clone();
    let open = move |watch: &Watch<'_>| open_file(&args.package, &output, &key, &sealed, watch);
    context.pass("opening", sealed.plain.length, open).await?;
    let seconds = begun.elapsed();
    let value = json!({
        "file": args.output,
        "dataset": to_hex(&sealed.plain.root),
        "length": sealed.plain.length,
        "seconds": seconds.as_secs_f64(),
    });
    let lines = [
        ("dataset", format!("{} (every block verified)", to_hex(&sealed.plain.root))),
        ("length", size::bytes_exact(sealed.plain.length)),
        ("file", args.output.display().to_string()),
        ("took", rate(seconds, sealed.plain.length)),
    ];
    context.out.fields(&value, &lines)
}

/// `1.2 s (850.0 MiB a second)`.
fn rate(time: std::time::Duration, length: u64) -> String {
    let rate = length as f64 / time.as_secs_f64().max(1e-9);
    format!("{} ({} a second)", duration::duration(time), size::bytes(rate as u64))
}
