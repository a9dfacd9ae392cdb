//! An application as it is stored, and as it is shown with what became of it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wonbon_model::{AccountId, Application, Hash};

use crate::{
    kv::{KvError, KvStore},
    read_model::queries,
};

wonbon_model::word_enum! {
    /// What became of an application.
    pub enum ApplicationState {
        /// It can be carried onto the chain.
        Open = "open",
        /// The company is there.
        Established = "established",
        /// It is not taken any more: its last block is past.
        Expired = "expired",
    }
}

/// An application with when it came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stored {
    pub(super) application: Application,
    /// The block that the service had read last.
    pub(super) received_at: u32,
    pub(super) received_at_ms: u64,
}

impl Stored {
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("the names of its members are texts; qed")
    }

    /// Reads one; `None` for one that this version does not know.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }
}

/// An application that was handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ApplicationView {
    /// What was signed, which names it.
    pub digest: Hash,
    /// The application, as it was handed in.
    pub application: Application,
    /// What became of it.
    pub state: ApplicationState,
    /// The company, once it is there.
    pub company: Option<AccountId>,
    /// Height of the chain, as the service knew it, when it came.
    pub received_at: u32,
    /// When it came, in milliseconds since 1970.
    pub received_at_ms: u64,
}

/// An application with what became of it by a block.
pub(super) fn view(
    kv: &dyn KvStore,
    digest: Hash,
    stored: Stored,
    height: u32,
) -> Result<ApplicationView, KvError> {
    let Stored { application, received_at, received_at_ms } = stored;
    let company = match application.profile() {
        Ok(profile) => {
            queries::founded_since(kv, application.account, &profile.registration_number, received_at)?
        }
        Err(_) => None,
    };
    let state = match company {
        Some(_) => ApplicationState::Established,
        None if application.joining.expires <= height => ApplicationState::Expired,
        None => ApplicationState::Open,
    };
    Ok(ApplicationView { digest, application, state, company, received_at, received_at_ms })
}
