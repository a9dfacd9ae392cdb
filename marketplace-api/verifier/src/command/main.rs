//! The `wonbon-verify` command: checks a certificate and prints what it proves.
//!
//! Promises: the exit code says whether the certificate is valid, invalid or unreadable, and a reason goes with every
//! refusal; with `--json` exactly one JSON object goes to standard output, whatever the outcome. It reads the files
//! that it is given, writes the page that it is asked for, and opens nothing else.

mod outcome;
mod output;

use clap::Parser;
use outcome::Failure;
use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
    process::ExitCode,
};
use wonbon_package::files::Watch;
use wonbon_verifier::{
    anchor,
    certificate::MAX_SIZE,
    data::{self, BadFile},
    report::{self, Extras},
    shown, verify, Anchors, Certificate, Description, Report, TrustAnchor, Unreadable,
};

const EXIT_CODES: &str = "\
Exit codes:
  0  valid: the certificate proves what is printed
  1  invalid: it does not prove what it says, or the file is not the dataset, or the sample does not hold
  2  the command line is not right, or the anchors contradict each other
  3  unreadable: a file is damaged, newer than this program, or cannot be read
  4  the page or what is proved cannot be written
  5  valid, but with warnings: know them before you rely on it";

/// Checks a Wonbon certificate of origin and trade history, with no network.
///
/// A certificate is checked against what you already trust: a trust anchor, that is the keys of the consortium's
/// validators at some block. Get one from the consortium, or make it from a chain specification or a node that you
/// trust with `wonbon trust-anchor -o FILE`.
#[derive(Parser)]
#[command(name = "wonbon-verify", version, after_help = EXIT_CODES)]
struct Arguments {
    /// The certificate, binary or JSON.
    certificate: PathBuf,
    /// A trust anchor; several make it harder to pass off another history.
    #[arg(long, value_name = "ANCHOR")]
    trust: Vec<PathBuf>,
    /// The dataset's file: check that it is what the certificate is about.
    #[arg(long, value_name = "DATA")]
    file: Option<PathBuf>,
    /// A metadata document of the dataset or of an ancestor, for its title; it must be one that the chain names. May be
    /// given more than once.
    #[arg(long, value_name = "DOCUMENT")]
    metadata: Vec<PathBuf>,
    /// A sample of the dataset, chosen or fair, or a proof of rows: check it against the certificate, and print its rows.
    #[arg(long, value_name = "SAMPLE")]
    sample: Option<PathBuf>,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
    /// Write the certificate as a page to print, or a page that says why it is refused.
    #[arg(long, value_name = "OUT")]
    html: Option<PathBuf>,
}

impl Arguments {
    /// The files that are read.
    fn inputs(&self) -> impl Iterator<Item = &PathBuf> {
        [&self.certificate]
            .into_iter()
            .chain(&self.trust)
            .chain(&self.file)
            .chain(&self.metadata)
            .chain(&self.sample)
    }
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return outcome::usage(&error),
    };
    let checked = prepare(&arguments).and_then(|()| page(&arguments, check(&arguments)));
    outcome::print(&checked, arguments.json)
}

/// What can be told before anything is read.
fn prepare(arguments: &Arguments) -> Result<(), Failure> {
    if arguments.trust.is_empty() {
        return Err(Failure::usage(
            "no trust anchor: give one with --trust ANCHOR. The consortium publishes it; `wonbon trust-anchor -o \
             FILE` makes one from a chain specification or a node that you trust",
        ));
    }
    if let Some(page) = &arguments.html {
        if let Some(input) = output::is_input(page, arguments.inputs()) {
            return Err(Failure::usage(format_args!("--html would write over {}", input.display())));
        }
    }
    Ok(())
}

/// Writes the page, if it is asked for. No older one stays where a certificate was refused.
fn page(
    arguments: &Arguments,
    checked: Result<(Report, Extras), Failure>,
) -> Result<(Report, Extras), Failure> {
    let Some(path) = &arguments.html else { return checked };
    let html = match &checked {
        Ok((report, extras)) => Some(report::html(report, extras)),
        Err(failure) => failure.html(),
    };
    let written = html.map_or(Ok(()), |html| output::write(path, &html));
    match (checked, written) {
        (Ok(_), Err(error)) => Err(Failure::page(path, error)),
        (Err(failure), Err(error)) => {
            // The refusal is what matters, and has the exit code.
            Failure::page(path, error).complain();
            Err(failure)
        }
        (checked, Ok(())) => checked,
    }
}

fn check(arguments: &Arguments) -> Result<(Report, Extras), Failure> {
    let anchors = arguments.trust.iter().map(|path| anchor(path)).collect::<Result<Vec<_>, _>>()?;
    let anchors = Anchors::new(anchors).map_err(Failure::usage)?;
    let path = &arguments.certificate;
    let certificate = read(path, MAX_SIZE)?;
    if certificate.len() as u64 > MAX_SIZE {
        return Err(Failure::refused(path, Unreadable::TooLarge { limit: MAX_SIZE }));
    }
    let certificate = Certificate::read(&certificate).map_err(|refusal| Failure::refused(path, refusal))?;
    let report = verify(&certificate, &anchors).map_err(|refusal| Failure::refused(path, refusal))?;
    if let Some(file) = &arguments.file {
        data::check(file, &report.claims.dataset, &Watch::none()).map_err(|error| match error {
            BadFile::Refused(refusal) => Failure::refused(file, refusal),
            BadFile::Unreadable(error) => Failure::file(file, error),
        })?;
    }
    let descriptions = arguments.metadata.iter().map(|path| {
        let document = read(path, Description::MAX_SIZE)?;
        Description::read(&document, &report.claims).map_err(|refusal| Failure::refused(path, refusal))
    });
    let descriptions = descriptions.collect::<Result<Vec<_>, _>>()?;
    let sample = match &arguments.sample {
        Some(path) => {
            let file = read(path, shown::MAX_SIZE)?;
            let found = shown::check(&file, &report.claims, &descriptions);
            Some(found.map_err(|refusal| Failure::refused(path, refusal))?)
        }
        None => None,
    };
    Ok((report, Extras { file_matches: arguments.file.is_some(), descriptions, sample }))
}

fn anchor(path: &Path) -> Result<TrustAnchor, Failure> {
    let json = read(path, anchor::MAX_SIZE)?;
    TrustAnchor::from_json(&json).map_err(|error| Failure::file(path, error))
}

/// Reads a file; of one that is larger than the limit one byte more than that.
fn read(path: &Path, limit: u64) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(limit + 1).read_to_end(&mut bytes))
        .map_err(|error| Failure::file(path, error))?;
    Ok(bytes)
}
