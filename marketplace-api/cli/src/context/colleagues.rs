//! The secrets that a member shares with the colleagues of a company, brought up to date before anything rests on them.
//!
//! Promises: what changed is said; what could not be done is warned of and does not stop what needs no new secret.

use wonbon_client::company::{Epoch, Keyring, KeyringError, Refreshed};
use wonbon_model::{MemberRole, OfferId};

use super::Context;
use crate::exit::Result;

impl Context {
    /// Fetches the secrets that are for this key; an admin's key also begins an epoch if one is due, and hands secrets out to
    /// members who have none. Nothing for a key that acts for itself.
    pub async fn bring_secrets_up_to_date(&self, keyring: Option<&Keyring<'_>>) -> Result<()> {
        let Some(keyring) = keyring else { return Ok(()) };
        match keyring.refresh().await {
            Ok(done) => self.tell_secrets(&done),
            Err(error @ KeyringError::NotMember(_)) => return Err(error.into()),
            Err(error) => self.out.warn(format!("the company's secrets are not up to date: {error}")),
        }
        Ok(())
    }

    /// Says whom the content key of a new offer has to be given to, if they are to deliver it: who only delivers has no secret.
    pub async fn tell_who_only_delivers(&self, keyring: Option<&Keyring<'_>>, offer: OfferId) -> Result<()> {
        let Some(keyring) = keyring else { return Ok(()) };
        for member in keyring.state().await?.members {
            if member.roles.contains(MemberRole::Deliver) && !member.shares_secrets() {
                self.out.note(format!(
                    "For {} to deliver it too: wonbon company entrust {} --offer {offer}",
                    member.account, member.account
                ));
            }
        }
        Ok(())
    }

    /// Says what bringing them up to date came to.
    pub fn tell_secrets(&self, done: &Refreshed) {
        if let Some(epoch) = done.begun {
            self.out.note(format!(
                "Epoch {epoch} of the company's secrets began. Print a new recovery sheet: wonbon company sheet -o FILE"
            ));
        }
        if !done.received.is_empty() {
            self.out.note(format!("The company's secrets were received: epoch {}.", epochs(&done.received)));
        }
        if !done.handed_out.is_empty() {
            let names: Vec<_> = done.handed_out.iter().map(ToString::to_string).collect();
            self.out.note(format!("The company's secrets were handed out to {}.", names.join(", ")));
        }
        for member in &done.left_out {
            self.out.warn(format!(
                "nothing can be encrypted to the key of {member}, who has no secret of the company: they must join anew"
            ));
        }
        if !done.missing.is_empty() {
            self.out.warn(format!(
                "the company's secret of epoch {} is not here: an admin hands it out with `wonbon company secrets`",
                epochs(&done.missing)
            ));
        }
        if let Some(error) = &done.failure {
            self.out
                .warn(format!("the company's secrets are not all handed out, which is tried again: {error}"));
        }
    }
}

/// `1, 2`.
pub fn epochs(epochs: &[Epoch]) -> String {
    epochs.iter().map(Epoch::to_string).collect::<Vec<_>>().join(", ")
}
