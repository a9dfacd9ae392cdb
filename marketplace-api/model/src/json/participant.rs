//! Companies.

use super::{Role, SizeClass, Standing, Word};
use crate::{record, text, AccountId};
use serde::Serialize;

/// A company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Participant {
    /// Its account.
    pub account: AccountId,
    /// Its name.
    pub name: String,
    /// Business registration number (사업자등록번호), ten digits.
    pub registration_number: String,
    /// Main industry by the Korean Standard Industrial Classification.
    pub ksic: String,
    /// Size class.
    pub size: SizeClass,
    /// Province, ISO 3166-2:KR.
    pub region: String,
    /// Roles it acts in.
    pub roles: Vec<Role>,
    /// Where it stands with the registrar.
    pub standing: Standing,
    /// Whether it is accredited for those of its roles that need it: auditor and inspector.
    pub accredited: bool,
    /// Block of registration.
    pub registered_at: u32,
    /// Block of the last change.
    pub changed_at: u32,
    /// Won on hold for its record.
    pub deposit: u128,
}

impl Participant {
    /// The company of an account.
    pub fn new(account: AccountId, record: &record::Participant) -> Self {
        let profile = &record.profile;
        Self {
            account,
            name: text(&profile.name),
            registration_number: text(profile.registration_number.digits()),
            ksic: profile.ksic.to_string(),
            size: Word(profile.size),
            region: profile.region.code().to_owned(),
            roles: profile.roles.iter().map(Word).collect(),
            standing: Word(record.standing),
            accredited: record.accredited,
            registered_at: record.registered_at,
            changed_at: record.changed_at,
            deposit: record.deposit,
        }
    }
}
