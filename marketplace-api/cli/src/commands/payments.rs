//! What the issuer decides about money: credit that came in, redemptions that go out, mistakes, and the treasury.

use std::path::PathBuf;

use clap::Subcommand;
use wonbon_client::chain::Call;
use wonbon_model::words::amount;
use wonbon_model::AccountId;

use super::credit::{found, read_payee};
use super::transaction::reason;
use crate::context::Context;
use crate::exit::{Failure, Result};

#[derive(Debug, Subcommand)]
pub(crate) enum Payment {
    /// Credit money that came in by bank transfer
    Credit {
        /// The account that gets it
        account: AccountId,
        /// The amount, in KRW
        #[arg(value_parser = amount::parse_krw)]
        amount: u128,
        /// The bank's reference of the transfer; each can be credited only once
        #[arg(long, value_name = "TEXT")]
        reference: String,
    },
    /// A redemption was paid out by bank transfer: burn it
    ConfirmRedemption {
        /// Its number, see `wonbon credit list --all`
        redemption: u64,
        /// The bank account that it was paid to, as its holder gave it: compared with what the chain has
        #[arg(long, value_name = "FILE")]
        payee: PathBuf,
        /// The bank's reference of the transfer
        #[arg(long, value_name = "TEXT")]
        reference: String,
    },
    /// A redemption is not paid out: give the money back to its holder
    RejectRedemption {
        /// Its number
        redemption: u64,
        /// The reason, which everyone can read
        #[arg(long)]
        reason: String,
    },
    /// Take back what was credited by mistake
    ReverseCredit {
        /// The bank's reference of the transfer that was credited
        #[arg(value_name = "REFERENCE")]
        reference: String,
        /// How much of it, in KRW
        #[arg(value_parser = amount::parse_krw)]
        amount: u128,
        /// The reason, which everyone can read
        #[arg(long)]
        reason: String,
    },
    /// Spend what fees brought in
    Spend {
        /// The account that gets it
        account: AccountId,
        /// The amount, in KRW
        #[arg(value_parser = amount::parse_krw)]
        amount: u128,
        /// What for, which everyone can read
        #[arg(long)]
        reason: String,
    },
}

/// What is decided, in words and as a call.
pub(super) async fn call(context: &Context, payment: Payment) -> Result<(String, Call)> {
    Ok(match payment {
        Payment::Credit { account, amount, reference } => (
            format!("credited {} to {account}", amount::krw(amount)),
            Call::credit(account, amount, bank_reference(&reference)?),
        ),
        Payment::ConfirmRedemption { redemption, payee, reference } => {
            let record = found(&context.view().await?, redemption).await?;
            // Whoever pays to another account than the one that was named pays twice.
            if read_payee(&payee)?.digest() != record.payee {
                let text =
                    format!("redemption {redemption} is to be paid to another bank account than this file's");
                return Err(Failure::refused(text)
                    .named("OtherPayee")
                    .advise("ask its holder for the file that `wonbon credit redeem` wrote"));
            }
            (
                format!("redemption {redemption} of {} is paid out", amount::krw(record.amount)),
                Call::confirm_redemption(redemption, bank_reference(&reference)?),
            )
        }
        Payment::RejectRedemption { redemption, reason: why } => {
            let record = found(&context.view().await?, redemption).await?;
            (
                format!("rejected redemption {redemption} of {}", amount::krw(record.amount)),
                Call::reject_redemption(redemption, reason(&why)?),
            )
        }
        Payment::ReverseCredit { reference, amount, reason: why } => (
            format!("took {} back of the transfer {reference}", amount::krw(amount)),
            Call::reverse_credit(bank_reference(&reference)?, amount, reason(&why)?),
        ),
        Payment::Spend { account, amount, reason: why } => (
            format!("paid {} of the treasury to {account}", amount::krw(amount)),
            Call::spend_treasury(account, amount, reason(&why)?),
        ),
    })
}

/// A bank reference as the chain takes it: the runtime does not even decode a longer one.
fn bank_reference(text: &str) -> Result<Vec<u8>> {
    const MAX_REFERENCE: usize = 64;
    let text = text.trim();
    if text.is_empty() || text.len() > MAX_REFERENCE || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        let text = format!(
            "--reference must be 1 to {MAX_REFERENCE} printable ASCII characters without spaces; this has {}",
            text.len()
        );
        return Err(Failure::refused(text).named("BadReference"));
    }
    Ok(text.as_bytes().to_vec())
}
