//! `wonbon company`: register, change, withdraw and show a company.

use clap::{Args, Subcommand};
use serde::Serialize;
use serde_json::json;
use wonbon_client::chain::{Call, Included, Until, View};
use wonbon_model::words::{parse_typed, Term};
use wonbon_model::{json, AccountId, Ksic, Profile, Region, RegistrationNumber, Role, Roles, SizeClass};
use wonbon_primitives::company::BadRegistrationNumber;
use wonbon_primitives::BoundedVec;

use super::transaction::included;
use crate::context::Context;
use crate::exit::{Failure, Result};
use crate::failures::no_company;
use crate::lines;
use crate::output::object::With;
use crate::output::table::Table;

#[derive(Debug, Subcommand)]
pub(crate) enum Company {
    /// Register your company; the registrar then verifies it
    Register(Register),
    /// Change what is given and keep the rest
    Update(Update),
    /// Withdraw your registration before it is verified; the deposit comes back
    Withdraw,
    /// Show a company, or with --all every registered one
    Show(Show),
}

#[derive(Debug, Args)]
pub(crate) struct Register {
    /// Name (상호)
    #[arg(long)]
    name: String,
    /// Business registration number (사업자등록번호), 000-00-00000
    #[arg(long)]
    number: String,
    /// Industry (KSIC, 한국표준산업분류), for example C29
    #[arg(long)]
    ksic: Ksic,
    /// Size: small, medium, mid_market, large or institute
    #[arg(long, value_parser = parse_typed::<SizeClass>)]
    size: SizeClass,
    /// Region: ISO 3166-2 code such as KR-41, or the short name such as 경기
    #[arg(long)]
    region: Region,
    /// What the company does: provider, consumer, auditor, inspector (may be given more than once)
    #[arg(long = "role", value_parser = parse_typed::<Role>, value_delimiter = ',', default_values = ["provider", "consumer"])]
    roles: Vec<Role>,
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
    /// The account [default: that of --key]
    account: Option<AccountId>,
    /// Show every company on the chain
    #[arg(long, conflicts_with = "account")]
    all: bool,
}

/// Not a matter of the command line: a wrong check digit is a value that is refused.
fn number(text: &str) -> Result<RegistrationNumber> {
    text.parse::<RegistrationNumber>().map_err(|error| {
        let name = match error {
            BadRegistrationNumber::Form => "BadForm",
            BadRegistrationNumber::CheckDigit => "BadCheckDigit",
        };
        Failure::refused(format!("the registration number {text}: {error}"))
            .named(name)
            .advise("copy it from the business registration certificate (사업자등록증)")
    })
}

pub(crate) async fn run(context: &Context, command: Company) -> Result<()> {
    match command {
        Company::Register(args) => register(context, args).await,
        Company::Update(args) => update(context, args).await,
        Company::Withdraw => withdraw(context).await,
        Company::Show(args) => show(context, args).await,
    }
}

fn checked_name(name: &str) -> Result<BoundedVec<u8, wonbon_primitives::bounds::NameBound>> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Failure::refused("the name is empty"));
    }
    BoundedVec::try_from(name.as_bytes().to_vec()).map_err(|_| {
        let limit = wonbon_primitives::bounds::MAX_NAME;
        Failure::refused(format!("the name has {} bytes; at most {limit}", name.len()))
    })
}

async fn register(context: &Context, args: Register) -> Result<()> {
    let profile = Profile {
        name: checked_name(&args.name)?,
        registration_number: number(&args.number)?,
        ksic: args.ksic,
        size: args.size,
        region: args.region,
        roles: Roles::from_iter(args.roles),
    };
    let (chain, key, done) = context.submit(&Call::register_company(profile)).await?;
    context.out.note("Registered. A registrar has to verify the company before it can offer or order.");
    print(context, &chain.finalized().await?, &key.account(), Some(&done)).await
}

async fn update(context: &Context, args: Update) -> Result<()> {
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

async fn withdraw(context: &Context) -> Result<()> {
    let (_, key, done) = context.submit(&Call::withdraw_registration()).await?;
    let account = key.account().to_string();
    let value = With { record: json!({ "account": account }), more: included(&done) };
    context.out.result(&value, || format!("Withdrew the registration of {account}; the deposit is back."))
}

#[derive(Serialize)]
struct Companies {
    companies: Vec<json::Participant>,
}

async fn show(context: &Context, args: Show) -> Result<()> {
    let view = context.view().await?;
    if !args.all {
        return print(context, &view, &context.account_or(args.account)?, None).await;
    }
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
