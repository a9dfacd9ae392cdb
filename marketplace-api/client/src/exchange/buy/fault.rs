//! Making the proof of a fault, and checking it before anybody else sees it.

use super::{Buyer, Purchase};
use crate::exchange::event::progress;
use crate::exchange::{ExchangeError, Result, Work};
use rand_core::OsRng;
use wonbon_model::OrderId;
use wonbon_package::Sealed;
use wonbon_primitives::delivery::{prove_shared, Delivery};
use wonbon_primitives::dispute::{verify, DisputeProof, DisputeTerms, Fault, Verdict};

/// What the buyer found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FoundFault {
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
        found: FoundFault,
    ) -> Result<DisputeProof> {
        let no_fault = |error: &dyn std::fmt::Display| ExchangeError::NoFault(error.to_string());
        let Sealed { plain, sealed, key_commitment } = purchase.sealed();
        let (secret, genesis) = (self.secret(purchase).await?, self.market.genesis());
        let fault = match found {
            FoundFault::WrongKey => Fault::WrongKey,
            FoundFault::BadBlock(index) => {
                let proving = progress(&self.observer, Work::Proving, plain.length);
                let (package, blobs) = (purchase.package(), self.home.blobs());
                let proved = blobs.block_fault(&package, &purchase.sealed(), index, proving).await;
                Fault::BadBlock(proved.map_err(|error| no_fault(&error))?)
            }
        };
        let shared = prove_shared(&genesis, order, &secret, delivery, &mut OsRng);
        let shared = shared.map_err(|error| no_fault(&error))?;
        let proof = DisputeProof { shared, fault };
        let (order_key, delivery) = (secret.order_key(), *delivery);
        let against = DisputeTerms { order_key, delivery, key_commitment, sealed, plain };
        let verdict = verify(&genesis, order, &against, &proof).map_err(|error| no_fault(&error))?;
        match (verdict, found) {
            (Verdict::WrongKey, FoundFault::WrongKey) => Ok(proof),
            (Verdict::BadBlock(proved), FoundFault::BadBlock(index)) if proved == index => Ok(proof),
            _ => Err(no_fault(&"another fault than the one found")),
        }
    }
}
