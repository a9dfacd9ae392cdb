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
    let (start, [user, system]) = (Instant::now(), cpu_seconds());
    let result = work()?;
    let seconds = start.elapsed().as_secs_f64();
    let [user, system] = [cpu_seconds()[0] - user, cpu_seconds()[1] - system];
    println!(
        r#"{{"name":"{name}","value":{:.1},"unit":"MB/s","seconds":{seconds:.3},"user_seconds":{user:.2},"system_seconds":{system:.2}}}"#,
        bytes as f64 / seconds / 1e6
    );
    Ok(result)
}

/// Processor time of this process so far, all threads, as user and in the system: what a busy machine changes little.
fn cpu_seconds() -> [f64; 2] {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // After the name in parentheses; the times are fields 14 and 15, in hundredths.
    let fields: Vec<_> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    [11, 12].map(|at| fields.get(at).and_then(|ticks| ticks.parse::<f64>().ok()).unwrap_or_default() / 100.0)
}
