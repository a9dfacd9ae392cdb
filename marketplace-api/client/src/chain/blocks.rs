//! Following the chain: every finalized block once, in order, and what each did to the ledger.

use super::error::Result;
use super::{
    Act, BlockChanges, Chain, ChainError, ChainEvent, LedgerChange, MarketplaceEvent, ParticipantsEvent,
    ProvenanceEvent, View,
};
use std::collections::BTreeSet;
use std::time::Duration;
use subxt::config::substrate::{SubstrateConfig, H256};
use subxt::events::{Event, Phase};
use wonbon_model::{
    AccountId, BlockNumber, BlockRef, Clerk, Company, DatasetId, Digest, Member, OfferId, OrderId,
};

/// How long to wait for word of a finalized block before asking.
const NEWS_TIMEOUT: Duration = Duration::from_secs(6);

/// The finalized blocks from a height on: every height once, in order, over lost connections.
pub struct FinalizedBlocks {
    chain: Chain,
    next: BlockNumber,
    finalized: Option<BlockNumber>,
}

impl FinalizedBlocks {
    /// Waits for the next block. After an error it can be called again and goes on where it was.
    pub async fn next(&mut self) -> Result<BlockRef> {
        while self.finalized.is_none_or(|finalized| self.next > finalized) {
            let known = self.finalized;
            let finalized = self.chain.finalized_block().await?.height;
            self.finalized = Some(finalized);
            // The first look may be old news; later ones follow word from the node or a long wait.
            if self.next > finalized && known.is_some() {
                self.chain.heads().above(finalized, NEWS_TIMEOUT).await;
            }
        }
        let block = self.chain.block_at(self.next).await?;
        let block = block.ok_or_else(|| ChainError::NoSuchBlock(self.next.to_string()))?;
        self.next = self.next.saturating_add(1);
        Ok(block)
    }
}

impl Chain {
    /// The finalized blocks from a height on.
    pub fn finalized_blocks(&self, from: BlockNumber) -> FinalizedBlocks {
        FinalizedBlocks { chain: self.clone(), next: from, finalized: None }
    }

    /// The hash of a block's parent.
    pub async fn parent_of(&self, block: BlockRef) -> Result<Digest> {
        Ok(self.header(H256(block.hash)).await?.parent_hash.0)
    }

    /// What a block did to the ledger. The genesis block "changes" all that the chain began with.
    pub async fn block_changes(&self, block: BlockRef) -> Result<BlockChanges> {
        let parent = self.parent_of(block).await?;
        let view = self.at(block).await?;
        let told = view.told_events().await?;
        let acts = told.iter().filter_map(|(phase, event)| act_in(phase, event)).collect();
        let events: Vec<_> = told.into_iter().map(|(_, event)| event).collect();
        let mut touched: BTreeSet<Touched> = events.iter().flat_map(Touched::named_in).collect();
        if block.height == 0 {
            touched.insert(Touched::Rules);
            touched.extend(view.participants().await?.into_iter().map(|(id, _)| Touched::Participant(id)));
            touched.extend(view.everything_of_companies().await?);
        }
        if events.iter().any(extends_windows) {
            touched.extend(view.orders().await?.into_iter().map(|(id, _)| Touched::Order(id)));
        }
        let mut changes = Vec::new();
        while let Some(record) = touched.pop_first() {
            let change = record.read(&view).await?;
            match &change {
                // The event has no number; those of this block are the last ones.
                Some(LedgerChange::Dataset { dataset, record }) => {
                    let last = record.handover_count;
                    let times = events.iter().filter(|event| is_handover(event, dataset)).count();
                    let first = last.saturating_sub(u32::try_from(times).unwrap_or(u32::MAX));
                    touched.extend((first..last).map(|index| Touched::Handover(*dataset, index)));
                }
                // Nor has an event that a number is the company's no more.
                Some(LedgerChange::Company { account, record }) => {
                    let last = record.former_numbers;
                    let times = events.iter().filter(|event| takes_number(event, account)).count();
                    let first = last.saturating_sub(u32::try_from(times).unwrap_or(u32::MAX));
                    touched.extend((first..last).map(|index| Touched::FormerNumber(*account, index)));
                }
                // The order is gone; its offer has one order less.
                Some(LedgerChange::Trade { record, .. }) => touched.extend([Touched::Offer(record.offer)]),
                _ => {}
            }
            changes.extend(change);
        }
        Ok(BlockChanges { block, parent, time_ms: view.time_ms().await?, events, acts, changes })
    }
}

