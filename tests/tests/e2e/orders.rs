//! What the chain refuses about orders, by the error's name, and that nothing is half done then.

use rand_core::RngCore;
use wonbon_client::chain::{Call, Chain, ChainError, Until};
use wonbon_model::{Balance, OfferState, OrderId, OrderState, Outcome};
use wonbon_primitives::{
    content::{
        leaf_list,
        tree::{inclusion_path, leaf_hash},
        Commitment,
    },
    delivery::{deliver, prove_shared, Delivery},
    dispute::{BlockFault, DisputeProof, Fault},
    Digest, OsRng,
};
use wonbon_tests::{
    cli::code,
    listing::{self, Conditions, Listing, Placed},
    market::{Company, Market},
    package::Package,
};

const PALLET: &str = "Marketplace";

pub(crate) async fn at_a_stale_price_are_refused() {
    let market = Market::shared().await;
    let chain = market.chain().await;
    let (seller, buyer) = (market.company("seller"), market.company("buyer"));
    let listing = listing::list(&chain, &seller.key, Conditions::default()).await.unwrap();
    let agreed = listing::quote(&chain, listing.offer).await.unwrap();
    let raise = Call::set_price(listing.offer, agreed.price + 1);
    chain.submit(&seller.key, &raise, Until::Best).await.unwrap();

    let before = Held::of(&chain, &buyer).await;
    let refused = listing::order_at(&chain, &buyer.key, &agreed).await.unwrap_err();
    assert!(refused.is_refused(PALLET, "StaleTerms"), "{refused}");
    assert_eq!(Held::of(&chain, &buyer).await, before);
}

pub(crate) async fn of_an_unverified_company_are_refused() {
    let market = Market::shared().await;
    let chain = market.chain().await;
    let (seller, sponsor) = (market.company("seller"), market.company("sponsor"));
    let stranger = market.stranger("stranger");
    let listing = listing::list(&chain, &seller.key, Conditions::default()).await.unwrap();
    let gift = Call::transfer(stranger.account(), 10_000_000);
    chain.submit(&sponsor.key, &gift, Until::Best).await.unwrap();

    let before = Held::of(&chain, &stranger).await;
    let refused = listing::order(&chain, &stranger.key, listing.offer).await.unwrap_err();
    assert!(refused.is_refused(PALLET, "NotVerified"), "{refused}");
    assert_eq!(Held::of(&chain, &stranger).await, before);
}

pub(crate) async fn for_a_withdrawn_offer_are_refused() {
    let market = Market::shared().await;
    let chain = market.chain().await;
    let (seller, buyer) = (market.company("seller"), market.company("buyer"));
    let listing = listing::list(&chain, &seller.key, Conditions::default()).await.unwrap();
    let terms = listing::quote(&chain, listing.offer).await.unwrap();
    let bonded = Held::of(&chain, &seller).await;
    chain.submit(&seller.key, &Call::withdraw_offer(listing.offer), Until::Best).await.unwrap();
    assert!(Held::of(&chain, &seller).await.held < bonded.held, "the bond of a closed offer is released");

    let before = Held::of(&chain, &buyer).await;
    let refused = listing::order_at(&chain, &buyer.key, &terms).await.unwrap_err();
    assert!(refused.is_refused(PALLET, "OfferNotOpen"), "{refused}");
    assert_eq!(Held::of(&chain, &buyer).await, before);
}

pub(crate) async fn without_the_money_are_refused() {
    let market = Market::shared().await;
    let chain = market.chain().await;
    let (seller, buyer) = (market.company("seller"), market.company("buyer"));
    let listing = listing::list(&chain, &seller.key, Conditions::default()).await.unwrap();
    let free = chain.best().await.unwrap().balance(&buyer.account()).await.unwrap().free;
    let spent = Call::transfer(seller.account(), free - 900_000);
    chain.submit(&buyer.key, &spent, Until::Best).await.unwrap();

    let before = Held::of(&chain, &buyer).await;
    let refused = listing::order(&chain, &buyer.key, listing.offer).await.unwrap_err();
    assert!(refused.is_refused("Token", "FundsUnavailable"), "{refused}");
    assert_eq!(Held::of(&chain, &buyer).await, before);
}

