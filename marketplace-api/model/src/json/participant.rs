//! Companies.

use super::{Role, SizeClass, Standing, Word};
use crate::{record, text, AccountId};
use serde::{Deserialize, Serialize};

forms! {
    /// A company as the registrar knows it.
    Participant(account: AccountId, record: &record::Participant) {
        /// Its account.
        account: AccountId = account;
        /// Its name.
        name: String = text(&record.profile.name);
        /// Business registration number (사업자등록번호), ten digits.
        registration_number: String = text(record.profile.registration_number.digits());
        /// Main industry by the Korean Standard Industrial Classification.
        ksic: String = record.profile.ksic.to_string();
        /// Size class.
        size: SizeClass = Word(record.profile.size);
        /// Province, ISO 3166-2:KR.
        region: String = record.profile.region.code().to_owned();
        /// Roles it acts in.
        roles: Vec<Role> = record.profile.roles.iter().map(Word).collect();
        /// Where it stands with the registrar.
        standing: Standing = Word(record.standing);
        /// Whether it is accredited for those of its roles that need it: auditor and inspector.
        accredited: bool = record.accredited;
        /// Block of registration.
        registered_at: u32 = record.registered_at;
        /// Block of the last change.
        changed_at: u32 = record.changed_at;
        /// Won on hold for its record.
        deposit: u128 = record.deposit;
    }
}

/// Fair samples of a company's datasets that were drawn and not answered. A service counts them; the chain does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CompanyDraws {
    /// How many fair samples of the datasets that it holds were drawn and not answered, as far as they were counted.
    pub unanswered_draws: u32,
    /// Whether there may be more of them.
    pub more_unanswered_draws: bool,
    /// How many fair samples of the datasets that it registered were drawn and never answered, whoever holds the
    /// datasets now, as far as they were counted.
    pub registered_unanswered_draws: u32,
    /// Whether there may be more of them.
    pub more_registered_unanswered_draws: bool,
}