impl View {
    /// The events of this block that this client knows, in order.
    pub async fn events(&self) -> Result<Vec<ChainEvent>> {
        Ok(self.told_events().await?.into_iter().map(|(_, event)| event).collect())
    }

    /// The same, each with what it happened in.
    async fn told_events(&self) -> Result<Vec<(Phase, ChainEvent)>> {
        let all = self.client().events().fetch().await;
        let all = all.map_err(|error| super::view::pruned_or_node(self.block(), error))?;
        let mut events = Vec::new();
        for event in all.iter() {
            let event = event.map_err(|error| ChainError::undecodable("an event", error))?;
            events.extend(decode_known(&event)?.map(|known| (event.phase(), known)));
        }
        Ok(events)
    }

    /// What a chain began with of companies that act through people.
    async fn everything_of_companies(&self) -> Result<Vec<Touched>> {
        // The hash of the second key stands before it.
        type Pair = (AccountId, [u8; 16], AccountId);
        let companies: Vec<(AccountId, Company)> = self.walk(("Participants", "Companies")).await?;
        let members: Vec<(Pair, Member)> = self.walk(("Participants", "Members")).await?;
        let clerks: Vec<(AccountId, Clerk)> = self.walk(("Participants", "Clerks")).await?;
        let companies = companies.into_iter().map(|(account, _)| Touched::Company(account));
        let members = members.into_iter().map(|((company, _, member), _)| Touched::Member(company, member));
        let clerks = clerks.into_iter().map(|(account, _)| Touched::Clerk(account));
        Ok(companies.chain(members).chain(clerks).collect())
    }
}

/// Decodes an event if it is one that this client knows.
pub(super) fn decode_known(event: &Event<'_, SubstrateConfig>) -> Result<Option<ChainEvent>> {
    let (pallet, name) = (event.pallet_name(), event.event_name());
    let mut fields = event.field_bytes();
    match ChainEvent::decode(pallet, name, &mut fields) {
        None => Ok(None),
        Some(Ok(decoded)) if fields.is_empty() => Ok(Some(decoded)),
        Some(Ok(_)) => Err(ChainError::undecodable(format!("event {pallet}.{name}"), "bytes are left over")),
        Some(Err(error)) => Err(ChainError::undecodable(format!("event {pallet}.{name}"), error)),
    }
}

/// Whether an event changes what open orders read as.
fn extends_windows(event: &ChainEvent) -> bool {
    matches!(event, ChainEvent::Marketplace(MarketplaceEvent::WindowsExtended { .. }))
}

/// A record that a block's events name, in the order in which they are read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Touched {
    Rules,
    OrdersStopped,
    Upgrade,
    Participant(AccountId),
    Company(AccountId),
    Member(AccountId, AccountId),
    Recovery(AccountId),
    FormerNumber(AccountId, u32),
    Clerk(AccountId),
    Dataset(DatasetId),
    Parents(DatasetId),
    Handover(DatasetId, u32),
    Version(DatasetId, u32),
    Seed(BlockNumber),
    Attestation(DatasetId, u32),
    PendingHandover(DatasetId),
    Trade(DatasetId, u32),
    Offer(OfferId),
    Order(OrderId),
    DeriveRight(AccountId, DatasetId),
}

