//! `wonbon authority`: what the registrar and the issuer decide.
//!
//! On a development chain a call goes through `sudo`; elsewhere it is a motion of the council: proposed here,
//! voted on and closed with the sub-commands below.

use clap::{Args, Subcommand};
use serde_json::{json, Value};
use wonbon_client::chain::{Call, Chain, Included, Until};
use wonbon_client::chain::{ChainEvent, CouncilEvent};
use wonbon_client::keys::Keypair;
use wonbon_model::words::amount;
use wonbon_model::{AccountId, Profile, RegistrationNumber};
use wonbon_primitives::id::to_hex;
use wonbon_primitives::Digest;

use super::transaction::{included, reason};
use crate::arguments::digest;
use crate::context::Context;
use crate::exit::{Code, Failure};
use crate::failures::unknown;
use crate::records::word;

/// What the registrar and the issuer decide: sudo on a development chain, a council motion elsewhere.
#[derive(Debug, Subcommand)]
pub enum Authority {
    /// Verify that an account speaks for the company with its registration number
    Verify {
        /// Its account
        account: AccountId,
        /// The number that was checked [default: the one that the account claims now]
        #[arg(long)]
        number: Option<RegistrationNumber>,
    },
    /// Suspend a company: it can offer and order no more; what is ordered runs its course
    Suspend {
        /// Its account
        account: AccountId,
        /// Why; public
        #[arg(long)]
        reason: String,
    },
    /// Reinstate a suspended company
    Reinstate {
        /// Its account
        account: AccountId,
    },
    /// Accredit an auditor or inspector, for all of its roles of that kind
    Accredit {
        /// Its account
        account: AccountId,
    },
    /// Revoke an accreditation
    Revoke {
        /// Its account
        account: AccountId,
    },
    /// Credit money that came in by bank transfer
    Credit {
        /// To whom
        account: AccountId,
        /// How much, in KRW
        #[arg(value_parser = amount::parse_krw)]
        amount: u128,
        /// The bank's reference of the transfer; each is credited once
        #[arg(long, value_name = "TEXT")]
        reference: String,
    },
    /// Vote on a motion (members of the council)
    Vote(Motion),
    /// Close a motion: it runs if it was carried
    Close(Motion),
}

/// A motion before the council.
#[derive(Debug, Args)]
pub struct Motion {
    /// The motion's hash, as it was printed when it was proposed
    #[arg(value_parser = digest)]
    motion: Digest,
    /// The motion's number
    #[arg(long)]
    index: u32,
    /// Vote against it
    #[arg(long)]
    no: bool,
}

/// Weight and length that a motion of ours stays below; the chain checks the true ones.
const CLOSE_REF_TIME: u64 = 100_000_000_000;
const CLOSE_PROOF_SIZE: u64 = 1_000_000;
const CLOSE_LENGTH: u32 = 10_000;

/// Runs it.
pub async fn run(context: &Context, command: Authority) -> Result<(), Failure> {
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
        Authority::Reinstate { account } => (format!("reinstated {account}"), Call::reinstate(account)),
        Authority::Accredit { account } => {
            let roles = company(context, &account).await?.roles.needing_accreditation();
            let named: Vec<_> = roles.iter().map(|role| word(&role)).collect();
            (format!("accredited {account}: {}", named.join(", ")), Call::accredit(account, roles))
        }
        Authority::Revoke { account } => {
            (format!("revoked the accreditation of {account}"), Call::revoke_accreditation(account))
        }
        Authority::Credit { account, amount, reference } => (
            format!("credited {} to {account}", amount::krw(amount)),
            Call::credit(account, amount, bank_reference(&reference)?),
        ),
        Authority::Vote(motion) => return vote(context, motion).await,
        Authority::Close(motion) => return close(context, motion).await,
    };
    let (chain, key) = context.chain_and_key().await?;
    if chain.finalized().await?.sudo_key().await? == Some(key.account()) {
        let done = chain.submit(&key, &Call::sudo(call), Until::Finalized).await?;
        return finish(context, &what, "sudo", &done, None);
    }
    propose(context, &chain, &key, &what, call).await
}

/// What a company says of itself now.
async fn company(context: &Context, account: &AccountId) -> Result<Profile, Failure> {
    let record = context.chain().await?.finalized().await?.participant(account).await?;
    record.map(|record| record.profile).ok_or_else(|| unknown(format!("company with the account {account}")))
}

/// A bank reference as the chain takes it: the runtime does not even decode a longer one.
fn bank_reference(text: &str) -> Result<Vec<u8>, Failure> {
    const LIMIT: usize = 64;
    let text = text.trim();
    if text.is_empty() || text.len() > LIMIT || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Failure::new(
            Code::Refused,
            format!(
                "--reference must be 1 to {LIMIT} printable ASCII characters without spaces; this has {}",
                text.len()
            ),
        )
        .named("BadReference"));
    }
    Ok(text.as_bytes().to_vec())
}

async fn propose(
    context: &Context,
    chain: &Chain,
    key: &Keypair,
    what: &str,
    call: Call,
) -> Result<(), Failure> {
    let members = chain.finalized().await?.council().await?;
    if !members.contains(&key.account()) {
        return Err(Failure::new(
            Code::Refused,
            format!("{} is neither sudo nor on the council", key.account()),
        )
        .advise(
            "on a development chain use --key dev:Alice; elsewhere a member of the council proposes it",
        ));
    }
    let seats = u32::try_from(members.len()).unwrap_or(u32::MAX);
    // Two thirds of the council decide for the registrar and the issuer.
    let threshold = seats.saturating_mul(2).div_ceil(3);
    let length = u32::try_from(chain.encode_call(&call).await?.len()).unwrap_or(u32::MAX);
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
            finish(context, &format!("proposed: {what}"), "motion", &done, Some(motion))
        }
        // Where one vote is enough it was done at once.
        None => finish(context, what, "council", &done, None),
    }
}

async fn vote(context: &Context, args: Motion) -> Result<(), Failure> {
    let (chain, key) = context.chain_and_key().await?;
    let call = Call::council_vote(args.motion, args.index, !args.no);
    let done = chain.submit(&key, &call, Until::Finalized).await?;
    let what = if args.no { "voted against the motion" } else { "voted for the motion" };
    finish(context, what, "vote", &done, None)
}

async fn close(context: &Context, args: Motion) -> Result<(), Failure> {
    let (chain, key) = context.chain_and_key().await?;
    let call = Call::council_close(args.motion, args.index, CLOSE_REF_TIME, CLOSE_PROOF_SIZE, CLOSE_LENGTH);
    let done = chain.submit(&key, &call, Until::Finalized).await?;
    let carried =
        done.events.iter().any(|event| matches!(event, ChainEvent::Council(CouncilEvent::Approved { .. })));
    let what = if carried { "closed: the motion was carried and ran" } else { "closed: the motion was lost" };
    finish(context, what, "close", &done, None)
}

fn finish(
    context: &Context,
    what: &str,
    by: &str,
    done: &Included,
    motion: Option<Value>,
) -> Result<(), Failure> {
    let value = json!({ "done": what, "by": by, "motion": motion, "transaction": included(done) });
    context.out.result(&value, || format!("{what} (block {})", done.block.height))
}
