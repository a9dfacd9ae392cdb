//! `wonbon authority`: what the registrar and the issuer decide.
//!
//! On a development chain a call goes through `sudo`; elsewhere it is a motion of the council: proposed here,
//! voted on and closed with the sub-commands below.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::{json, Value};
use wonbon_client::chain::{Call, Chain, Included, Until};
use wonbon_client::chain::{ChainEvent, CouncilEvent};
use wonbon_client::keys::Keypair;
use wonbon_model::words::{amount, Term};
use wonbon_model::{AccountId, Profile, RegistrationNumber};
use wonbon_primitives::id::to_hex;
use wonbon_primitives::Digest;

use super::transaction::{included, reason};
use crate::arguments::digest;
use crate::context::Context;
use crate::exit::{Failure, Result};
use crate::failures::no_company;
use crate::output::object::With;

#[derive(Debug, Subcommand)]
pub(crate) enum Authority {
    /// Confirm that an account belongs to the company with its registration number
    Verify {
        /// The company's account
        account: AccountId,
        /// The number that was checked [default: the one that the account states now]
        #[arg(long)]
        number: Option<RegistrationNumber>,
    },
    /// Suspend a company: it cannot offer or order any more; orders that were placed go on
    Suspend {
        /// The company's account
        account: AccountId,
        /// The reason, which everyone can read
        #[arg(long)]
        reason: String,
    },
    /// Reinstate a suspended company
    Reinstate(Company),
    /// Accredit an auditor or inspector, for all its roles that need it
    Accredit(Company),
    /// Revoke an accreditation
    Revoke(Company),
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
    /// Vote on a motion (for members of the council)
    Vote(Motion),
    /// Close a motion; it takes effect if it was carried
    Close(Motion),
}

#[derive(Debug, Args)]
pub(crate) struct Company {
    /// The company's account
    account: AccountId,
}

#[derive(Debug, Args)]
pub(crate) struct Motion {
    /// The motion's hash, which was printed when it was proposed
    #[arg(value_parser = digest)]
    motion: Digest,
    /// The motion's number
    #[arg(long)]
    index: u32,
    /// Vote against it
    #[arg(long)]
    no: bool,
}

/// What a motion of ours stays below, in the units of weights (picoseconds, and bytes of proof) and in bytes of the
/// call; the chain checks the true values.
const MAX_MOTION_TIME: u64 = 100_000_000_000;
const MAX_MOTION_PROOF: u64 = 1_000_000;
const MAX_MOTION_LENGTH: u32 = 10_000;

