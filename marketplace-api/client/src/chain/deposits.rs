//! What the chain puts on hold for the records that stay on it, by the constants of its runtime.

use super::error::Result;
use super::View;
use wonbon_model::Balance;

/// Deposits for records, in won.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deposits {
    /// For a company that registers itself.
    pub registration: Balance,
    /// For the account of a member that never was one.
    pub member: Balance,
    /// For a dataset, from its announcement on.
    pub dataset: Balance,
    /// Besides, for each of its parents.
    pub parent: Balance,
    /// Besides, for each royalty that it carries and each time that it was handed over.
    pub record: Balance,
    /// For an attestation.
    pub attestation: Balance,
    /// For an offer, beside its bond.
    pub offer: Balance,
}

impl View {
    /// What the chain puts on hold for records.
    pub fn deposits(&self) -> Result<Deposits> {
        Ok(Deposits {
            registration: self.constant(("Participants", "RegistrationDeposit"))?,
            member: self.constant(("Participants", "MemberDeposit"))?,
            dataset: self.constant(("Provenance", "DatasetDeposit"))?,
            parent: self.constant(("Provenance", "ParentDeposit"))?,
            record: self.constant(("Provenance", "RecordDeposit"))?,
            attestation: self.constant(("Provenance", "AttestationDeposit"))?,
            offer: self.constant(("Marketplace", "OfferDeposit"))?,
        })
    }
}

impl Deposits {
    /// That of a dataset with so many parents and royalties.
    pub fn of_dataset(&self, parents: u32, royalties: u32) -> Balance {
        let parents = self.parent.saturating_mul(parents.into());
        let royalties = self.record.saturating_mul(royalties.into());
        self.dataset.saturating_add(parents).saturating_add(royalties)
    }
}

#[cfg(test)]
mod tests {
    use super::super::compiled::Compiled;
    use codec::DecodeAll;
    use wonbon_model::Balance;

    /// A constant that the runtime does not have would be noticed only when somebody publishes.
    #[test]
    fn the_runtime_that_this_program_was_built_for_has_every_deposit() {
        let compiled = Compiled::new([7; 32]).unwrap();
        let deposits = [
            ("Participants", "RegistrationDeposit"),
            ("Participants", "MemberDeposit"),
            ("Provenance", "DatasetDeposit"),
            ("Provenance", "ParentDeposit"),
            ("Provenance", "RecordDeposit"),
            ("Provenance", "AttestationDeposit"),
            ("Marketplace", "OfferDeposit"),
        ];
        for name in deposits {
            let bytes = compiled.client().constants().entry_bytes(name).unwrap();
            assert!(Balance::decode_all(&mut &bytes[..]).unwrap() > 0, "{name:?}");
        }
    }
}
