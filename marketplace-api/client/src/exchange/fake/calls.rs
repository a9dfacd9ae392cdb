//! What the calls of a trade do to the market in memory.

use super::state::{quoted, State, ANNOUNCEMENT_DELAY, ANNOUNCEMENT_LIFETIME, GENESIS, PROVISIONAL_PERIOD};
use crate::chain::{Call, ChainError};
use crate::chain::{ChainEvent, MarketplaceEvent};
use codec::{Compact, Decode};
use wonbon_model::{
    AccountId, DatasetId, Digest, Method, Moment, OrderId, OrderState, Outcome, Parent, SampleAnswer,
};
use wonbon_primitives::content::shown::{self, ShownLeaves};
use wonbon_primitives::delivery::{Delivery, OrderKey};
use wonbon_primitives::dispute::{verify, DisputeProof, DisputeTerms, Verdict};
use wonbon_primitives::record::announcement;
use wonbon_primitives::Commitment;

/// What a call that is taken tells.
type Applied = Result<Vec<ChainEvent>, ChainError>;

fn refused(pallet: &str, error: &str) -> ChainError {
    ChainError::Refused { pallet: pallet.to_owned(), error: error.to_owned(), explanation: String::new() }
}

impl State {
    pub(super) fn apply(&mut self, who: AccountId, call: &Call) -> Applied {
        let bytes = call.plain_arguments().unwrap();
        let name = call.name();
        match name.split_once('.').unwrap() {
            ("Provenance", call) => self.provenance(who, call, &bytes),
            ("Marketplace", "offer") => {
                let (dataset, _, key) = <(DatasetId, Digest, Digest)>::decode(&mut &bytes[..]).unwrap();
                let is_provisional = self.datasets[&dataset].is_provisional_at(self.best);
                if is_provisional || self.pending_lineage.contains(&dataset) {
                    return Err(refused("Marketplace", "DatasetProvisional"));
                }
                self.used_keys.insert((who, key), 7);
                let made = MarketplaceEvent::OfferMade { offer: 7, dataset, seller: who, price: 1 };
                Ok(vec![ChainEvent::Marketplace(made)])
            }
            ("Marketplace", "place_order") => self.place_order(who, &bytes),
            ("Marketplace", call) => self.ordered(call, &bytes).map(|()| vec![]),
            _ => panic!("the fake market has no {name}"),
        }
    }

    fn provenance(&mut self, who: AccountId, call: &str, mut input: &[u8]) -> Applied {
        let refused = |error| Err(refused("Provenance", error));
        match call {
            "announce" => {
                let commitment = Digest::decode(&mut input).unwrap();
                self.announced.insert((who, commitment), self.best);
            }
            "cancel_announcement" => {
                let commitment = Digest::decode(&mut input).unwrap();
                assert!(self.announced.remove(&(who, commitment)).is_some());
            }
            "register" => {
                let (root, length, salt) = <(Digest, u64, Digest)>::decode(&mut input).unwrap();
                let leaves = ShownLeaves::decode(&mut input).unwrap();
                let (metadata, _, parents) = <(Digest, Method, Vec<Parent>)>::decode(&mut input).unwrap();
                if std::mem::take(&mut self.dies) {
                    self.best -= std::mem::take(&mut self.behind) + std::mem::take(&mut self.loses);
                    let best = self.best;
                    self.announced.retain(|_, at| *at <= best);
                }
                if let Some(rival) = self.rival.take() {
                    self.register(DatasetId(root), length, rival);
                }
                if self.datasets.contains_key(&DatasetId(root)) {
                    return refused("AlreadyRegistered");
                }
                let announced = (who, announcement(who.as_ref(), &root, length, &salt));
                let Some(at) = self.announced.get(&announced).copied() else {
                    return refused("NotAnnounced");
                };
                if self.best <= at + ANNOUNCEMENT_DELAY {
                    return refused("TooEarly");
                }
                if self.best > at + ANNOUNCEMENT_LIFETIME {
                    return refused("AnnouncementExpired");
                }
                let seed = self.hash_at(at + ANNOUNCEMENT_DELAY);
                if shown::verify(&seed, who.as_ref(), &Commitment { root, length }, &leaves).is_err() {
                    return refused("WrongLeaves");
                }
                self.announced.remove(&announced);
                self.register(DatasetId(root), length, who);
                let provisional_until = self.best + PROVISIONAL_PERIOD;
                self.datasets.entry(DatasetId(root)).and_modify(|dataset| {
                    (dataset.metadata, dataset.announced) = (metadata, at);
                    dataset.provisional_until = provisional_until;
                });
                if !parents.is_empty() {
                    self.pending_lineage.insert(DatasetId(root));
                }
                self.parents.insert(DatasetId(root), parents);
            }
            "enter_lineage" => {
                let id = DatasetId::decode(&mut input).unwrap();
                if self.best < self.datasets[&id].provisional_until {
                    return refused("Provisional");
                }
                if !self.pending_lineage.remove(&id) {
                    return refused("NoLineagePending");
                }
            }
            "answer_draw" => {
                let (id, blocks, digest) = <(DatasetId, Compact<u32>, Digest)>::decode(&mut input).unwrap();
                let at = Moment { block: self.best, time: 0 };
                let answer = SampleAnswer { blocks: blocks.0, digest, at, position: 0 };
                let dataset = self.datasets.get_mut(&id).unwrap();
                assert_eq!((dataset.owner, dataset.sample.replace(answer)), (who, None));
            }
            other => panic!("the fake market has no {other}"),
        }
        Ok(vec![])
    }

