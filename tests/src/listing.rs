//! Offers and orders made directly on the chain, for tests of what the chain refuses.

use std::time::Duration;

use rand_core::RngCore;
use wonbon_client::{
    chain::{royalty_count, Call, Chain, ChainError, ChainEvent, MarketplaceEvent, Until},
    Keypair,
};
use wonbon_model::{
    Balance, BlockNumber, DatasetId, Derivation, Digest, Method, OfferId, OrderId, OrderTerms, ParentList,
};
use wonbon_primitives::{
    bounds::MAX_LINEAGE,
    content::{shown, Commitment},
    delivery::OrderSecret,
    record::announcement,
    seal::ContentKey,
    OsRng,
};

use crate::{
    package::{Package, Sealing},
    wait::within,
};

/// What a seller asks for.
#[derive(Clone, Copy, Debug)]
pub struct Conditions {
    /// The price, in won.
    pub price: Balance,
    /// Blocks in which to deliver; the shortest that the rules allow if `None`.
    pub delivery_window: Option<BlockNumber>,
    /// Blocks in which to dispute; the shortest that the rules allow if `None`.
    pub dispute_window: Option<BlockNumber>,
    /// Hashes of metadata document, licence and confidentiality agreement.
    pub texts: Texts,
}

/// Hashes of what is read about a dataset.
#[derive(Clone, Copy, Debug)]
pub struct Texts {
    pub metadata: Digest,
    pub licence: Digest,
    pub nda: Digest,
}

impl Default for Texts {
    /// Texts that are nowhere, for offers about which nobody reads anything.
    fn default() -> Self {
        Self { metadata: [6; 32], licence: [7; 32], nda: [8; 32] }
    }
}

impl Default for Conditions {
    fn default() -> Self {
        Self { price: 1_000_000, delivery_window: None, dispute_window: None, texts: Texts::default() }
    }
}

/// An offer on the chain and what its seller knows.
#[derive(Clone, Debug)]
pub struct Listing {
    pub dataset: DatasetId,
    pub offer: OfferId,
    pub key: ContentKey,
}

/// An order on the chain and what its buyer knows.
#[derive(Clone, Debug)]
pub struct Placed {
    pub order: OrderId,
    /// The last block in which the key may be delivered.
    pub deliver_by: BlockNumber,
    /// What the buyer opens the delivery with.
    pub secret: OrderSecret,
}

/// Registers and offers a package of 5,000 bytes that no one else has.
pub async fn list(chain: &Chain, seller: &Keypair, conditions: Conditions) -> Result<Listing, ChainError> {
    let mut data = vec![0; 5_000];
    OsRng.fill_bytes(&mut data);
    list_sealing(chain, seller, &Package::honest(&data).sealing, conditions).await
}

/// Registers and offers a sealing.
pub async fn list_sealing(
    chain: &Chain,
    seller: &Keypair,
    sealing: &Sealing,
    conditions: Conditions,
) -> Result<Listing, ChainError> {
    let dataset = register(chain, seller, sealing, conditions.texts.metadata).await?;
    let rules = chain.best().await?.rules().await?.expect("the development chain has rules from the start");
    let offer = Call::offer(
        dataset,
        sealing.sealed.root,
        sealing.key.commitment(),
        conditions.price,
        conditions.texts.licence,
        conditions.texts.nda,
        conditions.delivery_window.unwrap_or(rules.min_delivery_window),
        conditions.dispute_window.unwrap_or(rules.min_dispute_window),
        rules.bond_for(conditions.price) * 2,
        Derivation::Forbidden,
        0,
    );
    let included = chain.submit(seller, &offer, Until::Best).await?;
    let offer = included.events.iter().find_map(|event| match event {
        ChainEvent::Marketplace(MarketplaceEvent::OfferMade { offer, .. }) => Some(*offer),
        _ => None,
    });
    let offer = offer.expect("an offer that is made has a number");
    Ok(Listing { dataset, offer, key: sealing.key.clone() })
}

