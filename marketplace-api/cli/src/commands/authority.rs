//! `wonbon authority`: what the registrar, the issuer and the council decide.
//!
//! How it is decided says `decision`. What cannot be undone by the same people is shown and asked for first.

use clap::{Args, Subcommand};
use wonbon_client::chain::Call;
use wonbon_model::words::{duration, parse_typed, Term};
use wonbon_model::{text, AccountId, BlockNumber, Ksic, Profile, RegistrationNumber, SizeClass};

use super::decision::{close_motion, decide, vote, Deciders, Motion};
use super::identity::checked_name;
use super::transaction::reason;
use super::{lasting, payments, queue};
use crate::context::Context;
use crate::exit::{Code, Failure, Result};
use crate::failures::no_company;
use crate::lines::Line;
use crate::output::table::fields;

#[derive(Debug, Subcommand)]
pub(crate) enum Authority {
    /// Show what waits: applications for companies, motions of the council and redemptions, each in words
    Queue,
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
    #[command(flatten)]
    Payment(payments::Payment),
    #[command(flatten)]
    Lasting(lasting::Lasting),
    /// Confirm a verified company's name, industry and size anew, and keep the rest of its record
    ConfirmIdentity(ConfirmIdentity),
    /// Give a verified company another registration number; the former one is noted, and free
    ChangeNumber {
        /// The company's account
        account: AccountId,
        /// The new number
        number: RegistrationNumber,
        /// Decide without being asked
        #[arg(long)]
        yes: bool,
    },
    /// Move a number from the company that has it to a pending one that claims it: an impostor was verified
    MoveNumber {
        /// The company that has it; it is pending then
        #[arg(long)]
        from: AccountId,
        /// The company that claims it; it is verified then
        #[arg(long)]
        to: AccountId,
        /// The reason, which everyone can read
        #[arg(long)]
        reason: String,
        /// Decide without being asked
        #[arg(long)]
        yes: bool,
    },
    /// Take a verification back: the company is pending again, and its number free
    Unverify {
        /// The company's account
        account: AccountId,
        /// The reason, which everyone can read
        #[arg(long)]
        reason: String,
        /// Decide without being asked
        #[arg(long)]
        yes: bool,
    },
    /// Let somebody establish and verify so many companies a day
    Appoint {
        /// The clerk's account
        account: AccountId,
        /// How many decisions a day
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
        daily: u32,
    },
    /// Let somebody do that no more
    Dismiss(Company),
    /// Complete the recovery of a company although a member objected (three quarters of the council)
    EnforceRecovery {
        /// The company's account
        account: AccountId,
        /// Decide without being asked
        #[arg(long)]
        yes: bool,
    },
    /// Extend all windows for delivery and dispute that are open, when finality lagged; nothing shortens them again
    ExtendWindows {
        /// By how many blocks; a day has 43,200
        #[arg(value_name = "BLOCKS", value_parser = clap::value_parser!(u32).range(1..))]
        blocks: BlockNumber,
        /// Decide without being asked
        #[arg(long)]
        yes: bool,
    },
    /// See what a motion does, and vote on it (for members of the council)
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
#[group(required = true, multiple = true)]
pub(crate) struct Confirmed {
    /// Name (상호)
    #[arg(long)]
    name: Option<String>,
    /// Industry (KSIC, 한국표준산업분류), for example C29
    #[arg(long)]
    ksic: Option<Ksic>,
    /// Size: small, medium, mid_market, large or institute
    #[arg(long, value_parser = parse_typed::<SizeClass>)]
    size: Option<SizeClass>,
}

#[derive(Debug, Args)]
pub(crate) struct ConfirmIdentity {
    /// The company's account
    account: AccountId,
    #[command(flatten)]
    confirmed: Confirmed,
    /// Decide without being asked
    #[arg(long)]
    yes: bool,
}

pub(crate) async fn run(context: &Context, command: Authority) -> Result<()> {
    let deciders = match command {
        Authority::Verify { .. } => Deciders::Clerks,
        _ => Deciders::Registrar,
    };
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
        Authority::Payment(payment) => payments::call(context, payment).await?,
        Authority::ConfirmIdentity(args) => confirm_identity(context, args).await?,
        Authority::ChangeNumber { account, number, yes } => {
            let profile = company(context, &account).await?;
            let lines = [
                ("company", format!("{} ({account})", text(&profile.name))),
                ("number", profile.registration_number.to_string()),
                ("new number", number.to_string()),
            ];
            ask(context, &lines, "Change the registration number?", yes)?;
            (format!("changed the number of {account} to {number}"), Call::change_number(account, number))
        }
        Authority::MoveNumber { from, to, reason: why, yes } => {
            let (impostor, true_one) = (company(context, &from).await?, company(context, &to).await?);
            let lines = [
                ("number", impostor.registration_number.to_string()),
                ("from", format!("{} ({from}), which is pending then", text(&impostor.name))),
                ("to", format!("{} ({to}), which is verified then", text(&true_one.name))),
                ("reason", why.clone()),
            ];
            ask(context, &lines, "Move the registration number?", yes)?;
            (format!("moved the number of {from} to {to}"), Call::move_number(from, to, reason(&why)?))
        }
        Authority::Unverify { account, reason: why, yes } => {
            let profile = company(context, &account).await?;
            let lines = [
                ("company", format!("{} ({account})", text(&profile.name))),
                ("number", profile.registration_number.to_string()),
                ("reason", why.clone()),
            ];
            ask(context, &lines, "Take the verification back?", yes)?;
            (format!("took the verification of {account} back"), Call::unverify(account, reason(&why)?))
        }
        Authority::Appoint { account, daily } => (
            format!("appointed {account} as clerk, for {daily} decisions a day"),
            Call::appoint_clerk(account, daily),
        ),
        Authority::Dismiss(Company { account }) => {
            (format!("dismissed the clerk {account}"), Call::dismiss_clerk(account))
        }
        Authority::Lasting(command) => return lasting::run(context, command).await,
        Authority::EnforceRecovery { account, yes } => return enforce(context, account, yes).await,
        Authority::ExtendWindows { blocks, yes } => {
            let open = context.view().await?.orders().await?.len();
            let lines = [
                ("open orders", open.to_string()),
                ("longer by", duration::blocks(blocks)),
                ("for ever", "no decision takes it back".to_owned()),
            ];
            ask(context, &lines, "Extend all open windows?", yes)?;
            (format!("extended all open windows by {blocks} blocks"), Call::extend_windows(blocks))
        }
        Authority::Queue => return queue::run(context).await,
        Authority::Vote(motion) => return vote(context, motion).await,
        Authority::Close(motion) => return close_motion(context, motion).await,
    };
    decide(context, &what, call, deciders).await
}

