//! A company and its secrets, for tests.

use super::{CompanyId, CompanySecret, Epoch};
use crate::keys::Secret;
use wonbon_model::AccountId;

pub(super) fn company() -> CompanyId {
    CompanyId { genesis: [1; 32], account: AccountId([2; 32]) }
}

pub(super) fn secret(epoch: u32, byte: u8) -> CompanySecret {
    CompanySecret::from_bytes(company(), Epoch(epoch), Secret::new([byte; 32]))
}
