//! Who acts for a company: shown, changed, removed.

use clap::Args;
use serde::Serialize;
use serde_json::json;
use wonbon_client::chain::{Call, Included, Until};
use wonbon_model::words::amount;
use wonbon_model::{json, AccountId, Balance, BlockNumber, CompanyFacts, MemberRoles};

use crate::commands::membership::{
    acting_company, company_name, confirm, day_limit, renew_secrets, roles, roles_text, shares_secrets,
    update_secrets,
};
use crate::commands::transaction::included;
use crate::context::Context;
use crate::exit::{Code, Failure, Result};
use crate::failures::{no_company, no_member};
use crate::lines::Line;
use crate::output::object::With;
use crate::output::table::{fields, Table};

#[derive(Debug, Args)]
pub(crate) struct Members {
    /// The company [default: the one that --key acts for]
    account: Option<AccountId>,
}

#[derive(Debug, Args)]
pub(crate) struct Change {
    /// The member's account
    member: AccountId,
    /// All they may do from now on: admin, buy, sell, deliver, attest, money, with commas between them
    #[arg(long, value_name = "ROLES", value_parser = roles, required_unless_present = "limit")]
    roles: Option<MemberRoles>,
    /// Won a day that their acts may take of the company's money
    #[arg(long, value_name = "KRW", value_parser = amount::parse_krw)]
    limit: Option<Balance>,
}

#[derive(Debug, Args)]
pub(crate) struct Leave {
    /// Leave without being asked
    #[arg(long)]
    yes: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Remove {
    /// The member's account
    member: AccountId,
    /// Remove them without being asked
    #[arg(long)]
    yes: bool,
}

/// A company with its members, as of a block.
#[derive(Serialize)]
struct Company {
    at: BlockNumber,
    company: AccountId,
    name: String,
    #[serde(flatten)]
    record: json::Company,
    people: Vec<json::Member>,
}

pub(super) async fn members(context: &Context, args: Members) -> Result<()> {
    let (chain, company) = context.chain_and_account(args.account).await?;
    let view = chain.finalized().await?;
    let name = company_name(&view, &company).await?;
    let record = view.company(&company).await?.ok_or_else(|| {
        Failure::refused(format!("the company {company} has its own key, and no members")).named("NoCompany")
    })?;
    let people = view.members(&company).await?;
    let (recovery, former_numbers) = (view.recovery(&company).await?, view.former_numbers(&company).await?);
    let facts = CompanyFacts { record, recovery, former_numbers };
    let value = Company {
        at: view.block().height,
        company,
        name: name.clone(),
        record: json::Company::new(&facts),
        people: people
            .iter()
            .map(|found| json::Member::new((company, found.account), &found.record))
            .collect(),
    };
    context.out.result(&value, || {
        let rows = people.iter().map(|found| {
            [
                found.account.to_string(),
                roles_text(found.record.roles),
                amount::krw(found.record.day_limit),
                found.record.joined_at.to_string(),
            ]
        });
        let table = Table::new(["MEMBER", "ROLES", "A DAY>", "SINCE BLOCK>"], rows);
        format!("{}{table}At block {}.", fields(&about(&company, &name, &facts)), view.block().height)
    })
}

/// What a person reads of a company before its members.
fn about(company: &AccountId, name: &str, facts: &CompanyFacts) -> Vec<Line> {
    let record = &facts.record;
    let mut lines = vec![
        ("company", format!("{name} ({company})")),
        ("established", format!("block {}", record.established_at)),
    ];
    if let Some(block) = record.recovered_at {
        let text = format!("{} times, last in block {block}: its keys were lost", record.recoveries);
        lines.push(("recovered", text));
    }
    for former in &facts.former_numbers {
        lines.push(("former number", format!("{} until block {}", former.number, former.until)));
    }
    if let Some(recovery) = &facts.recovery {
        let objection = match recovery.objected {
            true => "a member objected: only the council completes it",
            false => "whoever knows nothing of it objects: wonbon company recover object",
        };
        let text =
            format!("{} is to become admin from block {}; {objection}", recovery.admin, recovery.due_at);
        lines.push(("RECOVERY OPEN", text));
    }
    lines
}

pub(super) async fn change(context: &Context, args: Change) -> Result<()> {
    let (chain, key) = context.chain_and_key().await?;
    let company = acting_company(&key)?;
    let view = chain.finalized().await?;
    let record = view.member(&company, &args.member).await?;
    let record = record.ok_or_else(|| no_member(&args.member, &company))?;
    let roles = args.roles.unwrap_or(record.roles);
    let limit = args.limit.unwrap_or(record.day_limit);
    let done = chain.submit(&key, &Call::change_member(args.member, roles, limit), Until::Finalized).await?;
    let ended = shares_secrets(record.roles) && !shares_secrets(roles);
    match ended {
        true => renew_secrets(context, &chain, &key).await?,
        false => update_secrets(context, &chain, &key).await?,
    }
    let record = chain.finalized().await?.member(&company, &args.member).await?;
    let record = record.ok_or_else(|| no_member(&args.member, &company))?;
    let value = With { record: json::Member::new((company, args.member), &record), more: included(&done) };
    context.out.result(&value, || {
        format!("{}: {}; {}", args.member, roles_text(record.roles), day_limit(record.day_limit))
    })
}

pub(super) async fn leave(context: &Context, args: Leave) -> Result<()> {
    let (chain, key) = context.chain_and_key().await?;
    let company = acting_company(&key)?;
    let (view, member) = (chain.finalized().await?, key.signer());
    let record = view.company(&company).await?.ok_or_else(|| no_company(&company))?;
    if record.admins.as_slice() == [member] {
        return Err(Failure::new(Code::Failure, "you are the company's last admin")
            .named("LastAdmin")
            .advise("make somebody else an admin first: `wonbon company change MEMBER --roles admin`"));
    }
    let name = company_name(&view, &company).await?;
    let lines = [("company", format!("{name} ({company})")), ("you", member.to_string())];
    confirm(context, &lines, "Leave it? Only an admin can take you on again.", args.yes)?;
    let done = chain.submit(&key, &Call::remove_member(member), Until::Finalized).await?;
    context.forget_company(&chain.genesis(), &member, &company)?;
    print(context, &company, &member, &done, format!("{member} does not act for {name} any more."))
}

pub(super) async fn remove(context: &Context, args: Remove) -> Result<()> {
    let (chain, key) = context.chain_and_key().await?;
    let company = acting_company(&key)?;
    let view = chain.finalized().await?;
    let record = view.member(&company, &args.member).await?;
    let record = record.ok_or_else(|| no_member(&args.member, &company))?;
    let name = company_name(&view, &company).await?;
    let lines = [
        ("company", format!("{name} ({company})")),
        ("member", args.member.to_string()),
        ("roles", roles_text(record.roles)),
    ];
    confirm(context, &lines, "Remove them? They must sign anew to be taken on again.", args.yes)?;
    let done = chain.submit(&key, &Call::remove_member(args.member), Until::Finalized).await?;
    update_secrets(context, &chain, &key).await?;
    print(
        context,
        &company,
        &args.member,
        &done,
        format!("{} does not act for {name} any more.", args.member),
    )
}

fn print(
    context: &Context,
    company: &AccountId,
    member: &AccountId,
    done: &Included,
    text: String,
) -> Result<()> {
    let record = json!({ "company": company, "member": member, "done": "removed" });
    context.out.result(&With { record, more: included(done) }, || text)
}
