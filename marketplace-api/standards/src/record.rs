//! What the documents are made from: one dataset, as chain and service know it.
//!
//! Only id and length are always there. Everything else is optional or may be empty: a record can be made from the
//! chain alone, and becomes richer where the metadata document and the service's address are known.

use crate::{
    iri::Site,
    text::{filled, line},
};
use std::cmp::Reverse;
use wonbon_model::{
    metadata::{Column, Metadata},
    text,
    words::time::Time,
    AccountId, AttestationKind, Balance, DatasetFacts, DatasetId, Digest, Keyed, Method, OfferId, OfferState,
    Relation,
};

/// One dataset with all that is known of it.
#[derive(Clone, Debug, Default)]
pub struct DatasetRecord {
    /// The dataset: root of the tree over its bytes.
    pub id: DatasetId,
    /// Its length in bytes.
    pub length: u64,
    /// Genesis hash of the chain that it is registered on.
    pub genesis: Option<Digest>,
    /// What its metadata document says, as far as it can be read.
    pub about: Metadata,
    /// SHA-256 of the metadata document.
    pub metadata: Option<Digest>,
    /// How it was made.
    pub method: Option<Method>,
    /// Who registered it first.
    pub registrant: Option<Party>,
    /// The block of the registration, and its time.
    pub registered: Option<Moment>,
    /// Who holds it now.
    pub owner: Option<Party>,
    /// What it was made from.
    pub parents: Vec<Parent>,
    /// Datasets that are registered as its new versions, oldest first.
    pub versions: Vec<DatasetId>,
    /// What inspectors say about it.
    pub attestations: Vec<Attestation>,
    /// Its ways from owner to owner, oldest first.
    pub handovers: Vec<Handover>,
    /// Set when its owner withdrew it.
    pub withdrawn: Option<Withdrawal>,
    /// Offers of it that are open, newest first.
    pub offers: Vec<Offer>,
    /// Samples that anyone may read.
    pub samples: Vec<Sample>,
    /// The service that keeps it.
    pub site: Option<Site>,
}

impl DatasetRecord {
    /// What the chain says of a dataset, and which of these offers sell it now; what else is known is for the caller to
    /// add.
    pub fn of(
        facts: &DatasetFacts,
        offers: impl IntoIterator<Item = (OfferId, wonbon_model::Offer)>,
    ) -> Self {
        let Keyed { key: id, record: dataset } = &facts.dataset;
        let open = |offer: &wonbon_model::Offer| offer.dataset == *id && offer.state == OfferState::Open;
        let offers = offers.into_iter().filter(|(_, offer)| open(offer));
        let mut offers: Vec<_> = offers.map(|(id, offer)| Offer { id, price: offer.price }).collect();
        offers.sort_by_key(|offer| Reverse(offer.id));
        Self {
            id: *id,
            length: dataset.length,
            metadata: Some(dataset.metadata),
            method: Some(dataset.method),
            registrant: Some(dataset.registrant.into()),
            registered: Some(moment(dataset.registered)),
            owner: Some(dataset.owner.into()),
            parents: facts.parents.iter().map(Parent::from).collect(),
            versions: facts.versions.iter().map(|found| found.record.dataset).collect(),
            attestations: facts.attestations.iter().map(|found| Attestation::from(&found.record)).collect(),
            handovers: facts.handovers.iter().map(|found| Handover::from(&found.record)).collect(),
            withdrawn: dataset.withdrawn.as_ref().map(|withdrawn| Withdrawal {
                at: Some(moment(withdrawn.at)),
                reason: Some(text(&withdrawn.reason)),
            }),
            offers,
            ..Self::default()
        }
    }

    /// Everyone whom it names, for who knows the companies' names.
    pub fn parties(&mut self) -> impl Iterator<Item = &mut Party> {
        let inspectors = self.attestations.iter_mut().map(|attestation| &mut attestation.inspector);
        let owners = self.handovers.iter_mut().flat_map(|handover| [&mut handover.from, &mut handover.to]);
        self.registrant.iter_mut().chain(&mut self.owner).chain(inspectors).chain(owners)
    }

