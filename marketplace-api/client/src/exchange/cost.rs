//! What somebody's transactions put on hold, for how long, and what they cost: told before anything is signed.
//!
//! All of it is data: the command, a page or a program words it and asks. What is held is what the chain will hold by its
//! own constants; fees are told by the most that one transaction costs, so that no node has to be believed or asked.

use super::market::{Head, Market};
use super::Result;
use crate::chain::{self, AccountBalance, DayLimit, Deposits, View};
use crate::keys::Keypair;
use wonbon_model::{AccountId, Balance, BlockNumber, Dataset, OrderTerms};
use wonbon_primitives::bounds::MAX_FEE;

/// What something is put on hold for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Held {
    /// The price of an order: paid to the seller, or back.
    Price,
    /// What a dispute of an order would cost.
    DisputeReserve,
    /// The bond of an offer, from which buyers are paid whom the seller lets down.
    Bond,
    /// The record of an offer.
    Offer,
    /// The record of a dataset, from its announcement on.
    Dataset,
    /// The record of an attestation.
    Attestation,
    /// The record of a company.
    Registration,
    /// The account of a member.
    Member,
    /// Credit that is to be paid out.
    Redemption,
}

impl Held {
    /// Every reason.
    pub const ALL: [Self; 9] = [
        Self::Price,
        Self::DisputeReserve,
        Self::Bond,
        Self::Offer,
        Self::Dataset,
        Self::Attestation,
        Self::Registration,
        Self::Member,
        Self::Redemption,
    ];

    /// The one word for it that programs read.
    pub fn word(self) -> &'static str {
        match self {
            Self::Price => "price",
            Self::DisputeReserve => "dispute_reserve",
            Self::Bond => "bond",
            Self::Offer => "offer_deposit",
            Self::Dataset => "dataset_deposit",
            Self::Attestation => "attestation_deposit",
            Self::Registration => "registration_deposit",
            Self::Member => "member_deposit",
            Self::Redemption => "redemption",
        }
    }
}

/// An amount that is put on hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hold {
    /// What for.
    pub what: Held,
    /// Won.
    pub amount: Balance,
    /// Blocks after which it is free again or paid out at the latest, if its end is a matter of time.
    pub most_blocks: Option<BlockNumber>,
}

impl Hold {
    /// One that stays until somebody does something.
    pub fn open(what: Held, amount: Balance) -> Self {
        Self { what, amount, most_blocks: None }
    }

    /// One that lasts so many blocks at most.
    pub fn timed(what: Held, amount: Balance, most_blocks: BlockNumber) -> Self {
        Self { what, amount, most_blocks: Some(most_blocks) }
    }
}

/// What a step or several of them put on hold and cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cost {
    /// What is put on hold.
    pub holds: Vec<Hold>,
    /// How many transactions there are, each with a fee.
    pub transactions: u32,
    /// What is paid beside those fees and does not come back: for the records that a trade leaves.
    pub records_fee: Balance,
    /// What the chain counts against a member's day beyond what is held: the most that it could have been.
    pub counted_besides: Balance,
}

/// What an account has, and how much of it whoever signs may take today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Means {
    /// Won that are free.
    pub free: Balance,
    /// The limit of a member who acts for a company.
    pub day: Option<DayLimit>,
}

/// Why it cannot be done. Amounts are in won.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Shortage {
    /// The account has too little free.
    Funds { needed: Balance, free: Balance },
    /// The member may not take so much today.
    DayLimit { needed: Balance, day: DayLimit },
}

impl Cost {
    /// Of so many transactions that put this on hold.
    pub fn of(transactions: u32, holds: impl IntoIterator<Item = Hold>) -> Self {
        let holds = holds.into_iter().filter(|hold| hold.amount > 0).collect();
        Self { holds, transactions, records_fee: 0, counted_besides: 0 }
    }

    /// Registering the key's own account as a company.
    pub fn of_registration(deposits: &Deposits) -> Self {
        Self::of(1, [Hold::open(Held::Registration, deposits.registration)])
    }

    /// Taking on a member, whose account was one of some company before or not.
    pub fn of_member(deposits: &Deposits, was_member: bool) -> Self {
        let deposit = if was_member { 0 } else { deposits.member };
        // The chain counts it in either case.
        let counted_besides = deposits.member.saturating_sub(deposit);
        Self { counted_besides, ..Self::of(1, [Hold::open(Held::Member, deposit)]) }
    }

    /// Attesting something.
    pub fn of_attestation(deposits: &Deposits) -> Self {
        Self::of(1, [Hold::open(Held::Attestation, deposits.attestation)])
    }

    /// Taking a dataset over, with what its record and that of the handover cost.
    pub fn of_takeover(deposits: &Deposits, dataset: &Dataset) -> Self {
        Self::of(1, [Hold::open(Held::Dataset, dataset.deposit.saturating_add(deposits.record))])
    }

    /// Adding to a bond.
    pub fn of_bond(amount: Balance) -> Self {
        Self::of(1, [Hold::open(Held::Bond, amount)])
    }

    /// Asking for credit to be paid out, which lapses after so many blocks.
    pub fn of_redemption(amount: Balance, life: BlockNumber) -> Self {
        Self::of(1, [Hold::timed(Held::Redemption, amount, life)])
    }