    fn place_order(&mut self, who: AccountId, mut input: &[u8]) -> Applied {
        type Stated = (Compact<u64>, Compact<u128>, Compact<u32>, Compact<u32>);
        let ((_, price, royalties, _), terms) = <(Stated, Digest)>::decode(&mut input).unwrap();
        let (_, _, order_key, nonce) = <(Digest, Digest, OrderKey, Digest)>::decode(&mut input).unwrap();
        let offer = self.offer.clone().unwrap();
        let quoted = quoted(&offer);
        assert_eq!(royalties.0 as usize, quoted.royalties.len());
        if (price.0, terms) != (quoted.price, quoted.digest()) {
            return Err(refused("Marketplace", "StaleTerms"));
        }
        let order = self.place(who, order_key, nonce);
        let deliver_by = self.orders[&order].deliver_by;
        let placed = MarketplaceEvent::OrderPlaced { order, offer: 7, buyer: who, deliver_by };
        Ok(vec![ChainEvent::Marketplace(placed)])
    }

    fn ordered(&mut self, call: &str, mut input: &[u8]) -> Result<(), ChainError> {
        let refused = |error| refused("Marketplace", error);
        let id: OrderId = Compact::<u64>::decode(&mut input).unwrap().0;
        let order = self.orders.get(&id).cloned().ok_or_else(|| refused("NoSuchOrder"))?;
        match call {
            "deliver" => {
                if order.state != OrderState::Placed {
                    return Err(refused("AlreadyDelivered"));
                }
                self.delivered(id, Delivery::decode(&mut input).unwrap());
            }
            "accept" | "expire" | "dispute" if self.faulty.contains(&order.terms.sealed_root) => {
                return Err(refused("FaultySealing"));
            }
            "refund_faulty" => self.end_order(id, Outcome::Faulted),
            "accept" => self.end_order(id, Outcome::Accepted),
            "expire" => {
                if self.best <= order.deliver_by {
                    return Err(refused("TooEarly"));
                }
                self.end_order(id, Outcome::Missed);
            }
            "dispute" => {
                let proof = DisputeProof::decode(&mut input).unwrap();
                let OrderState::Delivered { delivery, .. } = order.state else {
                    return Err(refused("NotDelivered"));
                };
                let terms = DisputeTerms {
                    order_key: order.order_key,
                    delivery,
                    key_commitment: order.terms.key_commitment,
                    sealed: order.terms.sealed(),
                    plain: order.terms.plain(),
                };
                match verify(&GENESIS, id, &terms, &proof).map_err(|_| refused("DisputeFailed"))? {
                    Verdict::WrongKey => self.end_order(id, Outcome::WrongKey),
                    Verdict::BadBlock(index) => self.end_order(id, Outcome::BadBlock(index)),
                }
            }
            other => panic!("the fake market has no {other}"),
        }
        Ok(())
    }
}