    /// The columns that the metadata document describes.
    pub(crate) fn columns(&self) -> &[Column] {
        self.about.profile.as_ref().map_or(&[], |profile| &profile.columns)
    }
}

/// When something happened: a block, and its time in milliseconds since 1970 (UTC).
pub type Moment = wonbon_primitives::record::Moment<u64>;

fn moment(at: wonbon_model::Moment) -> Moment {
    Moment { block: at.block.into(), time: at.time }
}

/// The time as RFC 3339 and XML Schema write it, to the second; `None` past the year 9999.
pub(crate) fn date_time(at: Moment) -> Option<String> {
    Time::from_millis(at.time).map(Time::to_second)
}

/// A company with its account.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Party {
    /// Its key on the chain.
    pub account: AccountId,
    /// The account as people write it (SS58).
    pub address: String,
    /// The company's name, if it is registered.
    pub name: Option<String>,
}

impl Party {
    /// What to call it: the company's name, or its account.
    pub fn label(&self) -> String {
        self.name.as_deref().and_then(|name| filled(line(name))).unwrap_or_else(|| line(&self.address))
    }
}

impl From<AccountId> for Party {
    fn from(account: AccountId) -> Self {
        Self { account, address: account.to_string(), name: None }
    }
}

/// A dataset that another was made from.
#[derive(Clone, Debug)]
pub struct Parent {
    /// The id of that dataset.
    pub dataset: DatasetId,
    /// How the child relates to it.
    pub relation: Relation,
    /// Its title, if known.
    pub title: Option<String>,
}

impl From<&wonbon_model::Parent> for Parent {
    fn from(parent: &wonbon_model::Parent) -> Self {
        Self { dataset: parent.dataset, relation: parent.relation, title: None }
    }
}

/// What an inspector says about a dataset.
#[derive(Clone, Debug)]
pub struct Attestation {
    /// What it is about.
    pub kind: AttestationKind,
    /// The accredited inspector who says it.
    pub inspector: Party,
    /// SHA-256 of the document that says it.
    pub document: Digest,
    /// When it was said.
    pub at: Option<Moment>,
    /// When it was taken back.
    pub revoked: Option<Moment>,
}

impl From<&wonbon_model::Attestation> for Attestation {
    fn from(attestation: &wonbon_model::Attestation) -> Self {
        Self {
            kind: attestation.kind,
            inspector: attestation.inspector.into(),
            document: attestation.document,
            at: Some(moment(attestation.at)),
            revoked: attestation.revoked.as_ref().map(|revocation| moment(revocation.at)),
        }
    }
}

/// A dataset's way from one owner to another.
#[derive(Clone, Debug)]
pub struct Handover {
    /// Who held it before.
    pub from: Party,
    /// Who held it afterwards.
    pub to: Party,
    /// When it changed hands.
    pub at: Option<Moment>,
}

impl From<&wonbon_model::Handover> for Handover {
    fn from(handover: &wonbon_model::Handover) -> Self {
        Self { from: handover.from.into(), to: handover.to.into(), at: Some(moment(handover.at)) }
    }
}

/// That an owner withdrew a dataset.
#[derive(Clone, Debug)]
pub struct Withdrawal {
    /// When it was withdrawn.
    pub at: Option<Moment>,
    /// Why, in the owner's words.
    pub reason: Option<String>,
}

/// An offer that takes orders.
#[derive(Clone, Debug)]
pub struct Offer {
    /// Its number, over the whole chain.
    pub id: OfferId,
    /// The price in won.
    pub price: Balance,
}

/// A sample that anyone may read.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Whether the chain drew it; otherwise the seller chose it.
    pub fair: bool,
    /// SHA-256 of the sample file, if the chain has it.
    pub digest: Option<Digest>,
}