/// Shows what is decided, and asks.
fn ask(context: &Context, lines: &[Line], question: &str, yes: bool) -> Result<()> {
    context.out.note(fields(lines).trim_end());
    context.confirm(question, yes)
}

/// The decision on a company's name, industry and size.
async fn confirm_identity(context: &Context, args: ConfirmIdentity) -> Result<(String, Call)> {
    let ConfirmIdentity { account, confirmed: Confirmed { name, ksic, size }, yes } = args;
    let before = company(context, &account).await?;
    let mut profile = before.clone();
    if let Some(name) = &name {
        profile.name = checked_name(name)?;
    }
    profile.ksic = ksic.unwrap_or(profile.ksic);
    profile.size = size.unwrap_or(profile.size);
    let shown = |before: String, after: String| match before == after {
        true => format!("{after} (as before)"),
        false => format!("{after} (before: {before})"),
    };
    let lines = [
        ("company", account.to_string()),
        ("registration", profile.registration_number.to_string()),
        ("name", shown(text(&before.name), text(&profile.name))),
        ("industry", shown(before.ksic.to_string(), profile.ksic.to_string())),
        ("size", shown(before.size.label(), profile.size.label())),
    ];
    ask(context, &lines, "Confirm this?", yes)?;
    Ok((format!("confirmed who {account} is"), Call::confirm_identity(account, profile)))
}

/// Decides on a recovery to which a member objected.
async fn enforce(context: &Context, account: AccountId, yes: bool) -> Result<()> {
    let view = context.view().await?;
    let recovery = view.recovery(&account).await?.ok_or_else(|| {
        Failure::new(Code::Refused, format!("there is no proposed recovery of the company {account}"))
            .named("NoRecovery")
    })?;
    let name = view.company_name(&account).await?.unwrap_or_default();
    let objected = if recovery.objected { "a member objected" } else { "nobody objected" };
    let lines = [
        ("company", format!("{name} ({account})")),
        ("new admin", recovery.admin.to_string()),
        ("proposed", format!("block {}; {objected}", recovery.proposed_at)),
        ("possible from", format!("block {}", recovery.due_at)),
    ];
    ask(context, &lines, "Complete this recovery, whoever objected?", yes)?;
    let what = format!("completed the recovery of {account}");
    decide(context, &what, Call::enforce_recovery(account), Deciders::MostOfCouncil).await
}

/// What a company says of itself now.
async fn company(context: &Context, account: &AccountId) -> Result<Profile> {
    let record = context.view().await?.participant(account).await?;
    Ok(record.ok_or_else(|| no_company(account))?.profile)
}