pub(crate) async fn for_an_own_offer_are_refused() {
    let market = Market::shared().await;
    let chain = market.chain().await;
    let seller = market.company("seller");
    let listing = listing::list(&chain, &seller.key, Conditions::default()).await.unwrap();

    let before = Held::of(&chain, &seller).await;
    let refused = listing::order(&chain, &seller.key, listing.offer).await.unwrap_err();
    assert!(refused.is_refused(PALLET, "OwnOffer"), "{refused}");
    assert_eq!(Held::of(&chain, &seller).await, before);
}

pub(crate) async fn are_delivered_once_and_by_the_seller() {
    let market = Market::shared().await;
    let chain = market.chain().await;
    let (seller, buyer) = (market.company("seller"), market.company("buyer"));
    let other = market.company("other");
    let listing = listing::list(&chain, &seller.key, Conditions::default()).await.unwrap();
    let placed = listing::order(&chain, &buyer.key, listing.offer).await.unwrap();

    let call = Call::deliver(placed.order, delivery(&chain, &listing, &placed).await);
    let refused = chain.submit(&other.key, &call, Until::Best).await.unwrap_err();
    assert!(is_rejected(&refused, "another company's"), "{refused}");
    chain.submit(&seller.key, &call, Until::Best).await.unwrap();
    let again = Call::deliver(placed.order, delivery(&chain, &listing, &placed).await);
    let refused = chain.submit(&seller.key, &again, Until::Best).await.unwrap_err();
    assert!(is_rejected(&refused, "delivered already"), "{refused}");

    chain.submit(&buyer.key, &Call::accept(placed.order, 0), Until::Best).await.unwrap();
    assert_eq!(outcome(&chain, placed.order).await, Some(Outcome::Accepted));
}

pub(crate) async fn that_are_not_delivered_in_time_expire() {
    let market = Market::shared().await;
    let chain = market.chain().await;
    let (seller, buyer) = (market.company("seller"), market.company("buyer"));
    let other = market.company("other");
    let listing = listing::list(&chain, &seller.key, Conditions::default()).await.unwrap();
    let before = Held::of(&chain, &buyer).await;
    let terms = listing::quote(&chain, listing.offer).await.unwrap();
    let bond = Held::of(&chain, &seller).await;
    let placed = listing::order(&chain, &buyer.key, listing.offer).await.unwrap();
    let early = chain.submit(&other.key, &Call::expire(placed.order), Until::Best).await.unwrap_err();
    assert!(early.is_refused(PALLET, "TooEarly"), "{early}");

    listing::reach(&chain, placed.deliver_by).await.unwrap();
    let late = Call::deliver(placed.order, delivery(&chain, &listing, &placed).await);
    let refused = chain.submit(&seller.key, &late, Until::Best).await.unwrap_err();
    assert!(is_rejected(&refused, "time is over"), "{refused}");
    let open = chain.best().await.unwrap().balance(&buyer.account()).await.unwrap();
    chain.submit(&other.key, &Call::expire(placed.order), Until::Best).await.unwrap();

    assert_eq!(outcome(&chain, placed.order).await, Some(Outcome::Missed));
    assert_eq!(Held::of(&chain, &buyer).await, before);
    let settled = chain.best().await.unwrap().balance(&buyer.account()).await.unwrap();
    let returned = terms.price + terms.dispute_reserve + terms.missed_delivery_penalty;
    assert_eq!(settled.free - open.free, returned);
    assert_eq!(bond.held - Held::of(&chain, &seller).await.held, terms.missed_delivery_penalty);
}

