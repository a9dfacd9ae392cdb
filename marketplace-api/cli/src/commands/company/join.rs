//! How somebody comes to act for a company: an admin invites them, they sign, an admin takes them on.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;
use wonbon_client::chain::Until;
use wonbon_client::enrolment::{Invitation, SignedJoining};
use wonbon_client::exchange::cost::Cost;
use wonbon_model::words::amount;
use wonbon_model::{json, AccountId, Balance, BlockNumber, Joining, MemberRoles, NewMember};

use crate::commands::consent::{ask_for, Answer, Consent};
use crate::commands::membership::{
    acting_company, bad_file, company_name, confirm, joining_lines, place, read, read_joining, refused,
    roles, roles_text, update_secrets, write, Written,
};
use crate::commands::transaction::included;
use crate::context::Context;
use crate::exit::Result;
use crate::failures::{no_company, unknown};
use crate::output::object::With;

#[derive(Debug, Args)]
pub(crate) struct Invite {
    /// What they may do: admin, buy, sell, deliver, attest, money, with commas between them
    #[arg(long, value_name = "ROLES", value_parser = roles)]
    roles: MemberRoles,
    /// Won a day that their acts may take of the company's money
    #[arg(long, value_name = "KRW", value_parser = amount::parse_krw)]
    limit: Balance,
    #[command(flatten)]
    written: Written,
}

#[derive(Debug, Args)]
pub(crate) struct Join {
    /// The invitation
    file: PathBuf,
    /// Where to write what you signed; no file is overwritten
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Sign without being asked
    #[arg(long)]
    yes: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    /// The file that the new member signed
    file: PathBuf,
    #[command(flatten)]
    consent: Consent,
}

/// An invitation that was written.
#[derive(Serialize)]
struct Invited<'a> {
    file: &'a Path,
    company: AccountId,
    roles: MemberRoles,
    day_limit: Balance,
    expires: BlockNumber,
}

/// What was signed.
#[derive(Serialize)]
struct Joined<'a> {
    file: &'a Path,
    company: AccountId,
    member: AccountId,
    joining: NewMember,
}

/// Writes an invitation. It needs no key's passphrase: nothing is signed.
pub(super) async fn invite(context: &Context, args: Invite) -> Result<()> {
    args.written.check()?;
    let (chain, company) = context.chain_and_account(None).await?;
    let view = chain.finalized().await?;
    if view.company(&company).await?.is_none() {
        return Err(no_company(&company)
            .named("NoCompany")
            .advise("say for which company with --company ACCOUNT"));
    }
    let name = company_name(&view, &company).await?;
    let place = place(&chain).await?;
    let (roles, day_limit) = (args.roles, args.limit);
    let expires = args.written.expires(place.height);
    let invitation = Invitation { genesis: place.genesis, company, name, roles, day_limit, expires };
    let output = &args.written.output;
    write(output, invitation.to_json())?;
    let value = Invited { file: output, company, roles, day_limit, expires };
    context.out.result(&value, || {
        format!(
            "{} invites as {} until block {expires}. Whoever is to join says: wonbon company join {}",
            invitation.name,
            roles_text(roles),
            output.display()
        )
    })
}

/// Signs what an invitation says.
pub(super) async fn join(context: &Context, args: Join) -> Result<()> {
    crate::files::refuse_to_overwrite(&args.output, false)?;
    let invitation = read(&args.file, Invitation::from_json)?;
    let (chain, key) = context.chain_and_own_key().await?;
    let view = chain.finalized().await?;
    let place = place(&chain).await?;
    invitation.check(&place).map_err(|error| bad_file(&args.file, &error))?;
    let company = invitation.company;
    if view.company(&company).await?.is_none() {
        let text = format!("there is no company {company} that acts through people");
        return Err(refused(&args.file, "company", &text));
    }
    // By the chain: whoever invites could write any name.
    let name = company_name(&view, &company).await?;
    if name != invitation.name {
        return Err(refused(&args.file, "name", &format!("the company is called {name} on the chain")));
    }
    let joining = Joining {
        roles: invitation.roles.bits(),
        day_limit: invitation.day_limit,
        key: key.member_key(),
        ended: view.ended_memberships(&key.signer()).await?,
        expires: invitation.expires,
    };
    let mut lines = vec![("company", format!("{name} ({company})")), ("you", key.signer().to_string())];
    lines.extend(joining_lines(&joining, place.height));
    confirm(context, &lines, "Sign that you join this company?", args.yes)?;
    let signed = SignedJoining::sign(place.genesis, company, joining, &key);
    write(&args.output, signed.to_json())?;
    context.remember_company(&place.genesis, &key.signer(), company)?;
    let (file, member) = (&*args.output, key.signer());
    let value = Joined { file, company, member, joining: NewMember::new(&joining) };
    context.out.result(&value, || {
        format!("Signed. An admin of {name} says: wonbon company add {}", args.output.display())
    })
}

/// Takes somebody on.
pub(super) async fn add(context: &Context, args: Add) -> Result<()> {
    let (chain, key) = context.chain_and_key().await?;
    let company = acting_company(&key)?;
    let signed = read_joining(&chain, &args.file).await?;
    signed.check_company(&company).map_err(|error| bad_file(&args.file, &error))?;
    let view = chain.finalized().await?;
    let mut lines = vec![("new member", signed.member.to_string())];
    lines.extend(joining_lines(&signed.joining, view.block().height));
    let cost = Cost::of_member(&view.deposits()?, view.was_member(&signed.member).await?);
    let asked = (lines, "Take them on?");
    if ask_for(context, (&view, &key), &cost, asked, args.consent).await? == Answer::Stop {
        return Ok(());
    }
    let done = chain.submit(&key, &signed.add(), Until::Finalized).await?;
    update_secrets(context, &chain, &key).await?;
    let record = chain.finalized().await?.member(&company, &signed.member).await?;
    let record = record.ok_or_else(|| unknown(format!("member {}", signed.member)))?;
    let value = With { record: json::Member::new((company, signed.member), &record), more: included(&done) };
    context
        .out
        .result(&value, || format!("{} acts for {company} as {}.", signed.member, roles_text(record.roles)))
}
