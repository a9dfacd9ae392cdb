//! The chain's records in the service's own words.

use wonbon_client::chain::{BalancesEvent, ChainEvent, LedgerChange, ProxyEvent};
use wonbon_model::{self};

use crate::model::{
    Account, Attestation, Change, Dataset, Delegation, Delivery, Derivation, DeriveRight, Handover, Hash,
    Method, Offer, OfferState, Order, OrderState, OrderTerms, Outcome, Parent, Participant, Revocation, Role,
    Royalty, RoyaltyShare, SampleAnswer, SizeClass, Standing, Trade, Transfer, Version, Withdrawal,
};

fn account(account: wonbon_model::AccountId) -> Account {
    Account(account.0)
}

pub(crate) fn translate(change: LedgerChange, out: &mut Vec<Change>) {
    match change {
        LedgerChange::Participant { account: who, record } => out.push(match record {
            Some(record) => Change::Participant(participant(who, record)),
            None => Change::RegistrationWithdrawn(account(who)),
        }),
        LedgerChange::Dataset { dataset: id, record } => out.push(Change::Dataset(dataset(id, record))),
        LedgerChange::Parents { dataset, parents, royalties } => {
            if !royalties.is_empty() {
                let shares = royalties.into_iter().map(|royalty| RoyaltyShare {
                    dataset: Hash(royalty.dataset.0),
                    share: royalty.share.millionths(),
                });
                out.push(Change::Royalties { dataset: Hash(dataset.0), shares: shares.collect() });
            }
            out.extend(parents.into_iter().zip(0..).map(|(parent, index)| {
                Change::Parent(Parent {
                    child: Hash(dataset.0),
                    index,
                    parent: Hash(parent.dataset.0),
                    relation: relation(parent.relation).to_owned(),
                    royalty: parent.royalty.millionths(),
                })
            }));
        }
        LedgerChange::Attestation { dataset, index, record } => {
            out.push(Change::Attestation(attestation(dataset, index, record)));
        }
        LedgerChange::Version { dataset, index, record } => out.push(Change::Version(Version {
            dataset: Hash(dataset.0),
            index,
            version: Hash(record.dataset.0),
            position: record.position,
        })),
        LedgerChange::Seed { registered_at, seed } => {
            out.push(Change::Seed { registered_at, seed: Hash(seed) });
        }
        LedgerChange::PendingHandover { dataset, to } => {
            out.push(Change::PendingHandover { dataset: Hash(dataset.0), to: to.map(account) });
        }
        LedgerChange::Handover { dataset, index, record } => out.push(Change::Handover(Handover {
            dataset: Hash(dataset.0),
            index,
            from: account(record.from),
            to: account(record.to),
            at: record.at.block,
            time_ms: record.at.time,
            position: record.position,
        })),
        LedgerChange::Offer { offer: id, record } => out.push(Change::Offer(offer(id, record))),
        LedgerChange::Order { order: id, record: Some(record) } => out.push(Change::Order(order(id, record))),
        // A final order comes as its trade, in the same block.
        LedgerChange::Order { record: None, .. } => {}
        LedgerChange::Trade { dataset, index, record } => {
            out.push(Change::Trade(trade(dataset, index, record)))
        }
        LedgerChange::DeriveRight { company, dataset, record } => {
            out.push(Change::DeriveRight(DeriveRight {
                company: account(company),
                dataset: Hash(dataset.0),
                royalty: record.royalty.millionths(),
                trade: record.trade,
            }))
        }
        LedgerChange::Rules(_) => {}
    }
}

/// The events that no record keeps, as changes of a block.
pub(crate) fn translate_events(block: u32, events: &[ChainEvent], out: &mut Vec<Change>) {
    let (mut transfers, mut delegations) = (0, 0);
    for event in events {
        match event {
            ChainEvent::Balances(BalancesEvent::Transfer { from, to, amount }) => {
                let (from, to, amount) = (account(*from), account(*to), *amount);
                out.push(Change::Transfer(Transfer { at: block, index: transfers, from, to, amount }));
                transfers += 1;
            }
            ChainEvent::Proxy(event) => {
                let (ProxyEvent::ProxyAdded { delegator, delegatee, .. }
                | ProxyEvent::ProxyRemoved { delegator, delegatee, .. }) = event;
                out.push(Change::Delegation(Delegation {
                    at: block,
                    index: delegations,
                    company: account(*delegator),
                    delegate: account(*delegatee),
                    begins: matches!(event, ProxyEvent::ProxyAdded { .. }),
                }));
                delegations += 1;
            }
            _ => {}
        }
    }
}