impl Touched {
    /// The records that an event names.
    fn named_in(event: &ChainEvent) -> Vec<Self> {
        use MarketplaceEvent as M;
        use ParticipantsEvent as P;
        use ProvenanceEvent as D;
        match event {
            ChainEvent::Participants(event) => match event {
                P::Registered { account, .. }
                | P::ProfileUpdated { account, .. }
                | P::Verified { account, .. }
                | P::Suspended { account, .. }
                | P::Reinstated { account, .. }
                | P::Accredited { account }
                | P::AccreditationRevoked { account }
                | P::RegistrationWithdrawn { account }
                | P::IdentityConfirmed { account, .. } => vec![Self::Participant(*account)],
                // A company keeps the numbers that it had.
                P::NumberChanged { account, .. } | P::Unverified { account, .. } => {
                    vec![Self::Participant(*account), Self::Company(*account)]
                }
                P::Established { company, .. } => vec![Self::Participant(*company), Self::Company(*company)],
                P::MemberAdded { company, member, .. }
                | P::MemberChanged { company, member, .. }
                | P::MemberRemoved { company, member } => {
                    vec![Self::Company(*company), Self::Member(*company, *member)]
                }
                P::RecoveryProposed { company, .. }
                | P::RecoveryObjected { company }
                | P::RecoveryCancelled { company }
                | P::Recovered { company, .. } => vec![Self::Company(*company), Self::Recovery(*company)],
                P::ClerkAppointed { account, .. } | P::ClerkDismissed { account } => {
                    vec![Self::Clerk(*account)]
                }
                // Its deposit is the company's; who reads epochs has them proved.
                P::EpochBegun { company, .. } => vec![Self::Company(*company)],
                P::Acted { .. } => vec![],
            },
            ChainEvent::Provenance(event) => match event {
                D::Announced { .. } | D::AnnouncementCancelled { .. } => vec![],
                // The record of a displaced registration is that of the one that displaced it.
                D::DatasetRegistered { dataset, .. } | D::RegistrationDisplaced { dataset, .. } => {
                    vec![Self::Dataset(*dataset)]
                }
                // Before, another registration could have come with others.
                D::LineageEntered { dataset } => vec![Self::Parents(*dataset)],
                D::Attested { dataset, index, .. } | D::AttestationRevoked { dataset, index, .. } => {
                    vec![Self::Dataset(*dataset), Self::Attestation(*dataset, *index)]
                }
                // A withdrawal may end a proposal.
                D::DatasetWithdrawn { dataset, .. }
                | D::HandoverProposed { dataset, .. }
                | D::RightToBeKept { dataset, .. }
                | D::HandoverCancelled { dataset, .. }
                | D::HandedOver { dataset, .. } => {
                    vec![Self::Dataset(*dataset), Self::PendingHandover(*dataset)]
                }
                D::VersionRegistered { dataset, index, .. } => {
                    vec![Self::Dataset(*dataset), Self::Version(*dataset, *index)]
                }
                D::SeedDrawn { registered_at, .. } => vec![Self::Seed(*registered_at)],
                D::DrawAnswered { dataset, .. } => vec![Self::Dataset(*dataset)],
            },
            ChainEvent::Marketplace(event) => match event {
                M::OfferMade { offer, .. }
                | M::PriceSet { offer, .. }
                | M::BondAdded { offer, .. }
                | M::OfferWithdrawn { offer }
                | M::BondReleased { offer, .. }
                | M::OfferPaused { offer, .. }
                | M::OfferResumed { offer }
                | M::OfferReopened { offer }
                | M::OfferAmended { offer, .. }
                | M::BondLeaving { offer, .. }
                | M::SealingFaulted { offer, .. } => vec![Self::Offer(*offer)],
                M::OrderPlaced { order, offer, .. } | M::BondSlashed { order, offer, .. } => {
                    vec![Self::Order(*order), Self::Offer(*offer)]
                }
                M::KeyDelivered { order, .. }
                | M::DisputeReserveReleased { order, .. }
                | M::RefundProposed { order } => vec![Self::Order(*order)],
                M::TradeFinal { order, dataset, index, .. } => {
                    vec![Self::Order(*order), Self::Trade(*dataset, *index), Self::Dataset(*dataset)]
                }
                // The trade of the same block has it.
                M::RoyaltyPaid { .. } => vec![],
                M::DeriveRightGranted { company, dataset, .. } => vec![Self::DeriveRight(*company, *dataset)],
                M::RulesSet { .. } => vec![Self::Rules],
                M::NewOrdersStopped {} | M::NewOrdersResumed {} => vec![Self::OrdersStopped],
                // Whichever are open: see `block_changes`.
                M::WindowsExtended { .. } => vec![],
            },
            ChainEvent::Upgrades(_) => vec![Self::Upgrade],
            ChainEvent::Credit(_) | ChainEvent::Balances(_) | ChainEvent::Council(_) => vec![],
        }
    }

