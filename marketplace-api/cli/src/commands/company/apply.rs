//! How a company that acts through people comes onto the chain: its first member applies, the registrar establishes it.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;
use wonbon_client::enrolment::Application;
use wonbon_model::words::{amount, Term};
use wonbon_model::{text, AccountId, Applicant, Balance, Hash, Joining, MemberRoles, NewMember, Profile};

use crate::commands::decision::{decide, Deciders};
use crate::commands::identity::Identity;
use crate::commands::membership::{bad_file, confirm, joining_lines, place, read, refused, write, Written};
use crate::context::Context;
use crate::exit::Result;
use crate::lines::Line;

#[derive(Debug, Args)]
pub(crate) struct Apply {
    #[command(flatten)]
    identity: Identity,
    /// Won a day that your own acts may take of the company's money
    #[arg(long, value_name = "KRW", value_parser = amount::parse_krw)]
    limit: Balance,
    #[command(flatten)]
    written: Written,
}

#[derive(Debug, Args)]
pub(crate) struct Establish {
    /// The file that the first member signed
    file: PathBuf,
    /// Establish it without being asked
    #[arg(long)]
    yes: bool,
}

/// An application that was written.
#[derive(Serialize)]
struct Applied<'a> {
    file: &'a Path,
    account: AccountId,
    profile: Applicant,
    joining: NewMember,
    application: Hash,
}

/// Writes what the first member signs.
pub(super) async fn apply(context: &Context, args: Apply) -> Result<()> {
    args.written.check()?;
    let profile = args.identity.profile()?;
    let (chain, key) = context.chain_and_own_key().await?;
    let view = chain.finalized().await?;
    let place = place(&chain).await?;
    let joining = Joining {
        roles: MemberRoles::ALL.bits(),
        day_limit: args.limit,
        key: key.member_key(),
        ended: view.ended_memberships(&key.signer()).await?,
        expires: args.written.expires(place.height),
    };
    let application = Application::sign(place.genesis, profile, joining, &key);
    let output = &args.written.output;
    application.check(&place, joining.ended).map_err(|error| bad_file(output, &error))?;
    write(output, application.to_json())?;
    context.remember_application(&place.genesis, &key.signer(), application.digest())?;
    let value = Applied {
        file: output,
        account: key.signer(),
        profile: Applicant::new(&application.profile),
        joining: NewMember::new(&joining),
        application: application.digest().into(),
    };
    let mut lines = applied(&application);
    lines.extend(joining_lines(&joining, place.height));
    lines.push(("file", output.display().to_string()));
    lines.push(("next", "hand the file to the registrar, who establishes the company".to_owned()));
    context.out.fields(&value, &lines)
}

/// What a person reads about a company that is applied for.
fn applied(application: &Application) -> Vec<Line> {
    let Profile { name, registration_number, ksic, size, region, roles } = &application.profile;
    let roles: Vec<_> = roles.iter().map(|role| role.label()).collect();
    vec![
        ("name", text(name)),
        ("registration", registration_number.to_string()),
        ("industry", format!("KSIC {ksic}")),
        ("size", size.label()),
        ("region", region.label()),
        ("acts as", roles.join(", ")),
        ("applicant", application.applicant.to_string()),
    ]
}

/// Puts the company onto the chain.
pub(super) async fn establish(context: &Context, args: Establish) -> Result<()> {
    let application = read(&args.file, Application::from_json)?;
    let chain = context.chain().await?;
    let view = chain.finalized().await?;
    let place = place(&chain).await?;
    let ended = view.ended_memberships(&application.applicant).await?;
    application.check(&place, ended).map_err(|error| bad_file(&args.file, &error))?;
    if let Some(company) = view.established_by(&application.digest()).await? {
        return Err(refused(&args.file, "signature", &format!("it led to the company {company} before")));
    }
    let mut lines = applied(&application);
    lines.extend(joining_lines(&application.joining, place.height));
    lines.push(("on hold", "nothing: the company and its first member cost no deposit".to_owned()));
    confirm(context, &lines, "Establish this company?", args.yes)?;
    let name = text(&application.profile.name);
    let what = format!("established {name}, for which {} applied", application.applicant);
    decide(context, &what, application.establish(), Deciders::Clerks).await
}