pub(crate) async fn run(context: &Context, command: Authority) -> Result<()> {
    let (what, call) = match command {
        // The call names what was decided about, so that nobody exchanges it before a motion is carried out.
        Authority::Verify { account, number } => {
            let claimed = company(context, &account).await?.registration_number;
            let number = number.unwrap_or(claimed);
            (
                format!("verified {account} as the company with the number {number}"),
                Call::verify(account, number),
            )
        }
        Authority::Suspend { account, reason: why } => {
            (format!("suspended {account}"), Call::suspend(account, reason(&why)?))
        }
        Authority::Reinstate(Company { account }) => {
            (format!("reinstated {account}"), Call::reinstate(account))
        }
        Authority::Accredit(Company { account }) => {
            let roles = company(context, &account).await?.roles.needing_accreditation();
            let named: Vec<_> = roles.iter().map(|role| role.word()).collect();
            (format!("accredited {account}: {}", named.join(", ")), Call::accredit(account, roles))
        }
        Authority::Revoke(Company { account }) => {
            (format!("revoked the accreditation of {account}"), Call::revoke_accreditation(account))
        }
        Authority::Credit { account, amount, reference } => (
            format!("credited {} to {account}", amount::krw(amount)),
            Call::credit(account, amount, bank_reference(&reference)?),
        ),
        Authority::ConfirmRedemption { redemption, payee, reference } => {
            let record = super::credit::found(&context.view().await?, redemption).await?;
            // Whoever pays to another account than the one that was named pays twice.
            let payee = super::credit::read_payee(&payee)?;
            if payee.digest() != record.payee {
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
        Authority::RejectRedemption { redemption, reason: why } => {
            let record = super::credit::found(&context.view().await?, redemption).await?;
            (
                format!("rejected redemption {redemption} of {}", amount::krw(record.amount)),
                Call::reject_redemption(redemption, reason(&why)?),
            )
        }
        Authority::ReverseCredit { reference, amount, reason: why } => (
            format!("took {} back of the transfer {reference}", amount::krw(amount)),
            Call::reverse_credit(bank_reference(&reference)?, amount, reason(&why)?),
        ),
        Authority::Spend { account, amount, reason: why } => (
            format!("paid {} of the treasury to {account}", amount::krw(amount)),
            Call::spend_treasury(account, amount, reason(&why)?),
        ),
        Authority::Vote(motion) => return vote(context, motion).await,
        Authority::Close(motion) => return close_motion(context, motion).await,
    };
    let (chain, key) = context.chain_and_key().await?;
    if chain.finalized().await?.sudo_key().await? == Some(key.account()) {
        let done = chain.submit(&key, &Call::sudo(call), Until::Finalized).await?;
        return print(context, &what, "sudo", &done, None);
    }
    propose(context, &chain, &key, &what, call).await
}

/// What a company says of itself now.
async fn company(context: &Context, account: &AccountId) -> Result<Profile> {
    let record = context.view().await?.participant(account).await?;
    Ok(record.ok_or_else(|| no_company(account))?.profile)
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

async fn propose(context: &Context, chain: &Chain, key: &Keypair, what: &str, call: Call) -> Result<()> {
    let members = chain.finalized().await?.council().await?;
    if !members.contains(&key.account()) {
        let text = format!("{} is neither sudo nor on the council", key.account());
        return Err(Failure::refused(text).advise(
            "on a development chain use --key dev:Alice; elsewhere a member of the council proposes it",
        ));
    }
    let seats = u32::try_from(members.len()).unwrap_or(u32::MAX);
    // Two thirds of the council decide for the registrar and the issuer.
    let threshold = seats.saturating_mul(2).div_ceil(3);
    let length = u32::try_from(chain.encode_call(&call)?.len()).unwrap_or(u32::MAX);
    let motion = Call::council_propose(threshold, call, length);
    let done = chain.submit(key, &motion, Until::Finalized).await?;
    let proposed = done.events.iter().find_map(|event| match event {
        ChainEvent::Council(CouncilEvent::Proposed { proposal_index, proposal_hash, .. }) => {
            Some((*proposal_hash, *proposal_index))
        }
        _ => None,
    });
    match proposed {
        Some((hash, index)) => {
            chain.submit(key, &Call::council_vote(hash, index, true), Until::Finalized).await?;
            context.out.note(format!(
                "Proposed, and voted for. {threshold} of {seats} members must vote for it:\n  \
                 wonbon authority vote {hash} --index {index}\nthen:\n  \
                 wonbon authority close {hash} --index {index}",
                hash = to_hex(&hash),
            ));
            let motion = json!({ "hash": to_hex(&hash), "index": index, "threshold": threshold });
            print(context, &format!("proposed: {what}"), "motion", &done, Some(motion))
        }
        // Where one vote is enough it was done at once.
        None => print(context, what, "council", &done, None),
    }
}

async fn vote(context: &Context, args: Motion) -> Result<()> {
    let (.., done) = context.submit(&Call::council_vote(args.motion, args.index, !args.no)).await?;
    let what = if args.no { "voted against the motion" } else { "voted for the motion" };
    print(context, what, "vote", &done, None)
}

async fn close_motion(context: &Context, args: Motion) -> Result<()> {
    let call =
        Call::council_close(args.motion, args.index, MAX_MOTION_TIME, MAX_MOTION_PROOF, MAX_MOTION_LENGTH);
    let (.., done) = context.submit(&call).await?;
    let carried =
        done.events.iter().any(|event| matches!(event, ChainEvent::Council(CouncilEvent::Approved { .. })));
    let what = if carried { "closed: the motion was carried and ran" } else { "closed: the motion was lost" };
    print(context, what, "close", &done, None)
}

fn print(context: &Context, what: &str, by: &str, done: &Included, motion: Option<Value>) -> Result<()> {
    let record = json!({ "done": what, "by": by, "motion": motion });
    let value = With { record, more: included(done) };
    context.out.result(&value, || format!("{what} (block {})", done.block.height))
}
