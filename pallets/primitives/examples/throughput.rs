//! Throughput of sealing, checking and opening a file, one JSON object a line.
//!
//! `cargo run --release -p wonbon-primitives --example throughput -- FILE`: the package and the opened file are
//! written beside FILE and removed. Times include the sync to disk and the rename.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};
use wonbon_primitives::{
    seal::ContentKey,
    stream::{check_package, commit_file, open_file, seal_file, verify_package, StreamError, Watch},
    OsRng,
};

fn main() -> ExitCode {
    let Some(file) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("usage: throughput FILE");
        return ExitCode::from(2);
    };
    match measure(&file) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(file: &Path) -> Result<(), StreamError> {
    let (package, opened) = (file.with_extension("package"), file.with_extension("opened"));
    let key = ContentKey::generate(&mut OsRng);
    let none = Watch::none();

    timed("commit", file, || commit_file(file, &none))?;
    let sealed = timed("seal", file, || seal_file(file, &package, &key, &none))?;
    timed("check", file, || check_package(&package, &key, &sealed, &none))?;
    timed("verify", file, || verify_package(&package, &sealed.sealed, &sealed.plain.root, &none))?;
    timed("open", file, || open_file(&package, &opened, &key, &sealed, &none))?;
    // They are ours, and what stays is only in the way.
    let _ = (fs::remove_file(&package), fs::remove_file(&opened));
    Ok(())
}

fn timed<T>(
    name: &str,
    file: &Path,
    work: impl FnOnce() -> Result<T, StreamError>,
) -> Result<T, StreamError> {
    let bytes = fs::metadata(file).map_or(0, |metadata| metadata.len());
    let start = Instant::now();
    let result = work()?;
    let seconds = start.elapsed().as_secs_f64();
    println!(
        r#"{{"name":"{name}","value":{:.1},"unit":"MB/s","seconds":{seconds:.3}}}"#,
        bytes as f64 / seconds / 1e6
    );
    Ok(result)
}
