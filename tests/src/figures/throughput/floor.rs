//! A market floor for load: sellers with offers and buyers with money, found again if they stand on the chain already.
//!
//! Everything is derived from a name, so that a run that was broken off goes on with the same keys and packages.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::try_join_all;
use wonbon_client::{
    chain::{Call, Chain, ChainError, Until},
    Keypair,
};
use wonbon_model::{Balance, Digest, OfferId, OrderTerms};
use wonbon_primitives::{delivery::OrderSecret, label, seal::ContentKey};

use crate::{
    governance::{dev_key, Governance},
    listing::{self, Conditions},
    package::Package,
};

/// How many companies are made with one decision of the authority.
const COMPANIES_AT_ONCE: usize = 60;
/// Orders of one offer that its bond covers at the same time.
const BONDED_ORDERS: u128 = 100;
/// The price of everything, in won: so little that the buyers' credit lasts for ten thousands of trades.
const PRICE: Balance = 1_000;

/// How large a floor is.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    pub sellers: usize,
    pub offers_each: usize,
    pub buyers: usize,
}

/// Who trades what.
#[derive(Debug)]
pub struct Floor {
    pub genesis: Digest,
    pub sellers: Vec<Keypair>,
    pub offers: Vec<Offered>,
    pub buyers: Vec<Keypair>,
}

/// An offer, and what its seller knows.
#[derive(Clone, Debug)]
pub struct Offered {
    /// The seller's place among the sellers.
    pub seller: usize,
    pub terms: OrderTerms,
    pub key: ContentKey,
}

impl Floor {
    /// Makes what is missing of the floor of this name.
    pub async fn make(chain: &Chain, name: &str, size: Size) -> Result<Self, ChainError> {
        let sellers = keys(name, "seller", size.sellers);
        let buyers = keys(name, "buyer", size.buyers);
        let known: BTreeSet<_> =
            chain.best().await?.participants().await?.into_iter().map(|(account, _)| account).collect();
        let companies = sellers.iter().chain(&buyers).filter(|key| !known.contains(&key.account()));
        let companies: Vec<_> = companies.cloned().collect();
        for some in companies.chunks(COMPANIES_AT_ONCE) {
            Governance::Sudo.make_companies(chain, some).await?;
        }

        let made: BTreeMap<Digest, OfferId> = chain
            .best()
            .await?
            .offers()
            .await?
            .into_iter()
            .map(|(id, offer)| (offer.sealed_root, id))
            .collect();
        let listings = (0..size.sellers * size.offers_each).map(|number| {
            let (sellers, made) = (&sellers, &made);
            async move {
                let (seller, package) = (number % size.sellers, package(name, number));
                let id = match made.get(&package.sealing.sealed.root) {
                    Some(id) => *id,
                    None => list(chain, &sellers[seller], &package).await?,
                };
                let terms = listing::quote(chain, id).await?;
                Ok::<_, ChainError>(Offered { seller, terms, key: package.sealing.key })
            }
        });
        let offers = try_join_all(listings).await?;
        Ok(Self { genesis: chain.genesis(), sellers, offers, buyers })
    }

    /// The call by which a buyer orders from an offer, with a nonce of the order's own.
    pub fn order(&self, buyer: usize, offer: usize, nonce: Digest) -> (Call, OrderSecret) {
        let terms = &self.offers[offer].terms;
        let secret = OrderSecret::derive(&self.buyers[buyer].order_secret(), &nonce);
        let key = secret.order_key();
        let (digest, licence, nda) = (terms.digest(), terms.licence, terms.nda);
        // Made from nothing: no royalties, and nothing to look at behind it.
        let call = Call::place_order(terms.offer, terms.price, 0, 0, digest, licence, nda, key, nonce);
        (call, secret)
    }
}

/// Registers and offers a package with a bond that covers many orders.
async fn list(chain: &Chain, seller: &Keypair, package: &Package) -> Result<OfferId, ChainError> {
    let conditions = Conditions {
        price: PRICE,
        delivery_window: Some(1_000),
        dispute_window: Some(1_000),
        ..Conditions::default()
    };
    let offer = listing::list_sealing(chain, seller, &package.sealing, conditions).await?.offer;
    let bond = listing::quote(chain, offer).await?.bond * BONDED_ORDERS;
    chain.submit(seller, &Call::add_bond(offer, bond), Until::Best).await?;
    Ok(offer)
}

fn keys(name: &str, role: &str, count: usize) -> Vec<Keypair> {
    (0..count).map(|number| dev_key(&format!("{name}-{role}-{number}"))).collect()
}

/// The package of a number: data that no other has, sealed with a key that the name gives.
fn package(name: &str, number: usize) -> Package {
    let seed = |what: &[u8]| {
        label::hash(label::ACCOUNT_SECRET, &[b"load", what, name.as_bytes(), &number.to_le_bytes()])
    };
    let data: Vec<u8> = seed(b"data").iter().copied().cycle().take(5_000).collect();
    Package::sealed_with(ContentKey::from_bytes(seed(b"key")), &data)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_found_again_by_their_numbers() {
        let root = |name, number| package(name, number).sealing.sealed.root;
        assert_eq!(root("a", 1), root("a", 1));
        assert_ne!(root("a", 1), root("a", 2));
        assert_ne!(root("a", 1), root("b", 1));
    }
}
