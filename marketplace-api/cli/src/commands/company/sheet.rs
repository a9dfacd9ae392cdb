//! `wonbon company sheet`: a company's secrets on paper, and back.
//!
//! Promises: the file is readable by its owner alone, and replaces another only if that is meant; what is read back is kept
//! only if the chain knows it as the company's.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;
use wonbon_client::company::sheet::{read, Sheet, MAX_SHEET_BYTES};
use wonbon_client::files::{create_new, replace};
use wonbon_model::words::time::Time;
use wonbon_model::AccountId;
use zeroize::Zeroizing;

use super::secrets::Desk;
use crate::commands::membership::company_name;
use crate::context::colleagues::epochs;
use crate::context::Context;
use crate::exit::{Code, Failure, Result};
use crate::files::{cannot_read, cannot_write, read_at_most};

#[derive(Debug, Args)]
pub(crate) struct RecoverySheet {
    /// Where to write the sheet: a page to print (FILE.html), or its text (FILE.txt)
    #[arg(short, long, value_name = "FILE", required_unless_present = "restore", conflicts_with = "restore")]
    output: Option<PathBuf>,
    /// Read the text of a sheet, typed or scanned, and keep its secrets in this home; - reads it from standard input
    #[arg(long, value_name = "FILE")]
    restore: Option<PathBuf>,
    /// Write over what is there without being asked
    #[arg(long, requires = "output", conflicts_with = "restore")]
    force: bool,
}

/// A sheet that was written or read.
#[derive(Serialize)]
struct Done {
    company: AccountId,
    epochs: Vec<u32>,
    file: PathBuf,
}

pub(super) async fn sheet(context: &Context, args: RecoverySheet) -> Result<()> {
    match (args.output, args.restore) {
        (Some(output), _) => write(context, output, args.force).await,
        (None, Some(from)) => restore(context, from).await,
        (None, None) => Err(Failure::new(Code::Usage, "say where with -o, or read one with --restore")),
    }
}

async fn write(context: &Context, output: PathBuf, force: bool) -> Result<()> {
    let occupied = output.symlink_metadata().is_ok();
    if occupied {
        context.confirm(&format!("{} exists already. Write over it?", output.display()), force)?;
    }
    let desk = Desk::open(context).await?;
    let keyring = desk.keyring()?;
    context.bring_secrets_up_to_date(Some(&keyring)).await?;
    let view = desk.chain.finalized().await?;
    let company = *keyring.company();
    let name = company_name(&view, &company.account).await?;
    let printed = Time::of_block(view.time_ms().await?);
    let printed = printed.ok_or_else(|| Failure::new(Code::Failure, "the chain has no time of day"))?;
    let secrets = keyring.all().await?;
    let written: Vec<_> = secrets.iter().map(|secret| secret.id().epoch).collect();
    let sheet = Sheet::new(company, &name, printed, secrets)?;
    let is_text = output.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("txt"));
    let text = if is_text { sheet.text() } else { sheet.html() };
    let saved = match occupied {
        true => replace(&output, text.as_bytes()),
        false => create_new(&output, text.as_bytes()),
    };
    saved.map_err(|error| cannot_write(&output, &error))?;
    let numbers = written.iter().map(|epoch| epoch.0).collect();
    let value = Done { company: company.account, epochs: numbers, file: output };
    context.out.result(&value, || {
        format!(
            "The recovery sheet of {name} with the secrets of epoch {} is in {}.\n\
             Print it twice, keep both like the company's seal, and remove the file.\n\
             복구 용지를 두 장 인쇄해 인감처럼 따로 보관하고, 이 파일은 지우십시오.",
            epochs(&written),
            value.file.display()
        )
    })
}

async fn restore(context: &Context, from: PathBuf) -> Result<()> {
    let secrets = read(&text_of(&from)?)?;
    let desk = Desk::open(context).await?;
    let keyring = desk.keyring()?;
    let company = *keyring.company();
    let wrong = |text: String| Failure::refused(text).named("OtherCompany");
    if let Some(other) = secrets.iter().find(|secret| secret.id().company != company) {
        let other = other.id().company.account;
        return Err(wrong(format!(
            "the sheet is that of the company {other}, or of another chain; the key acts for {}",
            company.account
        )));
    }
    let restored = keyring.restore(&secrets).await?;
    if restored.is_empty() {
        return Err(wrong("the chain knows none of the sheet's secrets as the company's".to_owned())
            .advise("check that it is the newest sheet; nothing was kept"));
    }
    context.bring_secrets_up_to_date(Some(&keyring)).await?;
    let value =
        Done { company: company.account, epochs: restored.iter().map(|epoch| epoch.0).collect(), file: from };
    context
        .out
        .result(&value, || format!("The company's secrets of epoch {} are in this home.", epochs(&restored)))
}

/// The text of a file, or what is typed.
fn text_of(from: &Path) -> Result<Zeroizing<String>> {
    let most = MAX_SHEET_BYTES as u64;
    let bytes = match from == Path::new("-") {
        true => {
            let mut bytes = Vec::new();
            std::io::stdin().lock().take(most.saturating_add(1)).read_to_end(&mut bytes).map(|_| bytes)
        }
        false => read_at_most(from, most),
    };
    let text = String::from_utf8(bytes.map_err(|error| cannot_read(from, &error))?);
    text.map(Zeroizing::new)
        .map_err(|_| Failure::refused(format!("{} is no text", from.display())).named("BadSheet"))
}
