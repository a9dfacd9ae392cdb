//! The state of the chain at one block: companies.

use super::view::key;
use super::{ChainError, View};
use wonbon_model::{AccountId, Participant, RegistrationNumber};

impl View {
    /// A company; `None` if it is not registered.
    pub async fn participant(&self, account: &AccountId) -> Result<Option<Participant>, ChainError> {
        self.read("Participants", "Participants", vec![key(account)]).await
    }

    /// Every company that ever registered.
    pub async fn participants(&self) -> Result<Vec<(AccountId, Participant)>, ChainError> {
        self.walk("Participants", "Participants").await
    }

    /// The company that was verified with a registration number.
    pub async fn participant_with(
        &self,
        number: &RegistrationNumber,
    ) -> Result<Option<AccountId>, ChainError> {
        self.read("Participants", "ByRegistrationNumber", vec![key(number)]).await
    }
}