    /// The record as it stands in a state; `None` for rules that are not set, and for the company of an account that acts
    /// for itself.
    async fn read(self, view: &View) -> Result<Option<LedgerChange>> {
        Ok(Some(match self {
            Self::Rules => return Ok(view.rules().await?.map(LedgerChange::Rules)),
            Self::OrdersStopped => LedgerChange::OrdersStopped(view.orders_stopped().await?),
            Self::Upgrade => LedgerChange::Upgrade(view.announced_upgrade().await?),
            Self::Participant(account) => {
                LedgerChange::Participant { account, record: view.participant(&account).await? }
            }
            Self::Company(account) => {
                let Some(record) = view.company(&account).await? else { return Ok(None) };
                LedgerChange::Company { account, record }
            }
            Self::Member(company, member) => {
                LedgerChange::Member { company, member, record: view.member(&company, &member).await? }
            }
            Self::Recovery(company) => {
                LedgerChange::Recovery { company, record: view.recovery(&company).await? }
            }
            Self::FormerNumber(company, index) => {
                let record = view.former_number(&company, index).await?;
                let record = expect_in_state(record, format_args!("former number {index} of {company}"))?;
                LedgerChange::FormerNumber { company, index, record }
            }
            Self::Clerk(account) => LedgerChange::Clerk { account, record: view.clerk(&account).await? },
            Self::Dataset(dataset) => {
                let record =
                    expect_in_state(view.dataset(&dataset).await?, format_args!("dataset {dataset}"))?;
                LedgerChange::Dataset { dataset, record }
            }
            Self::Parents(dataset) => {
                let (parents, royalties) = (view.parents(&dataset).await?, view.royalties(&dataset).await?);
                LedgerChange::Parents { dataset, parents, royalties }
            }
            Self::Handover(dataset, index) => {
                let record = view.handover(&dataset, index).await?;
                let record = expect_in_state(record, format_args!("handover {index} of {dataset}"))?;
                LedgerChange::Handover { dataset, index, record }
            }
            Self::Version(dataset, index) => {
                let record = view.version(&dataset, index).await?;
                let record = expect_in_state(record, format_args!("version {index} of {dataset}"))?;
                LedgerChange::Version { dataset, index, record }
            }
            Self::Seed(registered_at) => {
                let seed = view.seed(registered_at).await?;
                let seed = expect_in_state(seed, format_args!("the seed of block {registered_at}"))?;
                LedgerChange::Seed { registered_at, seed }
            }
            Self::Attestation(dataset, index) => {
                let record = view.attestation(&dataset, index).await?;
                let record = expect_in_state(record, format_args!("attestation {index} of {dataset}"))?;
                LedgerChange::Attestation { dataset, index, record }
            }
            Self::PendingHandover(dataset) => {
                LedgerChange::PendingHandover { dataset, to: view.pending_handover(&dataset).await? }
            }
            Self::Trade(dataset, index) => {
                let record = view.trade(&dataset, index).await?;
                let record = expect_in_state(record, format_args!("trade {index} of {dataset}"))?;
                LedgerChange::Trade { dataset, index, record }
            }
            Self::Offer(offer) => {
                let record = expect_in_state(view.offer(offer).await?, format_args!("offer {offer}"))?;
                LedgerChange::Offer { offer, record }
            }
            Self::Order(order) => LedgerChange::Order { order, record: view.order(order).await? },
            Self::DeriveRight(company, dataset) => {
                let record = view.derive_right(&company, &dataset).await?;
                let record =
                    expect_in_state(record, format_args!("the right of {company} to derive from {dataset}"))?;
                LedgerChange::DeriveRight { company, dataset, record }
            }
        }))
    }
}

