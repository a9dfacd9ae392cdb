//! How a company that acts through people comes onto the chain: its first member applies, the registrar establishes it. The
//! application goes to the registrar through the service, or as a file.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;
use wonbon_client::enrolment::Application;
use wonbon_model::words::{amount, Term};
use wonbon_model::{
    text, AccountId, Applicant, Balance, Digest, Hash, Joining, MemberRoles, NewMember, Profile,
};

use crate::arguments::digest;
use crate::commands::decision::{decide, Deciders};
use crate::commands::identity::Identity;
use crate::commands::membership::{bad_file, confirm, joining_lines, place, read, refused, write, Lasting};
use crate::context::Context;
use crate::exit::{Code, Failure, Result};
use crate::files::refuse_to_overwrite;
use crate::lines::Line;

#[derive(Debug, Args)]
pub(crate) struct Apply {
    #[command(flatten)]
    identity: Identity,
    /// Won a day that your own acts may take of the company's money
    #[arg(long, value_name = "KRW", value_parser = amount::parse_krw)]
    limit: Balance,
    /// Write it to this file instead of handing it in to the service; no file is overwritten
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    lasting: Lasting,
}

#[derive(Debug, Args)]
pub(crate) struct Establish {
    /// The file that the first member signed
    #[arg(required_unless_present = "application", conflicts_with = "application")]
    file: Option<PathBuf>,
    /// An application that was handed in to the service, as `wonbon authority queue` names it
    #[arg(long, value_name = "DIGEST", value_parser = digest)]
    application: Option<Digest>,
    /// Establish it without being asked
    #[arg(long)]
    yes: bool,
}

/// An application that was written.
#[derive(Serialize)]
struct Applied<'a> {
    file: Option<&'a Path>,
    handed_in_to: Option<&'a str>,
    account: AccountId,
    profile: Applicant,
    joining: NewMember,
    application: Hash,
}

/// Writes what the first member signs, or hands it in.
pub(super) async fn apply(context: &Context, args: Apply) -> Result<()> {
    if let Some(output) = &args.output {
        refuse_to_overwrite(output, false)?;
    }
    let profile = args.identity.profile()?;
    let (chain, key) = context.chain_and_own_key().await?;
    let view = chain.finalized().await?;
    let place = place(&chain).await?;
    let joining = Joining {
        roles: MemberRoles::ALL.bits(),
        day_limit: args.limit,
        key: key.member_key(),
        ended: view.ended_memberships(&key.signer()).await?,
        expires: args.lasting.expires(place.height),
    };
    let application = Application::sign(place.genesis, profile, joining, &key);
    let named = args.output.as_deref().unwrap_or(Path::new("the application"));
    application.check(&place, joining.ended).map_err(|error| bad_file(named, &error))?;
    let service = context.catalogue()?;
    match &args.output {
        Some(output) => write(output, application.to_json())?,
        None => {
            let handed_in = service.hand_in(&application.application()).await?;
            if !handed_in.new {
                context.out.note("The same application was handed in before.");
            }
        }
    }
    context.remember_application(&place.genesis, &key.signer(), application.digest())?;
    let value = Applied {
        file: args.output.as_deref(),
        handed_in_to: args.output.is_none().then(|| service.url()),
        account: key.signer(),
        profile: Applicant::new(&application.profile),
        joining: NewMember::new(&joining),
        application: application.digest().into(),
    };
    let mut lines = applied(&application);
    lines.extend(joining_lines(&joining, place.height));
    lines.push(("application", Hash(application.digest()).to_string()));
    match &args.output {
        Some(output) => {
            lines.push(("file", output.display().to_string()));
            lines.push(("next", "hand the file to the registrar, who establishes the company".to_owned()));
        }
        None => {
            lines.push(("handed in", service.url().to_owned()));
            lines.push((
                "next",
                "wait for the registrar: `wonbon company members` works from then on".to_owned(),
            ));
        }
    }
    context.out.fields(&value, &lines)
}

/// What a person reads about a company that is applied for.
pub(in crate::commands) fn applied(application: &Application) -> Vec<Line> {
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
    let (application, named) = match (&args.file, &args.application) {
        (Some(file), _) => (Some(read(file, Application::from_json)?), file.clone()),
        (None, Some(digest)) => (None, PathBuf::from(format!("the application {}", Hash(*digest)))),
        (None, None) => return Err(Failure::new(Code::Usage, "say which application")),
    };
    let (chain, application) = match (application, args.application) {
        (Some(application), _) => (context.chain().await?, application),
        (None, digest) => {
            let (chain, key) = context.chain_and_own_key().await?;
            let digest = Hash(digest.unwrap_or_default());
            let found = context.service(&chain, &key)?.application(&digest).await?;
            let application = Application::of(chain.genesis(), &found.application);
            let application = application.map_err(|error| bad_file(&named, &error))?;
            // The service could show another one under this name.
            if application.digest() != digest.0 {
                return Err(refused(&named, "digest", "the service shows another application"));
            }
            (chain, application)
        }
    };
    let view = chain.finalized().await?;
    let place = place(&chain).await?;
    let ended = view.ended_memberships(&application.applicant).await?;
    application.check(&place, ended).map_err(|error| bad_file(&named, &error))?;
    if let Some(company) = view.established_by(&application.digest()).await? {
        return Err(refused(&named, "signature", &format!("it led to the company {company} before")));
    }
    let mut lines = applied(&application);
    lines.extend(joining_lines(&application.joining, place.height));
    lines.push(("on hold", "nothing: the company and its first member cost no deposit".to_owned()));
    confirm(context, &lines, "Establish this company?", args.yes)?;
    let name = text(&application.profile.name);
    let what = format!("established {name}, for which {} applied", application.applicant);
    decide(context, &what, application.establish(), Deciders::Clerks).await
}