/// Registers the dataset of a sealing, and waits until nobody can displace the registration.
pub async fn register(
    chain: &Chain,
    seller: &Keypair,
    sealing: &Sealing,
    metadata: Digest,
) -> Result<DatasetId, ChainError> {
    let announced = Announced::new(chain, seller, sealing.plain).await?;
    let dataset = announced.register(chain, seller, &sealing.leaves, metadata).await?;
    let registered = chain.best().await?.dataset(&dataset).await?.expect("it was registered a moment ago");
    reach(chain, registered.provisional_until).await?;
    Ok(dataset)
}

/// An announcement on the chain, and what opens it.
#[derive(Clone, Copy, Debug)]
pub struct Announced {
    file: Commitment,
    salt: Digest,
    at: BlockNumber,
}

impl Announced {
    /// Announces a dataset.
    pub async fn new(chain: &Chain, seller: &Keypair, file: Commitment) -> Result<Self, ChainError> {
        let mut salt = [0; 32];
        OsRng.fill_bytes(&mut salt);
        let commitment = announcement(seller.account().as_ref(), &file.root, file.length, &salt);
        let announced = chain.submit(seller, &Call::announce(commitment), Until::Best).await?;
        Ok(Self { file, salt, at: announced.block.height })
    }

    /// Registers the announced dataset, of these leaves, once the ones to show are drawn.
    pub async fn register(
        &self,
        chain: &Chain,
        seller: &Keypair,
        leaves: &[Digest],
        metadata: Digest,
    ) -> Result<DatasetId, ChainError> {
        let draws = self.at.saturating_add(chain.best().await?.announcement_delay()?);
        reach(chain, draws).await?;
        let seed = chain.block_at(draws).await?.expect("it is finalized").hash;
        let mut shown = shown::Prover::new(&seed, seller.account().as_ref(), &self.file)
            .expect("a file has the leaves that are drawn");
        leaves.iter().for_each(|leaf| shown.push(*leaf));
        let register = Call::register_dataset(
            self.file.root,
            self.file.length,
            self.salt,
            shown.finish().expect("these are all of its leaves"),
            metadata,
            Method::Collected,
            ParentList::default(),
            None,
        );
        chain.submit(seller, &register, Until::Best).await?;
        Ok(DatasetId(self.file.root))
    }
}

/// The terms that an order of `offer` would fix now.
pub async fn quote(chain: &Chain, offer: OfferId) -> Result<OrderTerms, ChainError> {
    let quoted = chain.best().await?.quote(chain.genesis(), offer).await?;
    Ok(quoted.expect("the offer was made, and a development chain has rules from the start"))
}

/// Orders at today's terms.
pub async fn order(chain: &Chain, buyer: &Keypair, offer: OfferId) -> Result<Placed, ChainError> {
    let terms = quote(chain, offer).await?;
    order_at(chain, buyer, &terms).await
}

/// Orders at `terms`, which may be stale.
pub async fn order_at(chain: &Chain, buyer: &Keypair, terms: &OrderTerms) -> Result<Placed, ChainError> {
    let mut nonce = [0; 32];
    OsRng.fill_bytes(&mut nonce);
    let secret = OrderSecret::derive(&buyer.order_secret(), &nonce);
    let call = Call::place_order(
        terms.offer,
        terms.price,
        royalty_count(&terms.royalties),
        MAX_LINEAGE,
        terms.digest(),
        terms.licence,
        terms.nda,
        secret.order_key(),
        nonce,
    );
    let included = chain.submit(buyer, &call, Until::Best).await?;
    let placed = included.events.iter().find_map(|event| match event {
        ChainEvent::Marketplace(MarketplaceEvent::OrderPlaced { order, deliver_by, .. }) => {
            Some((*order, *deliver_by))
        }
        _ => None,
    });
    let (order, deliver_by) = placed.expect("an order that is placed has a number");
    Ok(Placed { order, deliver_by, secret })
}

/// Returns when the block at `height` is finalized.
pub async fn reach(chain: &Chain, height: BlockNumber) -> Result<(), ChainError> {
    let mut blocks = chain.finalized_blocks(height);
    let what = format!("block {height}, finalized");
    within(Duration::from_secs(120), &what, blocks.next()).await?;
    Ok(())
}