/// A missed delivery pauses the offer; orders of before cost no second penalty until it is resumed.
pub(crate) async fn are_taken_again_once_a_paused_offer_is_resumed() {
    let market = Market::shared().await;
    let chain = market.chain().await;
    let (seller, buyer) = (market.company("seller"), market.company("buyer"));
    let other = market.company("other");
    let listing = listing::list(&chain, &seller.key, Conditions::default()).await.unwrap();
    let terms = listing::quote(&chain, listing.offer).await.unwrap();
    let bonded = Held::of(&chain, &seller).await.held;
    let first = listing::order(&chain, &buyer.key, listing.offer).await.unwrap();
    let second = listing::order(&chain, &other.key, listing.offer).await.unwrap();
    listing::reach(&chain, second.deliver_by).await.unwrap();
    for order in [first.order, second.order] {
        chain.submit(&other.key, &Call::expire(order), Until::Best).await.unwrap();
        assert_eq!(outcome(&chain, order).await, Some(Outcome::Missed));
    }
    assert_eq!(bonded - Held::of(&chain, &seller).await.held, terms.missed_delivery_penalty);
    let offer = chain.best().await.unwrap().offer(listing.offer).await.unwrap().unwrap();
    assert_eq!((offer.state, offer.missed), (OfferState::Paused, 2));
    let refused = listing::order_at(&chain, &buyer.key, &terms).await.unwrap_err();
    assert!(refused.is_refused(PALLET, "OfferNotOpen"), "{refused}");

    chain.submit(&seller.key, &Call::resume_offer(listing.offer), Until::Best).await.unwrap();
    let placed = listing::order(&chain, &buyer.key, listing.offer).await.unwrap();
    let call = Call::deliver(placed.order, delivery(&chain, &listing, &placed).await);
    chain.submit(&seller.key, &call, Until::Best).await.unwrap();
    chain.submit(&buyer.key, &Call::accept(placed.order, 0), Until::Best).await.unwrap();
    assert_eq!(outcome(&chain, placed.order).await, Some(Outcome::Accepted));
}

pub(crate) async fn are_refused_by_their_seller() {
    let market = Market::shared().await;
    let chain = market.chain().await;
    let (seller, buyer) = (market.company("seller"), market.company("buyer"));
    let conditions = Conditions { delivery_window: Some(100), ..Conditions::default() };
    let listing = listing::list(&chain, &seller.key, conditions).await.unwrap();
    let bond = Held::of(&chain, &seller).await;
    let before = Held::of(&chain, &buyer).await;
    let placed = listing::order(&chain, &buyer.key, listing.offer).await.unwrap();
    let refused = chain.submit(&buyer.key, &Call::refuse(placed.order), Until::Best).await.unwrap_err();
    assert!(refused.is_refused(PALLET, "NotTheSeller"), "{refused}");
    chain.submit(&seller.key, &Call::refuse(placed.order), Until::Best).await.unwrap();

    assert_eq!(outcome(&chain, placed.order).await, Some(Outcome::Refused));
    assert_eq!(Held::of(&chain, &buyer).await, before);
    assert_eq!(Held::of(&chain, &seller).await, bond, "in the first half of the window it is free");
    let offer = chain.best().await.unwrap().offer(listing.offer).await.unwrap().unwrap();
    assert_eq!((offer.state, offer.refused), (OfferState::Open, 1));
}

