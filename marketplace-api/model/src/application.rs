//! An application for a company that acts through people: what its first member signs, and hands to the registrar as a
//! file or through a service.
//!
//! [`Application::profile`] and [`Application::digest`] give what the chain will check and what must be signed; whether
//! the signature holds is for whoever has the cryptography.

use crate::json::{MemberRole, Region, Role, SizeClass, Word};
use crate::{AccountId, Digest, Hash, Joining, MemberRoles, Name, Profile, Roles};
use codec::Encode;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use wonbon_primitives::record::is_readable;

/// A signed application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Application {
    /// Who signs, and will be the company's first member.
    pub account: AccountId,
    /// The company.
    pub profile: Applicant,
    /// What they become a member with.
    pub joining: NewMember,
    /// ed25519 signature over SHA-256 of label `wonbon/application/1`, genesis hash, profile, account and joining, each
    /// in its SCALE encoding and with its length.
    pub signature: Signature,
}

/// A company that is not there yet, as it describes itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Applicant {
    /// Its name.
    pub name: String,
    /// Business registration number (사업자등록번호), ten digits.
    pub registration_number: String,
    /// Main industry by the Korean Standard Industrial Classification.
    pub ksic: String,
    /// Size class.
    pub size: SizeClass,
    /// Province, ISO 3166-2:KR.
    pub region: Region,
    /// Roles that it wants to act in.
    pub roles: Vec<Role>,
}

/// What a person becomes a member with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewMember {
    /// What they may do; a first member is an admin.
    pub roles: Vec<MemberRole>,
    /// Won a day of the company's money that their calls may take.
    pub day_limit: u128,
    /// X25519 public key, to which the company's secrets are encrypted.
    pub key: Hash,
    /// How many memberships of the account had ended.
    pub ended: u32,
    /// The last block in which it is taken.
    pub expires: u32,
}

/// What of an application is none that the chain would take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadApplication {
    /// See [`Applicant::name`].
    #[error("the name is blank or too long, or has control characters or a space at either end")]
    Name,
    /// See [`Applicant::registration_number`].
    #[error("the registration number is not ten digits with the right check digit")]
    RegistrationNumber,
    /// See [`Applicant::ksic`].
    #[error("there is no such industry")]
    Ksic,
    /// See [`Applicant::roles`].
    #[error("a company has at least one role")]
    Roles,
    /// See [`NewMember::roles`].
    #[error("the first member of a company is an admin")]
    NotAnAdmin,
}

impl Application {
    /// The profile as the chain keeps it.
    pub fn profile(&self) -> Result<Profile, BadApplication> {
        let Applicant { name, registration_number, ksic, size, region, roles } = &self.profile;
        let roles: Roles = roles.iter().map(|role| role.0).collect();
        if roles.is_empty() {
            return Err(BadApplication::Roles);
        }
        // One form of it, so that what is signed has one.
        let digits: [u8; 10] =
            registration_number.as_bytes().try_into().map_err(|_| BadApplication::RegistrationNumber)?;
        Ok(Profile {
            name: Some(name.as_bytes().to_vec())
                .filter(|name| is_readable(name))
                .and_then(|name| Name::try_from(name).ok())
                .ok_or(BadApplication::Name)?,
            registration_number: crate::RegistrationNumber::new(digits)
                .map_err(|_| BadApplication::RegistrationNumber)?,
            ksic: ksic.parse().map_err(|_| BadApplication::Ksic)?,
            size: size.0,
            region: region.0,
            roles,
        })
    }

    /// What they become a member with, as the chain reads it.
    pub fn joining(&self) -> Result<Joining, BadApplication> {
        let NewMember { roles, day_limit, key, ended, expires } = &self.joining;
        let roles = MemberRoles::of(roles.iter().map(|role| role.0));
        let roles = roles.filter(|roles| roles.contains(crate::MemberRole::Admin));
        let roles = roles.ok_or(BadApplication::NotAnAdmin)?.bits();
        Ok(Joining { roles, day_limit: *day_limit, key: key.0, ended: *ended, expires: *expires })
    }

    /// What the signature is over, and the application's name on a chain.
    pub fn digest(&self, genesis: &Digest) -> Result<Digest, BadApplication> {
        Ok(self.joining()?.application_digest(genesis, &self.profile()?.encode(), &self.account.0))
    }
}

impl Applicant {
    /// A profile in this form.
    pub fn new(profile: &Profile) -> Self {
        Self {
            name: crate::text(&profile.name),
            registration_number: crate::text(profile.registration_number.digits()),
            ksic: profile.ksic.to_string(),
            size: Word(profile.size),
            region: Word(profile.region),
            roles: profile.roles.iter().map(Word).collect(),
        }
    }
}

