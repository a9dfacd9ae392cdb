//! `wonbon credit`: has credit paid out to a bank account, takes that back, lists what waits.
//!
//! The chain learns a hash of the bank account; the account itself is in a file that the person hands to the issuer.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde::Serialize;
use serde_json::json;
use wonbon_client::chain::{Call, ChainEvent, CreditEvent, Until, View};
use wonbon_client::exchange::cost::{Cost, Means};
use wonbon_client::files;
use wonbon_model::words::{amount, duration};
use wonbon_model::{json, BlockNumber, Redemption};
use wonbon_primitives::payee::Payee;

use super::consent::{self, Answer, Consent, Proposal};
use super::transaction::{included, Sent};
use crate::context::Context;
use crate::exit::{Code, Failure, Result};
use crate::files::{cannot_write, read_at_most};
use crate::output::object::With;
use crate::output::table::Table;

#[derive(Debug, Subcommand)]
pub(crate) enum CreditCommand {
    /// Ask for credit to be paid out to your bank account; it is on hold until that is decided
    Redeem(Redeem),
    /// Take a redemption back that is not confirmed; after its time anybody may
    Cancel {
        /// Its number, as `list` names it
        redemption: u64,
    },
    /// List redemptions that are not decided
    List {
        /// Of every account, for the issuer
        #[arg(long)]
        all: bool,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Redeem {
    /// How much, in KRW
    #[arg(value_parser = amount::parse_krw)]
    amount: u128,
    /// The bank account as a file: one that this command wrote before, or a new one for --bank, --number and --holder
    #[arg(long, value_name = "FILE")]
    payee: PathBuf,
    /// The bank's name
    #[arg(long, requires_all = ["number", "holder"])]
    bank: Option<String>,
    /// The number of the account there
    #[arg(long, requires = "bank")]
    number: Option<String>,
    /// In whose name the account is
    #[arg(long, requires = "bank")]
    holder: Option<String>,
    #[command(flatten)]
    consent: Consent,
}

pub(crate) async fn run(context: &Context, command: CreditCommand) -> Result<()> {
    match command {
        CreditCommand::Redeem(args) => redeem(context, args).await,
        CreditCommand::Cancel { redemption } => cancel(context, redemption).await,
        CreditCommand::List { all } => list(context, all).await,
    }
}

/// A redemption that was asked for.
#[derive(Serialize)]
struct Requested {
    #[serde(flatten)]
    redemption: json::Redemption,
    payee_file: String,
    #[serde(flatten)]
    sent: Sent,
}

async fn redeem(context: &Context, args: Redeem) -> Result<()> {
    let described = args.bank.zip(args.number).zip(args.holder);
    let (payee, is_new) = match described {
        Some(((bank, number), holder)) => (new_payee(&args.payee, &bank, &number, &holder)?, true),
        None => (read_payee(&args.payee)?, false),
    };
    let signer = context.account()?;
    let (view, account) = context.view_and_account(None).await?;
    let (minimum, waits) = (view.minimum_redemption()?, view.redemption_life()?);
    if args.amount < minimum {
        let text = format!("{} is less than {}, the least", amount::krw(args.amount), amount::krw(minimum));
        return Err(Failure::refused(text).named("AmountTooSmall"));
    }
    let means = Means::at(&view, &account, &signer).await?;
    let about = vec![("to", format!("{} {}, {}", payee.bank, payee.account, payee.holder))];
    let cost = Cost::of_redemption(args.amount, waits);
    let proposal = Proposal { cost: &cost, means: &means, about, question: "Have this paid out?" };
    let record = json!({ "waits_blocks": waits });
    if consent::ask(context, proposal, args.consent, record)? == Answer::Stop {
        return Ok(());
    }
    if is_new {
        write_payee(&args.payee, &payee)?;
    }
    let (chain, key) = context.chain_and_key().await?;
    let call = Call::request_redemption(args.amount, payee.digest());
    let done = chain.submit(&key, &call, Until::Finalized).await?;
    let asked = done.events.iter().find_map(|event| match event {
        ChainEvent::Credit(CreditEvent::RedemptionRequested { redemption, .. }) => Some(*redemption),
        _ => None,
    });
    let number = asked.ok_or_else(|| Failure::new(Code::Failure, "the chain names no redemption"))?;
    let record = found(&chain.finalized().await?, number).await?;
    let value = Requested {
        redemption: json::Redemption::new(number, &record),
        payee_file: args.payee.display().to_string(),
        sent: included(&done),
    };
    context.out.result(&value, || {
        format!(
            "Redemption {number}: {} are on hold. Give {} to the operator, who pays it out.",
            amount::krw(record.amount),
            args.payee.display()
        )
    })
}

async fn cancel(context: &Context, number: u64) -> Result<()> {
    let record = found(&context.view().await?, number).await?;
    let (.., done) = context.submit(&Call::cancel_redemption(number)).await?;
    let value = With { record: json::Redemption::new(number, &record), more: included(&done) };
    context.out.result(&value, || {
        format!("Redemption {number} is cancelled; {} are free again.", amount::krw(record.amount))
    })
}

#[derive(Serialize)]
struct Waiting {
    at: BlockNumber,
    redemptions: Vec<json::Redemption>,
}

async fn list(context: &Context, all: bool) -> Result<()> {
    let (view, own) = match all {
        true => (context.view().await?, None),
        false => {
            let (view, account) = context.view_and_account(None).await?;
            (view, Some(account))
        }
    };
    let mut waiting = view.redemptions().await?;
    waiting.retain(|(_, record)| own.is_none_or(|own| record.account == own));
    let at = view.block().height;
    let redemptions = waiting.iter().map(|(number, record)| json::Redemption::new(*number, record)).collect();
    context.out.result(&Waiting { at, redemptions }, || {
        let row = |(number, record): &(u64, Redemption)| {
            let left = match record.lapses_after.checked_sub(at) {
                Some(left) => duration::blocks(left),
                None => "lapsed".into(),
            };
            [number.to_string(), amount::krw(record.amount), left, record.account.to_string()]
        };
        Table::new(["REDEMPTION>", "AMOUNT>", "LEFT", "ACCOUNT"], waiting.iter().map(row))
            .or("No redemption waits.")
    })
}

/// A redemption that is not decided.
pub(super) async fn found(view: &View, number: u64) -> Result<Redemption> {
    view.redemption(number).await?.ok_or_else(|| {
        Failure::refused(format!("there is no redemption {number} that waits"))
            .named("NoSuchRedemption")
            .advise("see `wonbon credit list`")
    })
}

/// Most characters of a bank's name or an account's holder.
const MAX_NAME_LENGTH: usize = 100;
/// Digits of an account's number, at the least and the most that Korean banks have.
const NUMBER_LENGTH: std::ops::RangeInclusive<usize> = 8..=20;

/// A bank account that is going to be written. One that is written already has another salt, and so another hash: the
/// issuer could not tell that the two are one.
fn new_payee(path: &Path, bank: &str, number: &str, holder: &str) -> Result<Payee> {
    if path.exists() {
        return Err(Failure::refused(format!("{} is there already", path.display()))
            .named("PayeeExists")
            .advise("leave --bank, --number and --holder out to use it, or choose another name"));
    }
    described_payee(bank, number, holder)
}

/// A bank account under a new salt.
fn described_payee(bank: &str, number: &str, holder: &str) -> Result<Payee> {
    let payee = Payee {
        bank: bank.trim().to_owned(),
        account: number.trim().to_owned(),
        holder: holder.trim().to_owned(),
        salt: wonbon_client::keys::random_salt(),
    };
    check_payee(&payee).map_err(Failure::refused)?;
    Ok(payee)
}

/// The bank account in a file.
pub(super) fn read_payee(path: &Path) -> Result<Payee> {
    const MOST: u64 = 64 * 1024;
    let wrong = |reason: String| {
        Failure::refused(format!("{} names no bank account: {reason}", path.display())).named("BadPayee")
    };
    let bytes = read_at_most(path, MOST).map_err(|error| {
        wrong(error.to_string())
            .advise("describe the account with --bank, --number and --holder; it is written there")
    })?;
    if bytes.len() as u64 > MOST {
        return Err(wrong(format!("the file is longer than {MOST} bytes")));
    }
    let payee: Payee = serde_json::from_slice(&bytes).map_err(|error| wrong(error.to_string()))?;
    check_payee(&payee).map_err(wrong)?;
    Ok(payee)
}

fn write_payee(path: &Path, payee: &Payee) -> Result<()> {
    let json = serde_json::to_vec_pretty(payee).map_err(|error| {
        Failure::new(Code::Failure, format!("the bank account cannot be written: {error}"))
    })?;
    files::create_new(path, &[&json[..], b"\n"].concat()).map_err(|error| cannot_write(path, &error))
}

/// What of a bank account is none, by the name of the option that gives it.
fn check_payee(payee: &Payee) -> Result<(), String> {
    for (name, text) in [("bank", &payee.bank), ("holder", &payee.holder)] {
        let length = text.chars().count();
        if !(1..=MAX_NAME_LENGTH).contains(&length) || text.chars().any(char::is_control) {
            return Err(format!(
                "{name} must have 1 to {MAX_NAME_LENGTH} printable characters; this has {length}"
            ));
        }
    }
    let digits = payee.account.chars().filter(char::is_ascii_digit).count();
    let others = payee.account.chars().any(|letter| !letter.is_ascii_digit() && !matches!(letter, '-' | ' '));
    if others || !NUMBER_LENGTH.contains(&digits) {
        let (least, most) = (NUMBER_LENGTH.start(), NUMBER_LENGTH.end());
        return Err(format!(
            "number must have {least} to {most} digits, with hyphens if you like; this has {digits}"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bank_account_is_read_back_as_it_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("payee.json");
        let payee = described_payee(" 국민은행 ", "123456-04-123456", "한빛정밀 주식회사").unwrap();
        write_payee(&path, &payee).unwrap();
        assert_eq!(read_payee(&path).unwrap(), payee);
        assert!(write_payee(&path, &payee).is_err(), "never overwritten");
        // Nor passed over: what is asked for would name a hash that the file does not have.
        let again = new_payee(&path, "국민은행", "123456-04-123456", "한빛정밀 주식회사").unwrap_err();
        assert_eq!(again.code, Code::Refused);
        let again = described_payee("국민은행", "12345604123456", "한빛정밀 주식회사").unwrap();
        assert_ne!(payee.digest(), again.digest(), "another salt");
    }

    #[test]
    fn what_is_no_bank_account_is_refused_by_name() {
        let refused = |bank, number, holder| described_payee(bank, number, holder).unwrap_err().to_string();
        assert!(refused("", "12345678", "x").contains("bank must have"));
        assert!(refused("b", "12345678", "x\u{7}y").contains("holder must have"));
        assert!(refused("b", "1234567", "x").contains("this has 7"));
        assert!(refused("b", "12345678x", "x").contains("number must have"));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("payee.json");
        assert!(read_payee(&path).is_err());
        std::fs::write(&path, r#"{"bank":"b","account":"12345678","holder":"x","salt":"00","more":1}"#)
            .unwrap();
        assert_eq!(read_payee(&path).unwrap_err().code, Code::Refused);
    }
}
