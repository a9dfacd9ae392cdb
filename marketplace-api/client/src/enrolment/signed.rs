//! What people sign to become members: of a company that is to be established, and of one that is there.

use super::text::{check_format, is, read, written, Part};
use super::{BadFile, Place};
use crate::chain::{self, Call};
use crate::keys::{self, Keypair};
use codec::Encode;
use serde::{Deserialize, Serialize};
use wonbon_model::json::{self, Region, SizeClass};
use wonbon_model::{
    AccountId, Applicant, BadApplication, Balance, BlockNumber, Digest, Hash, Joining, MemberRole,
    MemberRoles, NewMember, Profile, Signature,
};

const APPLICATION: &str = "wonbon/application/1";
const JOINING: &str = "wonbon/joining/1";

/// What the first member of a company signs: the company's profile, and as what they join.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// Hash of the chain's first block.
    pub genesis: Digest,
    /// Who applies.
    pub applicant: AccountId,
    /// What the company says about itself.
    pub profile: Profile,
    /// As what the applicant joins.
    pub joining: Joining,
    signature: [u8; 64],
}

/// What somebody signs who joins a company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedJoining {
    /// Hash of the chain's first block.
    pub genesis: Digest,
    /// The company.
    pub company: AccountId,
    /// Who joins.
    pub member: AccountId,
    /// As what they join.
    pub joining: Joining,
    signature: [u8; 64],
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ApplicationText {
    format: String,
    genesis: Hash,
    account: AccountId,
    profile: Applicant,
    joining: NewMember,
    signature: Signature,
}

const APPLICATION_PARTS: [Part; 15] = [
    ("format", is::<String>),
    ("genesis", is::<Hash>),
    ("account", is::<AccountId>),
    ("profile.name", is::<String>),
    ("profile.registration_number", is::<String>),
    ("profile.ksic", is::<String>),
    ("profile.size", is::<SizeClass>),
    ("profile.region", is::<Region>),
    ("profile.roles", is::<Vec<json::Role>>),
    ("joining.roles", is::<Vec<json::MemberRole>>),
    ("joining.day_limit", is::<Balance>),
    ("joining.key", is::<Hash>),
    ("joining.ended", is::<u32>),
    ("joining.expires", is::<BlockNumber>),
    ("signature", is::<Signature>),
];

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SignedJoiningText {
    format: String,
    genesis: Hash,
    company: AccountId,
    member: AccountId,
    joining: NewMember,
    signature: Signature,
}

const JOINING_PARTS: [Part; 10] = [
    ("format", is::<String>),
    ("genesis", is::<Hash>),
    ("company", is::<AccountId>),
    ("member", is::<AccountId>),
    ("joining.roles", is::<Vec<json::MemberRole>>),
    ("joining.day_limit", is::<Balance>),
    ("joining.key", is::<Hash>),
    ("joining.ended", is::<u32>),
    ("joining.expires", is::<BlockNumber>),
    ("signature", is::<Signature>),
];

impl Application {
    /// Applies for a company with this key's own account.
    pub fn sign(genesis: Digest, profile: Profile, joining: Joining, key: &Keypair) -> Self {
        let mut made = Self { genesis, applicant: key.signer(), profile, joining, signature: [0; 64] };
        made.signature = key.sign(&made.digest());
        made
    }

    /// What is signed, by which the chain knows the application.
    pub fn digest(&self) -> Digest {
        self.joining.application_digest(&self.genesis, &self.profile.encode(), &self.applicant.encode())
    }

    /// The call that establishes the company.
    pub fn establish(&self) -> Call {
        let signature = chain::Signature::Ed25519(self.signature);
        Call::establish(self.applicant, self.profile.clone(), self.joining, signature)
    }

    /// The bytes of the file.
    pub fn to_json(&self) -> Result<Vec<u8>, BadFile> {
        written(&ApplicationText {
            format: APPLICATION.to_owned(),
            genesis: self.genesis.into(),
            account: self.applicant,
            profile: Applicant::new(&self.profile),
            joining: written_joining(&self.joining)?,
            signature: Signature(self.signature),
        })
    }

    /// Reads a file; what it says is to be [checked](Self::check).
    pub fn from_json(json: &[u8]) -> Result<Self, BadFile> {
        let text: ApplicationText = read(json, &APPLICATION_PARTS)?;
        check_format(&text.format, APPLICATION)?;
        let ApplicationText { genesis, account, profile, joining, signature, .. } = text;
        Self::of(genesis.0, &wonbon_model::Application { account, profile, joining, signature })
    }

    /// One that a service shows, for the chain with this genesis; what it says is to be [checked](Self::check).
    pub fn of(genesis: Digest, application: &wonbon_model::Application) -> Result<Self, BadFile> {
        let failed = |bad: BadApplication| BadFile::field(member_of(&bad), bad);
        Ok(Self {
            genesis,
            applicant: application.account,
            profile: application.profile().map_err(failed)?,
            joining: application.joining().map_err(failed)?,
            signature: application.signature.0,
        })
    }

    /// The same as a service takes it.
    pub fn application(&self) -> wonbon_model::Application {
        wonbon_model::Application {
            account: self.applicant,
            profile: Applicant::new(&self.profile),
            joining: NewMember::new(&self.joining),
            signature: Signature(self.signature),
        }
    }

