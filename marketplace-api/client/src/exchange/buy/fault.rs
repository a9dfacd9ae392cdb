//! Making the proof of a fault, and checking it before anybody else sees it.

use super::{Buyer, Purchase};
use crate::exchange::event::progress;
use crate::exchange::{ExchangeError, Work};
use rand_core::OsRng;
use wonbon_model::OrderId;
use wonbon_primitives::delivery::{prove_shared, Delivery};
use wonbon_primitives::dispute::{verify, DisputeProof, DisputeTerms, Fault, Verdict};

/// What the buyer found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    WrongKey,
    BadBlock(u64),
}

impl Buyer<'_> {
    /// The proof of what was found. It holds: it was checked with the function that the chain uses.
    pub(super) async fn proof(
        &self,
        purchase: &Purchase,
        order: OrderId,
        delivery: &Delivery,
        found: Found,
    ) -> Result<DisputeProof, ExchangeError> {
        let no_fault = |error: &dyn std::fmt::Display| ExchangeError::NoFault(error.to_string());
        let (terms, secret, genesis) = (&purchase.terms, self.secret(purchase), self.market.genesis());
        let fault = match found {
            Found::WrongKey => Fault::WrongKey,
            Found::BadBlock(index) => {
                let proving = progress(&self.observer, Work::Proving, terms.length);
                let packages = self.home.packages();
                let proved = packages
                    .block_fault(&purchase.package(), &terms.sealed(), &terms.dataset.0, index, proving)
                    .await;
                Fault::BadBlock(proved.map_err(|error| no_fault(&error))?)
            }
        };
        let shared = prove_shared(&genesis, order, &secret, delivery, &mut OsRng);
        let shared = shared.map_err(|error| no_fault(&error))?;
        let proof = DisputeProof { shared, fault };
        let against = DisputeTerms {
            order_key: secret.order_key(),
            delivery: *delivery,
            key_commitment: terms.key_commitment,
            sealed: terms.sealed(),
            plain: terms.plain(),
        };
        let verdict = verify(&genesis, order, &against, &proof).map_err(|error| no_fault(&error))?;
        match (verdict, found) {
            (Verdict::WrongKey, Found::WrongKey) => Ok(proof),
            (Verdict::BadBlock(proved), Found::BadBlock(index)) if proved == index => Ok(proof),
            _ => Err(no_fault(&"another fault than the one found")),
        }
    }
}
