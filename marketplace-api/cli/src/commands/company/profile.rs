//! A company's own record: registered, changed, withdrawn, shown.

use clap::Args;
use serde::Serialize;
use serde_json::json;
use wonbon_client::chain::{Call, Included, Until, View};
use wonbon_client::exchange::cost::Cost;
use wonbon_model::words::{parse_typed, Term};
use wonbon_model::{json, AccountId, Ksic, Region, Role, Roles, SizeClass};

use crate::commands::consent::{ask_for, Answer, Consent};
use crate::commands::identity::{checked_name, number, Identity};
use crate::commands::transaction::included;
use crate::context::Context;
use crate::exit::{Failure, Result};
use crate::failures::no_company;
use crate::lines;
use crate::output::object::With;
use crate::output::table::Table;

#[derive(Debug, Args)]
pub(crate) struct Register {
    #[command(flatten)]
    identity: Identity,
    #[command(flatten)]
    consent: Consent,
}

#[derive(Debug, Args)]
pub(crate) struct Update {
    /// Name (상호)
    #[arg(long)]
    name: Option<String>,
    /// Business registration number; it cannot change once verified
    #[arg(long)]
    number: Option<String>,
    /// Industry (KSIC)
    #[arg(long)]
    ksic: Option<Ksic>,
    /// Size: small, medium, mid_market, large or institute
    #[arg(long, value_parser = parse_typed::<SizeClass>)]
    size: Option<SizeClass>,
    /// Region
    #[arg(long)]
    region: Option<Region>,
    /// All its roles from now on
    #[arg(long = "role", value_parser = parse_typed::<Role>, value_delimiter = ',')]
    roles: Vec<Role>,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The account [default: the company or the account that --key acts for]
    account: Option<AccountId>,
    /// Show every company on the chain
    #[arg(long, conflicts_with = "account")]
    all: bool,
}

pub(super) async fn register(context: &Context, args: Register) -> Result<()> {
    let profile = args.identity.profile()?;
    let (chain, key) = context.chain_and_own_key().await?;
    let view = chain.finalized().await?;
    let about = vec![
        ("account", key.account().to_string()),
        ("name", wonbon_model::text(&profile.name)),
        ("registration", profile.registration_number.to_string()),
    ];
    let cost = Cost::of_registration(&view.deposits()?);
    let asked = (about, "Register this company? Everyone can read it.");
    if ask_for(context, (&view, &key), &cost, asked, args.consent).await? == Answer::Stop {
        return Ok(());
    }
    let done = chain.submit(&key, &Call::register_company(profile), Until::Finalized).await?;
    context.out.note("Registered. A registrar has to verify the company before it can offer or order.");
    print(context, &chain.finalized().await?, &key.account(), Some(&done)).await
}

pub(super) async fn update(context: &Context, args: Update) -> Result<()> {
    let (chain, key) = context.chain_and_key().await?;
    let record = chain.finalized().await?.participant(&key.account()).await?;
    let mut profile = record.ok_or_else(|| not_registered(&key.account()))?.profile;
    if let Some(name) = &args.name {
        profile.name = checked_name(name)?;
    }
    if !args.roles.is_empty() {
        profile.roles = Roles::from_iter(args.roles);
    }
    if let Some(text) = &args.number {
        profile.registration_number = number(text)?;
    }
    profile.ksic = args.ksic.unwrap_or(profile.ksic);
    profile.size = args.size.unwrap_or(profile.size);
    profile.region = args.region.unwrap_or(profile.region);
    let done = chain.submit(&key, &Call::update_profile(profile), Until::Finalized).await?;
    print(context, &chain.finalized().await?, &key.account(), Some(&done)).await
}

pub(super) async fn withdraw(context: &Context) -> Result<()> {
    let (_, key, done) = context.submit(&Call::withdraw_registration()).await?;
    let account = key.account().to_string();
    let value = With { record: json!({ "account": account }), more: included(&done) };
    context.out.result(&value, || format!("Withdrew the registration of {account}; the deposit is back."))
}

#[derive(Serialize)]
struct Companies {
    companies: Vec<json::Participant>,
}

pub(super) async fn show(context: &Context, args: Show) -> Result<()> {
    if !args.all {
        let (view, account) = context.view_and_account(args.account).await?;
        return print(context, &view, &account, None).await;
    }
    let view = context.view().await?;
    let all = view.participants().await?;
    let companies = all.iter().map(|(account, record)| json::Participant::new(*account, record)).collect();
    context.out.result(&Companies { companies }, || {
        let rows = all.iter().map(|(account, record)| {
            [
                wonbon_model::text(&record.profile.name),
                record.profile.registration_number.to_string(),
                record.standing.word().to_owned(),
                account.to_string(),
            ]
        });
        Table::new(["NAME", "NUMBER", "STANDING", "ACCOUNT"], rows).to_string()
    })
}

/// Prints a company as it stands in the last finalized block.
async fn print(context: &Context, view: &View, account: &AccountId, done: Option<&Included>) -> Result<()> {
    let record = view.participant(account).await?.ok_or_else(|| not_registered(account))?;
    let value = With { record: json::Participant::new(*account, &record), more: done.map(included) };
    context.out.fields(&value, &lines::participant(account, &record))
}

fn not_registered(account: &AccountId) -> Failure {
    no_company(account).advise("register it with `wonbon company register`")
}