impl NewMember {
    /// The same in this form; bits that stand for no role are left out.
    pub fn new(joining: &Joining) -> Self {
        let roles = MemberRoles::from_bits(joining.roles & MemberRoles::ALL.bits());
        Self {
            roles: roles.into_iter().flat_map(MemberRoles::iter).map(Word).collect(),
            day_limit: joining.day_limit,
            key: joining.key.into(),
            ended: joining.ended,
            expires: joining.expires,
        }
    }
}

/// An ed25519 signature, as 128 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signature(pub [u8; 64]);

/// The text is not 128 lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected 128 lower-case hexadecimal digits")]
pub struct BadSignature;

impl FromStr for Signature {
    type Err = BadSignature;

    fn from_str(text: &str) -> Result<Self, BadSignature> {
        let mut bytes = [0; 64];
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(BadSignature);
        }
        hex::decode_to_slice(text, &mut bytes).map_err(|_| BadSignature)?;
        Ok(Self(bytes))
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Nobody reads it, and a log is no place for it.
        f.write_str("Signature")
    }
}

crate::read_and_written_as_text!(Signature);

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Signature {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .description(Some("64 bytes as 128 lower-case hexadecimal digits"))
            .pattern(Some("^[0-9a-f]{128}$"))
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Signature {}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{json, Value};

    fn application() -> Value {
        json!({
            "account": AccountId([1; 32]),
            "profile": { "name": "한빛정밀", "registration_number": "1234567891", "ksic": "C29", "size": "small",
                "region": "KR-48", "roles": ["provider", "consumer"] },
            "joining": { "roles": ["admin", "sell"], "day_limit": 1_000_000, "key": Hash([2; 32]), "ended": 0,
                "expires": 900 },
            "signature": "00".repeat(64),
        })
    }

    fn read(value: &Value) -> Application {
        serde_json::from_value(value.clone()).unwrap()
    }

    #[test]
    fn it_is_read_and_written_in_one_form() {
        let read = read(&application());
        assert_eq!(serde_json::to_value(&read).unwrap(), application());
        assert_eq!(Applicant::new(&read.profile().unwrap()), read.profile);
        assert_eq!(NewMember::new(&read.joining().unwrap()), read.joining);
        for wrong in
            [json!({ "more": 1 }), json!({ "signature": "00" }), json!({ "signature": "AA".repeat(64) })]
        {
            let mut changed = application();
            changed.as_object_mut().unwrap().extend(wrong.as_object().unwrap().clone());
            assert!(serde_json::from_value::<Application>(changed).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_the_chain_would_refuse_is_told() {
        for (place, value, error) in [
            ("/profile/name", json!(""), BadApplication::Name),
            ("/profile/name", json!(" 한빛"), BadApplication::Name),
            ("/profile/name", json!("a".repeat(129)), BadApplication::Name),
            ("/profile/registration_number", json!("1234567890"), BadApplication::RegistrationNumber),
            ("/profile/registration_number", json!("123-45-67891"), BadApplication::RegistrationNumber),
            ("/profile/ksic", json!("Z99"), BadApplication::Ksic),
            ("/profile/roles", json!([]), BadApplication::Roles),
            ("/joining/roles", json!(["sell"]), BadApplication::NotAnAdmin),
            ("/joining/roles", json!([]), BadApplication::NotAnAdmin),
        ] {
            let mut changed = application();
            *changed.pointer_mut(place).unwrap() = value;
            assert_eq!(read(&changed).digest(&[0; 32]), Err(error), "{place}");
        }
    }

    #[test]
    fn the_digest_is_of_everything_but_the_signature() {
        let digest = |value: &Value| read(value).digest(&[9; 32]).unwrap();
        let signed = digest(&application());
        for (place, value) in [
            ("/account", json!(AccountId([3; 32]))),
            ("/profile/name", json!("한빛")),
            ("/profile/size", json!("medium")),
            ("/joining/expires", json!(901)),
            ("/joining/roles", json!(["admin"])),
        ] {
            let mut changed = application();
            *changed.pointer_mut(place).unwrap() = value;
            assert_ne!(digest(&changed), signed, "{place}");
        }
        let mut other = application();
        other["signature"] = json!("11".repeat(64));
        assert_eq!(digest(&other), signed);
        assert_ne!(read(&application()).digest(&[8; 32]).unwrap(), signed);
    }
}
