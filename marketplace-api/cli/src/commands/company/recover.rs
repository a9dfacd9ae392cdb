//! A new admin for a company that lost its keys: proposed by the registrar, and stopped by any member who objects.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;
use wonbon_client::chain::{Call, Included, Until, View};
use wonbon_model::words::duration;
use wonbon_model::{AccountId, BlockNumber, Recovery};

use crate::commands::decision::{decide, Deciders};
use crate::commands::membership::{
    acting_company, bad_file, company_name, confirm, joining_lines, read_joining,
};
use crate::commands::transaction::included;
use crate::context::Context;
use crate::exit::{Code, Failure, Result};
use crate::lines::Line;
use crate::output::object::With;

#[derive(Debug, Subcommand)]
pub(crate) enum Recover {
    /// For the registrar: propose a new admin, as they signed it with `company join`
    Propose {
        /// The file that the new admin signed
        file: PathBuf,
        /// Propose them without being asked
        #[arg(long)]
        yes: bool,
    },
    /// For members: object to the recovery of your company; then only the council's large majority completes it
    Object {
        /// Object without being asked
        #[arg(long)]
        yes: bool,
    },
    /// Complete a recovery whose notice has passed and to which nobody objected (anyone may do it)
    Complete(One),
    /// For the registrar: take a proposed recovery back
    Cancel(One),
}

#[derive(Debug, Args)]
pub(crate) struct One {
    /// The company's account
    account: AccountId,
    /// Do it without being asked
    #[arg(long)]
    yes: bool,
}

pub(super) async fn run(context: &Context, command: Recover) -> Result<()> {
    match command {
        Recover::Propose { file, yes } => propose(context, file, yes).await,
        Recover::Object { yes } => object(context, yes).await,
        Recover::Complete(args) => complete(context, args).await,
        Recover::Cancel(args) => {
            let view = context.view().await?;
            let lines = about(&view, &args.account, &open(&view, &args.account).await?).await?;
            confirm(context, &lines, "Take this recovery back?", args.yes)?;
            let what = format!("took the recovery of {} back", args.account);
            decide(context, &what, Call::cancel_recovery(args.account), Deciders::Registrar).await
        }
    }
}

/// The recovery that is open.
async fn open(view: &View, company: &AccountId) -> Result<Recovery> {
    view.recovery(company).await?.ok_or_else(|| {
        Failure::refused(format!("there is no proposed recovery of the company {company}"))
            .named("NoRecovery")
            .advise("see `wonbon company members`")
    })
}

/// What a person reads of a recovery.
async fn about(view: &View, company: &AccountId, recovery: &Recovery) -> Result<Vec<Line>> {
    let name = company_name(view, company).await?;
    let objection = if recovery.objected { "a member objected" } else { "nobody objected" };
    Ok(vec![
        ("company", format!("{name} ({company})")),
        ("new admin", recovery.admin.to_string()),
        ("proposed", format!("block {}; {objection}", recovery.proposed_at)),
        ("completed from", due(recovery.due_at, view.block().height)),
    ])
}

fn due(at: BlockNumber, now: BlockNumber) -> String {
    match at.saturating_sub(now) {
        0 => format!("block {at}, which has passed"),
        left => format!("block {at}, {} from now", duration::blocks(left)),
    }
}

async fn propose(context: &Context, file: PathBuf, yes: bool) -> Result<()> {
    let chain = context.chain().await?;
    let signed = read_joining(&chain, &file).await?;
    signed.check_admin().map_err(|error| bad_file(&file, &error))?;
    let view = chain.finalized().await?;
    let name = company_name(&view, &signed.company).await?;
    let mut lines =
        vec![("company", format!("{name} ({})", signed.company)), ("new admin", signed.member.to_string())];
    lines.extend(joining_lines(&signed.joining, view.block().height));
    confirm(context, &lines, "Propose that they become the company's only admin?", yes)?;
    let what = format!("proposed {} as the new admin of {name}", signed.member);
    decide(context, &what, signed.recover(), Deciders::Registrar).await
}

async fn object(context: &Context, yes: bool) -> Result<()> {
    let (chain, key) = context.chain_and_key().await?;
    let company = acting_company(&key)?;
    let view = chain.finalized().await?;
    let lines = about(&view, &company, &open(&view, &company).await?).await?;
    confirm(context, &lines, "Object to it?", yes)?;
    let done = chain.submit(&key, &Call::object_to_recovery(), Until::Finalized).await?;
    print(
        context,
        &company,
        "objected",
        &done,
        "Objected: only the council's large majority completes it now.",
    )
}

async fn complete(context: &Context, args: One) -> Result<()> {
    // Anybody: no company's call, and the new admin is no member before it.
    let (chain, key) = context.chain_and_own_key().await?;
    let view = chain.finalized().await?;
    let recovery = open(&view, &args.account).await?;
    if recovery.objected {
        return Err(Failure::new(Code::Failure, "a member objected to the recovery")
            .named("RecoveryObjected")
            .advise("only the council's large majority completes it: `wonbon authority enforce-recovery`"));
    }
    let lines = about(&view, &args.account, &recovery).await?;
    confirm(context, &lines, "Complete it? The members will only finish what is open.", args.yes)?;
    let done = chain.submit(&key, &Call::complete_recovery(args.account), Until::Finalized).await?;
    let text = format!("{} is the company's only admin now.", recovery.admin);
    print(context, &args.account, "completed", &done, &text)
}

fn print(context: &Context, company: &AccountId, what: &str, done: &Included, text: &str) -> Result<()> {
    let record = json!({ "company": company, "done": what });
    context.out.result(&With { record, more: included(done) }, || text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_has_passed_or_is_told() {
        assert_eq!(due(7, 9), "block 7, which has passed");
        assert_eq!(due(37, 7), "block 37, 30 blocks (about 1 min 00 s) from now");
    }
}
