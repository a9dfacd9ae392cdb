//! Throughput of sealing, checking and opening a file, one JSON object a line.
//!
//! `cargo run --release -p wonbon-package --example throughput -- FILE`: the package and the opened file are
//! written beside FILE and removed. Times include the sync to disk and the rename. What is read is in the page cache
//! before, as it is for whatever this is compared with on the same file; `cold` is the check of a package that is not.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};
use wonbon_package::files::{
    check_package, commit_file, open_file, seal_file, verify_package, FileError, Watch,
};
use wonbon_primitives::{seal::ContentKey, OsRng};

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

fn measure(file: &Path) -> Result<(), FileError> {
    let (package, opened) = (file.with_extension("package"), file.with_extension("opened"));
    let key = ContentKey::generate(&mut OsRng);
    let none = Watch::none();

    warm(file);
    timed("commit", file, || commit_file(file, &none))?;
    let sealed = timed("seal", file, || seal_file(file, &package, &key, &none))?;
    timed("cold", file, || check_package(&package, &key, &sealed, &none))?;
    warm(&package);
    timed("check", file, || check_package(&package, &key, &sealed, &none))?;
    timed("verify", file, || verify_package(&package, &sealed.sealed, &sealed.plain.root, &none))?;
    timed("open", file, || open_file(&package, &opened, &key, &sealed, &none))?;
    // They are ours, and what stays is only in the way.
    let _ = (fs::remove_file(&package), fs::remove_file(&opened));
    Ok(())
}

/// Reads a file into the page cache. What cannot be read fails later, in what is measured.
fn warm(file: &Path) {
    let _ = fs::File::open(file).and_then(|mut open| io::copy(&mut open, &mut io::sink()));
}

fn timed<T>(name: &str, file: &Path, work: impl FnOnce() -> Result<T, FileError>) -> Result<T, FileError> {
    let bytes = fs::metadata(file).map_or(0, |metadata| metadata.len());
    let (start, cpu) = (Instant::now(), cpu_seconds());
    let result = work()?;
    let (seconds, cpu) = (start.elapsed().as_secs_f64(), cpu_seconds() - cpu);
    println!(
        r#"{{"name":"{name}","value":{:.1},"unit":"MB/s","seconds":{seconds:.3},"cpu_seconds":{cpu:.2}}}"#,
        bytes as f64 / seconds / 1e6
    );
    Ok(result)
}

/// Processor time of this process so far, all threads, user and system: what a busy machine does not change.
fn cpu_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // After the name in parentheses; the times are fields 14 and 15, in hundredths.
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}