    /// An order, with what it pays for the trade's records, and what follows it: the acceptance.
    pub fn of_order(terms: &OrderTerms, records_fee: Balance) -> Self {
        let most = terms.delivery_window.saturating_add(terms.dispute_window);
        let holds = [(Held::Price, terms.price), (Held::DisputeReserve, terms.dispute_reserve)];
        let holds = holds.map(|(what, amount)| Hold::timed(what, amount, most));
        Self { records_fee, ..Self::of(2, holds) }
    }

    /// Won that are put on hold in all.
    pub fn locked(&self) -> Balance {
        self.holds.iter().fold(0, |sum, hold| hold.amount.saturating_add(sum))
    }

    /// Won that the fees are at most.
    pub fn most_fees(&self) -> Balance {
        MAX_FEE.saturating_mul(self.transactions.into())
    }

    /// What somebody should have before they begin. What one transaction cannot pay the chain refuses whole; several
    /// would stop on the way, so that their fees count too.
    pub fn needed(&self) -> Balance {
        let taken = self.locked().saturating_add(self.records_fee);
        match self.transactions {
            0 | 1 => taken,
            _ => taken.saturating_add(self.most_fees()),
        }
    }

    /// Why somebody with these means cannot pay it.
    pub fn shortage(&self, means: &Means) -> Option<Shortage> {
        let (needed, free) = (self.needed(), means.free);
        if needed > free {
            return Some(Shortage::Funds { needed, free });
        }
        let counted = needed.saturating_add(self.counted_besides);
        let day = means.day.filter(|day| counted > day.left)?;
        Some(Shortage::DayLimit { needed: counted, day })
    }
}

impl Means {
    /// What somebody can pay with who signs for an account, their own or a company's, by the state of one block.
    pub async fn at(view: &View, account: &AccountId, signer: &AccountId) -> chain::Result<Self> {
        let free = view.balance(account).await?.free;
        let day = match account == signer {
            true => None,
            false => view.day_limit(account, signer).await?,
        };
        Ok(Self { free, day })
    }

    /// The same in a procedure: by finalized blocks, and where those have too little by the newest, for what came in only
    /// just now.
    pub(super) async fn of(market: &dyn Market, key: &Keypair, needed: Balance) -> Result<Self> {
        let finalized = market.balance(&key.account(), Head::Finalized).await?;
        Self::known(market, key, needed, finalized).await
    }

    /// The same, when it is known what the account has in finalized blocks.
    pub(super) async fn known(
        market: &dyn Market,
        key: &Keypair,
        needed: Balance,
        finalized: AccountBalance,
    ) -> Result<Self> {
        let mut free = finalized.free;
        if free < needed {
            free = market.balance(&key.account(), Head::Best).await?.free;
        }
        let day = match key.membership() {
            Some(membership) => market.day_limit(&membership.company, &key.signer()).await?,
            None => None,
        };
        Ok(Self { free, day })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::fake::DEPOSITS;

    fn means(free: Balance, left: Option<Balance>) -> Means {
        Means { free, day: left.map(|left| DayLimit { limit: 1_000_000, left }) }
    }

    #[test]
    fn what_one_transaction_locks_is_needed_and_of_several_the_fees_too() {
        let one = Cost::of_bond(700);
        assert_eq!((one.locked(), one.needed(), one.most_fees()), (700, 700, MAX_FEE));
        let three = Cost { transactions: 3, ..one };
        assert_eq!(three.needed(), 700 + 3 * MAX_FEE);
        let dear = Cost::of_bond(Balance::MAX);
        let dear = Cost { transactions: u32::MAX, ..dear };
        assert_eq!(dear.needed(), Balance::MAX);
    }

    #[test]
    fn who_has_too_little_is_told_how_much_is_needed() {
        let cost = Cost::of_bond(700);
        assert_eq!(cost.shortage(&means(700, None)), None);
        assert_eq!(cost.shortage(&means(699, None)), Some(Shortage::Funds { needed: 700, free: 699 }));
        // A limit that is not reached, and one that is.
        assert_eq!(cost.shortage(&means(700, Some(700))), None);
        let day = DayLimit { limit: 1_000_000, left: 699 };
        assert_eq!(cost.shortage(&means(700, Some(699))), Some(Shortage::DayLimit { needed: 700, day }));
    }

    #[test]
    fn a_member_of_before_costs_no_deposit_and_counts_all_the_same() {
        let new = Cost::of_member(&DEPOSITS, false);
        assert_eq!(new.holds, [Hold::open(Held::Member, DEPOSITS.member)]);
        let known = Cost::of_member(&DEPOSITS, true);
        assert_eq!((known.holds.len(), known.needed()), (0, 0));
        assert!(known.shortage(&means(0, Some(DEPOSITS.member))).is_none());
        assert!(known.shortage(&means(0, Some(DEPOSITS.member - 1))).is_some());
    }

    #[test]
    fn every_reason_has_a_word_of_its_own() {
        let mut words = Held::ALL.map(Held::word).to_vec();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), Held::ALL.len());
    }
}