fn participant(who: wonbon_model::AccountId, record: wonbon_model::Participant) -> Participant {
    let profile = record.profile;
    let digits = profile.registration_number.digits();
    let role = |role| match role {
        wonbon_model::Role::Provider => Role::Provider,
        wonbon_model::Role::Consumer => Role::Consumer,
        wonbon_model::Role::Auditor => Role::Auditor,
        wonbon_model::Role::Inspector => Role::Inspector,
    };
    Participant {
        account: account(who),
        name: wonbon_model::text(&profile.name),
        registration_number: wonbon_model::text(digits),
        ksic: profile.ksic.to_string(),
        size: match profile.size {
            wonbon_model::SizeClass::Small => SizeClass::Small,
            wonbon_model::SizeClass::Medium => SizeClass::Medium,
            wonbon_model::SizeClass::MidMarket => SizeClass::MidMarket,
            wonbon_model::SizeClass::Large => SizeClass::Large,
            wonbon_model::SizeClass::Institute => SizeClass::Institute,
        },
        region: profile.region.code().to_owned(),
        roles: profile.roles.iter().map(role).collect(),
        standing: match record.standing {
            wonbon_model::Standing::Pending => Standing::Pending,
            wonbon_model::Standing::Verified => Standing::Verified,
            wonbon_model::Standing::Suspended => Standing::Suspended,
        },
        accredited: record.accredited,
        registered_at: record.registered_at,
        changed_at: record.changed_at,
    }
}

fn dataset(id: wonbon_model::DatasetId, record: wonbon_model::Dataset) -> Dataset {
    Dataset {
        id: Hash(id.0),
        registrant: account(record.registrant),
        owner: account(record.owner),
        length: record.length,
        metadata: Hash(record.metadata),
        method: match record.method {
            wonbon_model::Method::Collected => Method::Collected,
            wonbon_model::Method::Cleaned => Method::Cleaned,
            wonbon_model::Method::Preprocessed => Method::Preprocessed,
            wonbon_model::Method::Labelled => Method::Labelled,
            wonbon_model::Method::Aggregated => Method::Aggregated,
            wonbon_model::Method::Anonymised => Method::Anonymised,
            wonbon_model::Method::Synthesised => Method::Synthesised,
        },
        registered_at: record.registered.block,
        registered_time_ms: record.registered.time,
        depth: record.depth,
        parent_count: record.parent_count,
        attestation_count: record.attestation_count,
        handover_count: record.handover_count,
        version_count: record.version_count,
        trade_count: record.trade_count,
        withdrawn: record.withdrawn.map(|gone| Withdrawal {
            at: gone.at.block,
            time_ms: gone.at.time,
            reason: wonbon_model::text(&gone.reason),
            position: gone.position,
        }),
        sample: record.sample.map(|answer| SampleAnswer {
            blocks: answer.blocks,
            digest: Hash(answer.digest),
            at: answer.at.block,
            time_ms: answer.at.time,
            position: answer.position,
        }),
        records: record.records,
        head: Hash(record.head),
    }
}

fn relation(relation: wonbon_model::Relation) -> &'static str {
    match relation {
        wonbon_model::Relation::DerivedFrom => "derived_from",
        wonbon_model::Relation::NewVersionOf => "new_version_of",
        wonbon_model::Relation::CleanedFrom => "cleaned_from",
        wonbon_model::Relation::PreprocessedFrom => "preprocessed_from",
        wonbon_model::Relation::LabelledFrom => "labelled_from",
        wonbon_model::Relation::AggregatedFrom => "aggregated_from",
        wonbon_model::Relation::AnonymisedFrom => "anonymised_from",
        wonbon_model::Relation::SynthesisedFrom => "synthesised_from",
        wonbon_model::Relation::SubsetOf => "subset_of",
    }
}

fn attestation(
    dataset: wonbon_model::DatasetId,
    index: u32,
    record: wonbon_model::Attestation,
) -> Attestation {
    let kind = match record.kind {
        wonbon_model::AttestationKind::Quality => "quality",
        wonbon_model::AttestationKind::SmartFactoryLevel => "smart_factory_level",
        wonbon_model::AttestationKind::Processing => "processing",
    };
    Attestation {
        dataset: Hash(dataset.0),
        index,
        inspector: account(record.inspector),
        kind: kind.to_owned(),
        document: Hash(record.document),
        at: record.at.block,
        time_ms: record.at.time,
        revoked: record.revoked.map(|gone| Revocation {
            by: match gone.by {
                wonbon_model::Revoker::Inspector => "inspector".to_owned(),
                wonbon_model::Revoker::Authority => "authority".to_owned(),
            },
            at: gone.at.block,
            time_ms: gone.at.time,
            reason: wonbon_model::text(&gone.reason),
            position: gone.position,
        }),
        position: record.position,
    }
}

