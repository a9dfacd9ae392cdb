//! Companies, as the service keeps and shows them.

use codec::{Decode, Encode};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Account, Role, SizeClass, Standing};

/// A company.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, ToSchema)]
pub struct Participant {
    /// Its account.
    pub account: Account,
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
}
