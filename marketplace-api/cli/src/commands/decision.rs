//! How what the authority decides gets onto the chain: through `sudo` on a development chain, by a clerk where the daily
//! work is given to one, elsewhere as a motion of the council, which is voted on and closed.

use clap::Args;
use serde_json::{json, Value};
use wonbon_client::chain::{Call, Chain, ChainEvent, CouncilEvent, Included, ParticipantsEvent, Until};
use wonbon_client::keys::Keypair;
use wonbon_primitives::id::to_hex;
use wonbon_primitives::Digest;

use super::motion;
use super::transaction::included;
use crate::arguments::digest;
use crate::context::Context;
use crate::exit::{Failure, Result};
use crate::output::object::With;
use crate::output::table::fields;

/// Who may decide, besides `sudo` and the council.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deciders {
    /// Two thirds of the council: the registrar and the issuer.
    Registrar,
    /// The same, and the registrar's clerks.
    Clerks,
    /// Three quarters of the council.
    MostOfCouncil,
}

impl Deciders {
    /// How many of so many seats carry a motion.
    fn threshold(self, seats: u32) -> u32 {
        match self {
            Self::Registrar | Self::Clerks => seats.saturating_mul(2).div_ceil(3),
            Self::MostOfCouncil => seats.saturating_mul(3).div_ceil(4),
        }
    }
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
    /// Do it without being asked
    #[arg(long)]
    yes: bool,
}

/// What a motion of ours stays below, in the units of weights (picoseconds, and bytes of proof) and in bytes of the
/// call; the chain checks the true values.
const MAX_MOTION_TIME: u64 = 100_000_000_000;
const MAX_MOTION_PROOF: u64 = 1_000_000;
const MAX_MOTION_LENGTH: u32 = 10_000;

/// Has it decided: at once if the key's own account may, or else by a motion. `what` says what was done then.
pub(super) async fn decide(context: &Context, what: &str, call: Call, deciders: Deciders) -> Result<()> {
    let (chain, key) = context.chain_and_own_key().await?;
    let view = chain.finalized().await?;
    if view.sudo_key().await? == Some(key.signer()) {
        let done = chain.submit(&key, &Call::sudo(call), Until::Finalized).await?;
        return print(context, what, "sudo", &done, None);
    }
    if deciders == Deciders::Clerks && view.clerk(&key.signer()).await?.is_some() {
        let done = chain.submit(&key, &call, Until::Finalized).await?;
        return print(context, what, "clerk", &done, None);
    }
    propose(context, &chain, &key, what, call, deciders).await
}

async fn propose(
    context: &Context,
    chain: &Chain,
    key: &Keypair,
    what: &str,
    call: Call,
    deciders: Deciders,
) -> Result<()> {
    let members = chain.finalized().await?.council().await?;
    if !members.contains(&key.signer()) {
        let clerk = if deciders == Deciders::Clerks { ", nor a clerk of the registrar" } else { "" };
        let text = format!("{} is neither sudo nor on the council{clerk}", key.signer());
        return Err(Failure::refused(text).advise(
            "on a development chain use --key dev:Alice; elsewhere a member of the council proposes it",
        ));
    }
    let seats = u32::try_from(members.len()).unwrap_or(u32::MAX);
    let threshold = deciders.threshold(seats);
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

/// Votes on a motion.
pub(super) async fn vote(context: &Context, args: Motion) -> Result<()> {
    show(context, &args, if args.no { "Vote against this?" } else { "Vote for this?" }).await?;
    let call = Call::council_vote(args.motion, args.index, !args.no);
    let (.., done) = context.submit_for_oneself(&call).await?;
    let what = if args.no { "voted against the motion" } else { "voted for the motion" };
    print(context, what, "vote", &done, None)
}

/// Says in words what a motion does, and asks. By the state of now: one that is carried by the next vote is closed at once.
async fn show(context: &Context, args: &Motion, question: &str) -> Result<()> {
    let chain = context.chain().await?;
    let view = chain.finalized().await?;
    let found = view.motion(&chain, &args.motion).await?;
    let found = found.filter(|found| found.index == args.index).ok_or_else(|| {
        Failure::refused(format!(
            "there is no open motion {} with the hash {}",
            args.index,
            to_hex(&args.motion)
        ))
        .named("NoMotion")
        .advise("`wonbon authority queue` shows those that are open")
    })?;
    context.out.note(fields(&motion::lines(&view, &found).await?).trim_end());
    context.confirm(question, args.yes)
}

/// Closes a motion.
pub(super) async fn close_motion(context: &Context, args: Motion) -> Result<()> {
    show(context, &args, "Close this? It takes effect if it was carried.").await?;
    let call =
        Call::council_close(args.motion, args.index, MAX_MOTION_TIME, MAX_MOTION_PROOF, MAX_MOTION_LENGTH);
    let (.., done) = context.submit_for_oneself(&call).await?;
    let carried =
        done.events.iter().any(|event| matches!(event, ChainEvent::Council(CouncilEvent::Approved { .. })));
    let what = if carried { "closed: the motion was carried and ran" } else { "closed: the motion was lost" };
    print(context, what, "close", &done, None)
}

fn print(context: &Context, what: &str, by: &str, done: &Included, motion: Option<Value>) -> Result<()> {
    let mut record = json!({ "done": what, "by": by, "motion": motion });
    // Only now the chain has an account for it.
    let established = done.events.iter().find_map(|event| match event {
        ChainEvent::Participants(ParticipantsEvent::Established { company, .. }) => Some(company.to_string()),
        _ => None,
    });
    let mut text = format!("{what} (block {})", done.block.height);
    if let Some(company) = established {
        text.push_str(&format!("\nThe company's account is {company}."));
        record["company"] = json!(company);
    }
    context.out.result(&With { record, more: included(done) }, || text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_motion_needs_what_the_chain_asks_for() {
        for (seats, two_thirds, three_quarters) in [(1, 1, 1), (3, 2, 3), (4, 3, 3), (5, 4, 4), (9, 6, 7)] {
            assert_eq!(Deciders::Registrar.threshold(seats), two_thirds);
            assert_eq!(Deciders::MostOfCouncil.threshold(seats), three_quarters);
        }
    }
}
