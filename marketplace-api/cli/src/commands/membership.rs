//! What a member of a company may do, as it is typed and shown, and the files by which people become members.

use std::path::{Path, PathBuf};

use clap::Args;
use wonbon_client::chain::{Chain, View};
use wonbon_client::company::{Keyring, ProvedMember};
use wonbon_client::enrolment::{BadFile, Place, SignedJoining, MAX_FILE};
use wonbon_client::files::create_new;
use wonbon_client::Keypair;
use wonbon_model::words::duration::BLOCK_SECONDS;
use wonbon_model::words::{amount, duration, parse_typed, Term};
use wonbon_model::{AccountId, Balance, BlockNumber, Joining, MemberRole, MemberRoles};

use crate::context::Context;
use crate::exit::{Code, Failure, Result};
use crate::failures::no_company;
use crate::files::{cannot_write, read_bounded, refuse_to_overwrite};
use crate::lines::Line;

const DAY_SECONDS: u32 = 24 * 60 * 60;

/// Where a file for somebody else goes, and for how long it is good.
#[derive(Debug, Args)]
pub(crate) struct Written {
    /// Where to write it; no file is overwritten
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: PathBuf,
    #[command(flatten)]
    lasting: Lasting,
}

/// For how long something that was signed is good.
#[derive(Debug, Args)]
pub(crate) struct Lasting {
    /// Days until it is not taken any more
    #[arg(long, value_name = "N", default_value_t = 14, value_parser = clap::value_parser!(u32).range(1..=365))]
    days: u32,
}

impl Lasting {
    /// The last block in which it is taken, if this is the newest.
    pub(super) fn expires(&self, height: BlockNumber) -> BlockNumber {
        let blocks = self.days.saturating_mul(DAY_SECONDS).checked_div(BLOCK_SECONDS).unwrap_or_default();
        height.saturating_add(blocks)
    }
}

impl Written {
    /// Refuses early what cannot be written.
    pub(super) fn check(&self) -> Result<()> {
        refuse_to_overwrite(&self.output, false)
    }

    /// The last block in which it is taken, if this is the newest.
    pub(super) fn expires(&self, height: BlockNumber) -> BlockNumber {
        self.lasting.expires(height)
    }
}

/// Reads the roles of a member: words with commas between them.
pub(super) fn roles(text: &str) -> Result<MemberRoles, String> {
    let roles: Vec<MemberRole> = text
        .split(',')
        .map(|word| parse_typed(word).map_err(|error| error.to_string()))
        .collect::<Result<_, _>>()?;
    MemberRoles::of(roles).ok_or_else(|| "a member has at least one role".to_owned())
}

/// The roles in words, in both languages: `구매 Buy, 인도 Deliver`.
pub(super) fn roles_text(roles: MemberRoles) -> String {
    roles.iter().map(|role| role.label()).collect::<Vec<_>>().join(", ")
}

/// What a person reads of what somebody joins with.
pub(super) fn joining_lines(joining: &Joining, height: BlockNumber) -> Vec<Line> {
    let roles = MemberRoles::from_bits(joining.roles).map(roles_text).unwrap_or_default();
    let left = duration::blocks(joining.expires.saturating_sub(height));
    vec![
        ("roles", roles),
        ("day limit", day_limit(joining.day_limit)),
        ("taken until", format!("block {}, {left} from now", joining.expires)),
    ]
}

/// A limit in words.
pub(super) fn day_limit(limit: Balance) -> String {
    format!("{} a day, of the company's money", amount::krw(limit))
}

/// Where a file is to be taken.
pub(super) async fn place(chain: &Chain) -> Result<Place> {
    Ok(Place { genesis: chain.genesis(), height: chain.finalized_block().await?.height })
}

/// Reads a file that somebody else wrote.
pub(super) fn read<T>(path: &Path, parse: impl FnOnce(&[u8]) -> Result<T, BadFile>) -> Result<T> {
    let json = read_bounded(path, MAX_FILE)?;
    if json.len() as u64 > MAX_FILE {
        return Err(Failure::refused(format!("{} is larger than {MAX_FILE} bytes", path.display())));
    }
    parse(&json).map_err(|error| bad_file(path, &error))
}

/// Reads what somebody signed who joins a company, and refuses what the chain would not take.
pub(super) async fn read_joining(chain: &Chain, path: &Path) -> Result<SignedJoining> {
    let joining = read(path, SignedJoining::from_json)?;
    let place = place(chain).await?;
    let view = chain.finalized().await?;
    let ended = view.ended_memberships(&joining.member).await?;
    joining.check(&place, ended).map_err(|error| bad_file(path, &error))?;
    if view.company(&joining.company).await?.is_none() {
        let text = format!("there is no company {} that acts through people", joining.company);
        return Err(refused(path, "company", &text));
    }
    if view.member(&joining.company, &joining.member).await?.is_some() {
        let text = format!("{} is a member of {} already", joining.member, joining.company);
        return Err(refused(path, "member", &text));
    }
    Ok(joining)
}