pub(crate) async fn are_paid_back_as_both_agree() {
    let market = Market::shared().await;
    let chain = market.chain().await;
    let (seller, buyer) = (market.company("seller"), market.company("buyer"));
    let conditions = Conditions { dispute_window: Some(100), ..Conditions::default() };
    let listing = listing::list(&chain, &seller.key, conditions).await.unwrap();
    let terms = listing::quote(&chain, listing.offer).await.unwrap();
    let placed = listing::order(&chain, &buyer.key, listing.offer).await.unwrap();
    let call = Call::deliver(placed.order, delivery(&chain, &listing, &placed).await);
    chain.submit(&seller.key, &call, Until::Finalized).await.unwrap();
    let number = placed.order.to_string();
    let take = ["order", "accept-refund", &number, "--yes"];
    buyer.cli.run(take).await.failed_as(code::FAILURE, "NoRefundProposed");
    // Nothing takes a proposal back, so that it is asked for first.
    seller.cli.run(["order", "propose-refund", &number]).await.failed_as(code::REFUSED, "NotAgreed");
    let proposed = seller.cli.run(["order", "propose-refund", &number, "--yes"]).await.ok();
    assert!(proposed["order"]["refund_proposed"].is_u64(), "{proposed}");

    let open = chain.best().await.unwrap().balance(&buyer.account()).await.unwrap();
    let done = buyer.cli.run(take).await.ok();
    assert_eq!(done["trade"]["outcome"], "refunded", "{done}");
    let fee = Balance::from(done["transaction"]["fee"].as_u64().unwrap());
    let ended = chain.best().await.unwrap().balance(&buyer.account()).await.unwrap();
    assert_eq!(ended.free + fee - open.free, terms.price + terms.dispute_reserve);
    assert_eq!(outcome(&chain, placed.order).await, Some(Outcome::Refunded));
}

/// What was ordered keeps its terms, and what was agreed to before is stale.
pub(crate) async fn keep_their_terms_when_the_offer_is_amended() {
    let market = Market::shared().await;
    let chain = market.chain().await;
    let (seller, buyer) = (market.company("seller"), market.company("buyer"));
    let listing = listing::list(&chain, &seller.key, Conditions::default()).await.unwrap();
    let agreed = listing::quote(&chain, listing.offer).await.unwrap();
    let placed = listing::order(&chain, &buyer.key, listing.offer).await.unwrap();
    let licence = [0x77; 32];
    let (delivery_window, dispute_window) = (agreed.delivery_window + 1, agreed.dispute_window + 1);
    let amend =
        Call::amend(listing.offer, licence, agreed.nda, delivery_window, dispute_window, agreed.derivation);
    chain.submit(&seller.key, &amend, Until::Best).await.unwrap();

    let order = chain.best().await.unwrap().order(placed.order).await.unwrap().unwrap();
    assert_eq!(order.terms.digest(), agreed.digest());
    let amended = listing::quote(&chain, listing.offer).await.unwrap();
    assert_eq!((amended.licence, amended.delivery_window), (licence, delivery_window));
    let stale = wonbon_model::OrderTerms { licence, ..agreed };
    let refused = listing::order_at(&chain, &buyer.key, &stale).await.unwrap_err();
    assert!(refused.is_refused(PALLET, "StaleTerms"), "{refused}");
}

pub(crate) async fn are_disputed_by_the_buyer_with_a_reason_and_in_time() {
    let market = Market::shared().await;
    let chain = market.chain().await;
    let (seller, buyer) = (market.company("seller"), market.company("buyer"));
    let other = market.company("other");
    let data: Vec<u8> = rand_bytes();
    let package = Package::honest(&data);
    let listing =
        listing::list_sealing(&chain, &seller.key, &package.sealing, Conditions::default()).await.unwrap();
    let placed = listing::order(&chain, &buyer.key, listing.offer).await.unwrap();
    let delivery = delivery(&chain, &listing, &placed).await;
    let dispute = |fault| {
        let genesis = chain.genesis();
        let shared = prove_shared(&genesis, placed.order, &placed.secret, &delivery, &mut OsRng).unwrap();
        Call::dispute(placed.order, DisputeProof { shared, fault })
    };
    let early = chain.submit(&buyer.key, &dispute(Fault::WrongKey), Until::Best).await.unwrap_err();
    assert!(is_rejected(&early, "not delivered yet"), "{early}");
    chain.submit(&seller.key, &Call::deliver(placed.order, delivery), Until::Best).await.unwrap();

    let open = Held::of(&chain, &buyer).await;
    let refused = chain.submit(&other.key, &dispute(Fault::WrongKey), Until::Best).await.unwrap_err();
    assert!(is_rejected(&refused, "another company's"), "{refused}");
    let refused = chain.submit(&buyer.key, &dispute(Fault::WrongKey), Until::Best).await.unwrap_err();
    assert!(refused.is_refused(PALLET, "DisputeKeyIsRight"), "{refused}");
    let block = Fault::BadBlock(claim(&package, 1));
    let refused = chain.submit(&buyer.key, &dispute(block.clone()), Until::Best).await.unwrap_err();
    assert!(refused.is_refused(PALLET, "DisputeBlockIsRight"), "{refused}");
    assert_eq!(Held::of(&chain, &buyer).await.orders, open.orders);

    let early = chain.submit(&other.key, &Call::settle(placed.order, 0), Until::Best).await.unwrap_err();
    assert!(early.is_refused(PALLET, "TooEarly"), "{early}");
    listing::reach(&chain, dispute_until(&chain, placed.order).await).await.unwrap();
    let late = chain.submit(&buyer.key, &dispute(block), Until::Best).await.unwrap_err();
    assert!(is_rejected(&late, "time is over"), "{late}");
    chain.submit(&other.key, &Call::settle(placed.order, 0), Until::Best).await.unwrap();
    assert_eq!(outcome(&chain, placed.order).await, Some(Outcome::Lapsed));
}

