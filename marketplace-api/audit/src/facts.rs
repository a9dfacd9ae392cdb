//! The evidence that the rules are run over: the trades of a period, and what relates companies to each other.

use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use wonbon_model::{
    text, AccountId, Balance, BlockNumber, DatasetId, Digest, Moment, OrderId, Outcome, Participant, Trade,
};

/// A trade as the rules see it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AuditedTrade {
    /// The dataset that was traded.
    pub dataset: DatasetId,
    /// Its number among the dataset's trades.
    pub index: u32,
    /// Number of the order, over the whole chain.
    pub order: OrderId,
    /// The company that sold.
    pub seller: AccountId,
    /// The company that bought.
    pub buyer: AccountId,
    /// The price agreed, in won.
    pub price: Balance,
    /// How it became final, and so whether it was paid.
    pub outcome: Outcome,
    /// The block in which it became final, with its time.
    pub ended: Moment,
}

impl AuditedTrade {
    /// What the rules look at of a trade.
    pub fn new(dataset: DatasetId, index: u32, trade: &Trade) -> Self {
        Self {
            dataset,
            index,
            order: trade.order,
            seller: trade.seller,
            buyer: trade.buyer,
            price: trade.price,
            outcome: trade.outcome,
            ended: trade.ended,
        }
    }

    /// What trades are ordered by: when they ended, then what they are of.
    pub fn place(&self) -> (BlockNumber, DatasetId, u32) {
        (self.ended.block, self.dataset, self.index)
    }
}

/// What is known about a company.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Company {
    /// Its name as registered; empty if the chain knows none.
    pub name: String,
    /// Its business registration number, ten digits.
    pub registration_number: String,
    /// The industry that it registered (KSIC).
    pub ksic: String,
}

impl From<&Participant> for Company {
    fn from(record: &Participant) -> Self {
        let profile = &record.profile;
        Self {
            name: text(&profile.name),
            registration_number: profile.registration_number.to_string(),
            ksic: profile.ksic.to_string(),
        }
    }
}

/// An account with what the chain knows about its company.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Named {
    /// Its account on the chain.
    pub account: AccountId,
    /// Its name as registered; empty if the chain knows none.
    pub name: String,
    /// Its business registration number.
    pub registration_number: String,
}

impl Named {
    /// An account with its company, if there is one.
    pub(crate) fn new(account: AccountId, company: Option<&Company>) -> Self {
        let company = company.cloned().unwrap_or_default();
        Self { account, name: company.name, registration_number: company.registration_number }
    }
}

/// That a dataset went from one company to another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct HandoverFact {
    /// The owner until then.
    pub from: AccountId,
    /// The owner from then on.
    pub to: AccountId,
    /// The dataset that changed hands.
    pub dataset: DatasetId,
    /// Its number among the dataset's handovers.
    pub index: u32,
    /// The block in which it was accepted.
    pub block: BlockNumber,
}

/// Money that went directly from one account to another, summed up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Transfers {
    /// How many there were.
    pub count: u32,
    /// Their sum, in won.
    pub amount: Balance,
    /// The block of the earliest.
    pub first: BlockNumber,
    /// The block of the latest.
    pub last: BlockNumber,
}

impl Transfers {
    /// Adds other transfers between the same two.
    pub(crate) fn add(&mut self, others: &Self) {
        self.count = self.count.saturating_add(others.count);
        self.amount = self.amount.saturating_add(others.amount);
        self.first = self.first.min(others.first);
        self.last = self.last.max(others.last);
    }
}

/// Companies that the auditor knows to belong together, for a reason that the chain does not show.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RelatedList {
    /// What the auditor calls it.
    pub name: String,
    /// Accounts that belong together.
    pub members: BTreeSet<AccountId>,
}

/// Everything that the rules look at.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Evidence {
    /// Genesis hash of the chain.
    pub genesis: Digest,
    /// The trades of the period, in any order.
    pub trades: Vec<AuditedTrade>,
    /// The companies of the chain, at least those that traded.
    pub companies: BTreeMap<AccountId, Company>,
    /// The length in bytes of each traded dataset.
    pub lengths: BTreeMap<DatasetId, u64>,
    /// Handovers up to the end of the period.
    pub handovers: BTreeSet<HandoverFact>,
    /// Who could act for whom during the period: company, member.
    pub memberships: BTreeSet<(AccountId, AccountId)>,
    /// Direct transfers during the period, of which at least one end is a company: from, to. `None` if they were not
    /// looked at.
    pub transfers: Option<BTreeMap<(AccountId, AccountId), Transfers>>,
    /// What the auditor adds.
    pub related: Vec<RelatedList>,
}

impl Evidence {
    /// Adds a direct transfer.
    pub fn add_transfer(&mut self, from: AccountId, to: AccountId, amount: Balance, block: BlockNumber) {
        let one = Transfers { count: 1, amount, first: block, last: block };
        let sum = self.transfers.get_or_insert_default().entry((from, to));
        sum.and_modify(|sum| sum.add(&one)).or_insert(one);
    }

    /// Whether a transfer between these is looked at.
    pub fn concerns(&self, from: &AccountId, to: &AccountId) -> bool {
        self.companies.contains_key(from) || self.companies.contains_key(to)
    }

    /// The trades in order.
    pub(crate) fn sort(&mut self) {
        self.trades.sort_unstable_by_key(AuditedTrade::place);
    }
}
