//! `wonbon company`: companies, and the people who act for them.

mod apply;
mod join;
mod members;
mod profile;
mod recover;
mod secrets;
mod sheet;

pub(super) use apply::applied;

use clap::Subcommand;

use crate::context::Context;
use crate::exit::Result;

#[derive(Debug, Subcommand)]
pub(crate) enum Company {
    /// Apply for a company that acts through people: sign a file for the registrar; no money is needed
    Apply(apply::Apply),
    /// For the registrar and clerks: establish a company as its first member applied for it
    Establish(apply::Establish),
    /// Show who acts for a company, what they may do, and whether a recovery is open
    Members(members::Members),
    /// Write an invitation for somebody who is to act for your company
    Invite(join::Invite),
    /// Accept an invitation: sign a file for an admin of the company
    Join(join::Join),
    /// For admins: take somebody on, as they signed it
    Add(join::Add),
    /// For admins: change what a member may do
    Change(members::Change),
    /// Leave your company
    Leave(members::Leave),
    /// For admins: remove a member
    Remove(members::Remove),
    /// Bring the secrets that members share up to date, for an admin also those of others, and show them
    Secrets(secrets::Secrets),
    /// For members who sell: give a member who delivers the content keys of offers, and nothing else
    Entrust(secrets::Entrust),
    /// Write the recovery sheet, the company's secrets on paper; or read one back
    Sheet(sheet::RecoverySheet),
    /// Recover a company that lost its keys, or object to that
    #[command(subcommand)]
    Recover(recover::Recover),
    /// Register the key's own account as a company; the registrar then verifies it
    Register(profile::Register),
    /// Change what is given and keep the rest
    Update(profile::Update),
    /// Withdraw your registration before it is verified; the deposit comes back
    Withdraw,
    /// Show a company, or with --all every registered one
    Show(profile::Show),
}

pub(crate) async fn run(context: &Context, command: Company) -> Result<()> {
    match command {
        Company::Apply(args) => apply::apply(context, args).await,
        Company::Establish(args) => apply::establish(context, args).await,
        Company::Members(args) => members::members(context, args).await,
        Company::Invite(args) => join::invite(context, args).await,
        Company::Join(args) => join::join(context, args).await,
        Company::Add(args) => join::add(context, args).await,
        Company::Change(args) => members::change(context, args).await,
        Company::Leave(args) => members::leave(context, args).await,
        Company::Remove(args) => members::remove(context, args).await,
        Company::Secrets(args) => secrets::secrets(context, args).await,
        Company::Entrust(args) => secrets::entrust(context, args).await,
        Company::Sheet(args) => sheet::sheet(context, args).await,
        Company::Recover(command) => recover::run(context, command).await,
        Company::Register(args) => profile::register(context, args).await,
        Company::Update(args) => profile::update(context, args).await,
        Company::Withdraw => profile::withdraw(context).await,
        Company::Show(args) => profile::show(context, args).await,
    }
}