fn derivation(derivation: wonbon_model::Derivation) -> Derivation {
    match derivation {
        wonbon_model::Derivation::Forbidden => Derivation::Forbidden,
        wonbon_model::Derivation::Permitted { royalty } => {
            Derivation::Permitted { royalty: royalty.millionths() }
        }
    }
}

fn royalties(royalties: wonbon_model::Royalties) -> Vec<Royalty> {
    let part = |royalty: wonbon_model::Royalty| Royalty {
        dataset: Hash(royalty.dataset.0),
        account: account(royalty.account),
        amount: royalty.amount,
    };
    royalties.into_iter().map(part).collect()
}

fn offer(id: wonbon_model::OfferId, record: wonbon_model::Offer) -> Offer {
    Offer {
        id,
        dataset: Hash(record.dataset.0),
        seller: account(record.seller),
        length: record.length,
        sealed_root: Hash(record.sealed_root),
        key_commitment: Hash(record.key_commitment),
        price: record.price,
        licence: Hash(record.licence),
        nda: Hash(record.nda),
        delivery_window: record.delivery_window,
        dispute_window: record.dispute_window,
        bond: record.bond,
        open_orders: record.open_orders,
        exposure: record.exposure,
        state: match record.state {
            wonbon_model::OfferState::Open => OfferState::Open,
            wonbon_model::OfferState::Withdrawn => OfferState::Withdrawn,
            wonbon_model::OfferState::Faulted => OfferState::Faulted,
        },
        offered_at: record.offered_at,
        derivation: derivation(record.derivation),
    }
}

fn order(id: wonbon_model::OrderId, record: wonbon_model::Order) -> Order {
    let (state, delivery) = match record.state {
        wonbon_model::OrderState::Placed => (OrderState::Placed, None),
        wonbon_model::OrderState::Delivered { delivery, at, dispute_until } => {
            let (ephemeral, wrapped) = (Hash(delivery.ephemeral), Hash(delivery.wrapped));
            (OrderState::Delivered, Some(Delivery { ephemeral, wrapped, at, dispute_until }))
        }
    };
    let terms = record.terms;
    Order {
        id,
        offer: record.offer,
        buyer: account(record.buyer),
        terms: OrderTerms {
            genesis: Hash(terms.genesis),
            offer: terms.offer,
            dataset: Hash(terms.dataset.0),
            length: terms.length,
            sealed_root: Hash(terms.sealed_root),
            key_commitment: Hash(terms.key_commitment),
            seller: account(terms.seller),
            price: terms.price,
            platform_fee: terms.platform_fee,
            dispute_reserve: terms.dispute_reserve,
            bond: terms.bond,
            missed_delivery_penalty: terms.missed_delivery_penalty,
            delivery_window: terms.delivery_window,
            dispute_window: terms.dispute_window,
            licence: Hash(terms.licence),
            nda: Hash(terms.nda),
            derivation: derivation(terms.derivation),
            royalties: royalties(terms.royalties),
        },
        order_key: Hash(record.order_key.0),
        nonce: Hash(record.nonce),
        placed_at: record.placed_at,
        deliver_by: record.deliver_by,
        state,
        delivery,
        reserve_left: record.reserve_left,
    }
}

fn trade(dataset: wonbon_model::DatasetId, index: u32, record: wonbon_model::Trade) -> Trade {
    let (outcome, bad_block) = match record.outcome {
        wonbon_model::Outcome::Accepted => (Outcome::Accepted, None),
        wonbon_model::Outcome::Lapsed => (Outcome::Lapsed, None),
        wonbon_model::Outcome::Missed => (Outcome::Missed, None),
        wonbon_model::Outcome::WrongKey => (Outcome::WrongKey, None),
        wonbon_model::Outcome::BadBlock(block) => (Outcome::BadBlock, Some(block)),
        wonbon_model::Outcome::Faulted => (Outcome::Faulted, None),
    };
    Trade {
        dataset: Hash(dataset.0),
        index,
        order: record.order,
        offer: record.offer,
        seller: account(record.seller),
        buyer: account(record.buyer),
        price: record.price,
        platform_fee: record.platform_fee,
        royalties: royalties(record.royalties),
        licence: Hash(record.licence),
        nda: Hash(record.nda),
        derivation: derivation(record.derivation),
        terms: Hash(record.terms),
        placed_at: record.placed_at,
        delivered_at: record.delivered_at,
        final_at: record.ended.block,
        final_time_ms: record.ended.time,
        outcome,
        bad_block,
        position: record.position,
    }
}
