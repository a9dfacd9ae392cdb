//! The chain's records at the types of the chain.

use crate::{AccountId, Balance, BlockNumber};
use wonbon_primitives::record;

pub(super) type DatasetRecord = record::Dataset<AccountId, Balance, BlockNumber>;
pub(super) type Trade = record::Trade<AccountId, Balance, BlockNumber>;
pub(super) type Attestation = record::Attestation<AccountId, Balance, BlockNumber>;
pub(super) type Handover = record::Handover<AccountId, BlockNumber>;
pub(super) type Company = record::Company<AccountId, Balance, BlockNumber>;
pub(super) type Participant = record::Participant<Balance, BlockNumber>;