fn is_handover(event: &ChainEvent, of: &DatasetId) -> bool {
    matches!(event, ChainEvent::Provenance(ProvenanceEvent::HandedOver { dataset, .. }) if dataset == of)
}

/// Whether an event takes a registration number from an account.
fn takes_number(event: &ChainEvent, from: &AccountId) -> bool {
    use ParticipantsEvent::{NumberChanged, Unverified};
    matches!(event, ChainEvent::Participants(NumberChanged { account, .. } | Unverified { account, .. })
        if account == from)
}

/// Who acted for whom, if that is the event.
fn act_in(phase: &Phase, event: &ChainEvent) -> Option<Act> {
    match (phase, event) {
        (
            Phase::ApplyExtrinsic(extrinsic),
            ChainEvent::Participants(ParticipantsEvent::Acted { company, member }),
        ) => Some(Act { extrinsic: *extrinsic, company: *company, member: *member }),
        _ => None,
    }
}

/// What an event of a block names, which the state of that block has.
fn expect_in_state<T>(record: Option<T>, what: std::fmt::Arguments<'_>) -> Result<T> {
    record.ok_or_else(|| ChainError::undecodable(what.to_string(), "an event names it, the state has none"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wonbon_model::RegistrationNumber;

    const COMPANY: AccountId = AccountId([1; 32]);
    const MEMBER: AccountId = AccountId([2; 32]);

    fn number() -> RegistrationNumber {
        "1234567891".parse().unwrap()
    }

    #[test]
    fn what_happens_to_companies_names_their_records() {
        let named = |event| {
            let mut named = Touched::named_in(&ChainEvent::Participants(event));
            named.sort();
            named
        };
        let of_member = vec![Touched::Company(COMPANY), Touched::Member(COMPANY, MEMBER)];
        let removed = ParticipantsEvent::MemberRemoved { company: COMPANY, member: MEMBER };
        assert!(named(removed) == of_member);
        let established =
            ParticipantsEvent::Established { company: COMPANY, admin: MEMBER, registration_number: number() };
        assert!(named(established) == vec![Touched::Participant(COMPANY), Touched::Company(COMPANY)]);
        let recovered = ParticipantsEvent::Recovered { company: COMPANY, admin: MEMBER };
        assert!(named(recovered) == vec![Touched::Company(COMPANY), Touched::Recovery(COMPANY)]);
        let acted = ParticipantsEvent::Acted { company: COMPANY, member: MEMBER };
        assert!(named(acted).is_empty());
    }

    #[test]
    fn an_act_is_of_an_extrinsic_and_a_number_of_an_account() {
        let acted = ParticipantsEvent::Acted { company: COMPANY, member: MEMBER };
        let acted = ChainEvent::Participants(acted);
        let act = Act { extrinsic: 3, company: COMPANY, member: MEMBER };
        assert_eq!(act_in(&Phase::ApplyExtrinsic(3), &acted), Some(act));
        assert_eq!(act_in(&Phase::Initialization, &acted), None);
        let changed = ChainEvent::Participants(ParticipantsEvent::NumberChanged {
            account: COMPANY,
            former: number(),
            registration_number: number(),
        });
        assert_eq!(act_in(&Phase::ApplyExtrinsic(3), &changed), None);
        assert!(takes_number(&changed, &COMPANY) && !takes_number(&changed, &MEMBER));
        assert!(!takes_number(&acted, &COMPANY));
    }
}