/// The failure of a file whose member is at fault.
pub(super) fn refused(path: &Path, field: &'static str, reason: &str) -> Failure {
    bad_file(path, &BadFile::Field { field, reason: reason.to_owned() })
}

/// The failure of a file that is not taken.
pub(super) fn bad_file(path: &Path, error: &BadFile) -> Failure {
    Failure::refused(format!("{}: {error}", path.display()))
        .named("BadFile")
        .advise("nothing was sent; have whoever wrote it write it anew")
}

/// Writes a new file, for its owner only.
pub(super) fn write(path: &Path, json: Result<Vec<u8>, BadFile>) -> Result<()> {
    let json = json.map_err(|error| Failure::new(Code::Failure, error))?;
    create_new(path, &json).map_err(|error| cannot_write(path, &error))
}

/// The company that a key acts for, which it has to for this.
pub(super) fn acting_company(key: &Keypair) -> Result<AccountId> {
    let company = key.membership().map(|membership| membership.company);
    company.ok_or_else(|| {
        Failure::refused("this is done for a company that acts through people")
            .named("NoCompany")
            .advise("say for which with --company ACCOUNT; `wonbon company apply` begins one")
    })
}

/// What a company is called, by the chain.
pub(super) async fn company_name(view: &View, company: &AccountId) -> Result<String> {
    view.company_name(company).await?.ok_or_else(|| no_company(company))
}

/// Whether the company's secrets are for whoever has these roles.
pub(super) fn shares_secrets(roles: MemberRoles) -> bool {
    let account = AccountId([0; 32]);
    ProvedMember { account, roles, key: [0; 32] }.shares_secrets()
}

/// After the members changed: begins an epoch if somebody left, and hands secrets out to who came. The change itself is done,
/// so that what fails here is warned of.
pub(super) async fn update_secrets(context: &Context, chain: &Chain, key: &Keypair) -> Result<()> {
    let (service, home) = (context.service(chain, key)?, context.file_home()?);
    let keyring = Keyring::new(chain, &service, &home, key);
    context.bring_secrets_up_to_date(keyring.as_ref()).await
}

/// The same after a member was taken every role that shares secrets: an epoch begins.
pub(super) async fn renew_secrets(context: &Context, chain: &Chain, key: &Keypair) -> Result<()> {
    let (service, home) = (context.service(chain, key)?, context.file_home()?);
    let Some(keyring) = Keyring::new(chain, &service, &home, key) else { return Ok(()) };
    match keyring.renew().await {
        Ok(done) => context.tell_secrets(&done),
        Err(error) => context.out.warn(format!("no new epoch of the company's secrets began: {error}")),
    }
    Ok(())
}

/// Shows what is to be decided, and asks.
pub(super) fn confirm(context: &Context, lines: &[Line], question: &str, yes: bool) -> Result<()> {
    context.out.note(crate::output::table::fields(lines).trim_end());
    context.confirm(question, yes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_words_with_commas() {
        let two = MemberRoles::from(MemberRole::Buy).with(MemberRole::Deliver);
        assert_eq!(roles("buy,deliver"), Ok(two));
        assert_eq!(roles(" Deliver, buy"), Ok(two));
        assert_eq!(roles_text(two), "구매 Buy, 인도 Deliver");
        assert!(roles("").unwrap_err().contains("admin"));
        assert!(roles("boss").unwrap_err().contains("admin"));
    }

    #[test]
    fn days_are_blocks() {
        let written = |days| Written { output: "x".into(), lasting: Lasting { days } };
        assert_eq!(written(1).expires(10), 10 + 43_200);
        assert_eq!(written(14).expires(0), 14 * 43_200);
        assert_eq!(written(365).expires(u32::MAX), u32::MAX);
    }

    #[test]
    fn files_are_read_up_to_a_bound_and_written_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("joining.json");
        std::fs::write(&path, vec![b' '; MAX_FILE as usize + 1]).unwrap();
        assert!(read(&path, SignedJoining::from_json).unwrap_err().message.contains("larger"));
        let refused = write(&path, Ok(vec![])).unwrap_err();
        assert_eq!(refused.name.as_deref(), Some("Occupied"));
        std::fs::write(&path, "{}").unwrap();
        let refused = read(&path, SignedJoining::from_json).unwrap_err();
        assert!(refused.message.contains("`format`") && refused.code == Code::Refused, "{refused}");
    }
}