    /// Refuses what the chain would not take: `ended` is how many memberships of the applicant have ended.
    pub fn check(&self, place: &Place, ended: u32) -> Result<(), BadFile> {
        place.check_genesis(&self.genesis)?;
        check_signature("account", &self.applicant, &self.digest(), &self.signature)?;
        check_admin(&self.joining)?;
        check_joining(&self.joining, place, ended)
    }
}

impl SignedJoining {
    /// Joins a company with this key's own account.
    pub fn sign(genesis: Digest, company: AccountId, joining: Joining, key: &Keypair) -> Self {
        let mut made = Self { genesis, company, member: key.signer(), joining, signature: [0; 64] };
        made.signature = key.sign(&made.digest());
        made
    }

    /// What is signed.
    fn digest(&self) -> Digest {
        self.joining.digest(&self.genesis, &self.company.encode(), &self.member.encode())
    }

    /// The call by which an admin takes them on.
    pub fn add(&self) -> Call {
        Call::add_member(self.member, self.joining, chain::Signature::Ed25519(self.signature))
    }

    /// The call by which the registrar proposes them as the admin of a company that lost its keys.
    pub fn recover(&self) -> Call {
        let signature = chain::Signature::Ed25519(self.signature);
        Call::propose_recovery(self.company, self.member, self.joining, signature)
    }

    /// What they may do as a member.
    pub fn roles(&self) -> Option<MemberRoles> {
        MemberRoles::from_bits(self.joining.roles)
    }

    /// The bytes of the file.
    pub fn to_json(&self) -> Result<Vec<u8>, BadFile> {
        written(&SignedJoiningText {
            format: JOINING.to_owned(),
            genesis: self.genesis.into(),
            company: self.company,
            member: self.member,
            joining: written_joining(&self.joining)?,
            signature: Signature(self.signature),
        })
    }

    /// Reads a file; what it says is to be [checked](Self::check).
    pub fn from_json(json: &[u8]) -> Result<Self, BadFile> {
        let text: SignedJoiningText = read(json, &JOINING_PARTS)?;
        check_format(&text.format, JOINING)?;
        Ok(Self {
            genesis: text.genesis.0,
            company: text.company,
            member: text.member,
            joining: read_joining(&text.joining)?,
            signature: text.signature.0,
        })
    }

    /// Refuses what the chain would not take: `ended` is how many memberships of the member have ended.
    pub fn check(&self, place: &Place, ended: u32) -> Result<(), BadFile> {
        place.check_genesis(&self.genesis)?;
        check_signature("member", &self.member, &self.digest(), &self.signature)?;
        check_joining(&self.joining, place, ended)
    }

    /// Refuses one for another company.
    pub fn check_company(&self, company: &AccountId) -> Result<(), BadFile> {
        if self.company == *company {
            return Ok(());
        }
        Err(BadFile::field("company", format!("it is for {}, not for {company}", self.company)))
    }

    /// Refuses one of somebody who would be no admin.
    pub fn check_admin(&self) -> Result<(), BadFile> {
        check_admin(&self.joining)
    }
}

/// The member of a file that a bad application is about.
fn member_of(bad: &BadApplication) -> &'static str {
    match bad {
        BadApplication::Name => "profile.name",
        BadApplication::RegistrationNumber => "profile.registration_number",
        BadApplication::Ksic => "profile.ksic",
        BadApplication::Roles => "profile.roles",
        BadApplication::NotAnAdmin => "joining.roles",
    }
}

fn written_joining(joining: &Joining) -> Result<NewMember, BadFile> {
    match MemberRoles::from_bits(joining.roles) {
        Some(_) => Ok(NewMember::new(joining)),
        None => Err(BadFile::field("joining.roles", "they are no roles of a member")),
    }
}

fn read_joining(text: &NewMember) -> Result<Joining, BadFile> {
    let roles = MemberRoles::of(text.roles.iter().map(|role| role.0));
    let roles = roles.ok_or_else(|| BadFile::field("joining.roles", "a member has at least one role"))?;
    let NewMember { day_limit, key, ended, expires, .. } = *text;
    Ok(Joining { roles: roles.bits(), day_limit, key: key.0, ended, expires })
}

fn check_signature(
    whose: &str,
    account: &AccountId,
    digest: &Digest,
    signature: &[u8; 64],
) -> Result<(), BadFile> {
    match keys::verify(account, digest, signature) {
        true => Ok(()),
        false => {
            let reason = format!("it is not that of the {whose} {account} over what the file says");
            Err(BadFile::field("signature", reason))
        }
    }
}

fn check_admin(joining: &Joining) -> Result<(), BadFile> {
    match MemberRoles::from_bits(joining.roles).is_some_and(|roles| roles.contains(MemberRole::Admin)) {
        true => Ok(()),
        false => Err(BadFile::field("joining.roles", "whoever is to decide for the company is an admin")),
    }
}

fn check_joining(joining: &Joining, place: &Place, ended: u32) -> Result<(), BadFile> {
    place.check_expiry("joining.expires", joining.expires)?;
    if joining.ended != ended {
        let reason = format!(
            "it was signed when {} memberships of the account had ended, and by now {ended} have: sign anew",
            joining.ended
        );
        return Err(BadFile::field("joining.ended", reason));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