/// Whether a transaction came into no block, for a reason with these words.
fn is_rejected(error: &ChainError, words: &str) -> bool {
    matches!(error, ChainError::Rejected(reason) if reason.contains(words))
}

/// What a company has on hold, and its open orders.
#[derive(Debug, PartialEq, Eq)]
struct Held {
    held: Balance,
    orders: Vec<OrderId>,
}

impl Held {
    async fn of(chain: &Chain, company: &Company) -> Self {
        let view = chain.best().await.unwrap();
        let account = company.account();
        let orders = view.orders().await.unwrap().into_iter();
        let orders = orders.filter(|(_, order)| order.buyer == account).map(|(order, _)| order).collect();
        Self { held: view.balance(&account).await.unwrap().held, orders }
    }
}

/// The content key for the buyer of an order.
async fn delivery(chain: &Chain, listing: &Listing, placed: &Placed) -> Delivery {
    let order_key = placed.secret.order_key();
    deliver(&chain.genesis(), placed.order, &order_key, &listing.key, &mut OsRng).unwrap()
}

/// What a dispute says about the block `index` of a package, whether or not the block is wrong.
pub(crate) fn claim(package: &Package, index: u64) -> BlockFault {
    let Commitment { length, .. } = package.sealing.plain;
    let length = usize::try_from(length).unwrap();
    let (payload, list) = package.bytes.split_at(length);
    let blocks: Vec<&[u8]> = payload.chunks(4096).collect();
    let sealed: Vec<Digest> = blocks.iter().map(|block| leaf_hash(block)).collect();
    let plain: Vec<Digest> = list.chunks(32).map(|leaf| leaf.try_into().unwrap()).collect();
    assert_eq!(list.len() as u64, leaf_list::byte_length(package.sealing.plain.length));
    let place = usize::try_from(index).unwrap();
    BlockFault {
        index,
        sealed_block: blocks[place].to_vec().try_into().unwrap(),
        sealed_path: inclusion_path(sealed.into_iter(), index).unwrap().try_into().unwrap(),
        plain_leaf: plain[place],
        plain_path: inclusion_path(plain.into_iter(), index).unwrap().try_into().unwrap(),
    }
}

async fn outcome(chain: &Chain, order: OrderId) -> Option<Outcome> {
    chain.best().await.unwrap().trade_of(order).await.unwrap().map(|trade| trade.record.outcome)
}

async fn dispute_until(chain: &Chain, order: OrderId) -> u32 {
    match chain.best().await.unwrap().order(order).await.unwrap().unwrap().state {
        OrderState::Delivered { dispute_until, .. } => dispute_until,
        OrderState::Placed => panic!("the key of order {order} was delivered"),
    }
}

/// Three blocks and a bit that no one else has.
fn rand_bytes() -> Vec<u8> {
    let mut data = vec![0; 3 * 4096 + 5];
    OsRng.fill_bytes(&mut data);
    data
}
