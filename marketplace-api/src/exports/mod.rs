//! A dataset's record for the documents of other standards: what the read model and the metadata document know,
//! put together.

use wonbon_model::{text, AccountId, DatasetId, Hash, Keyed, OfferState};
use wonbon_standards::{
    iri::Site,
    metadata,
    moment::Moment,
    record::{Attestation, Handover, Offer, Parent, Party, Sample, Withdrawal},
    DatasetRecord,
};

use crate::{
    catalogue::{Catalogue, DatasetView, SampleNotes},
    documents::{Documents, Kind},
    kv::{KvError, KvStore},
    read_model::{
        queries::{self, OfferFilter, PageRequest, EXAMINED},
        ReadModel,
    },
    samples::{SampleError, Samples},
    search::SearchIndex,
    state::State,
    storage::StorageError,
};

/// Why a record cannot be put together.
#[derive(Debug, thiserror::Error)]
pub enum GatherError {
    /// The read model cannot be read.
    #[error(transparent)]
    KvStore(#[from] KvError),
    /// The storage of the documents failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The storage of the samples failed.
    #[error(transparent)]
    Sample(#[from] SampleError),
}

/// What a record is put together from.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    /// What stands on the chain.
    pub read_model: &'a ReadModel,
    /// What only the service knows.
    pub state: &'a State,
    /// Metadata documents by hash.
    pub documents: &'a Documents,
    /// Samples that anyone may read.
    pub samples: &'a Samples,
    /// Titles of other datasets.
    pub search: &'a std::sync::Arc<SearchIndex>,
    /// Genesis hash of the chain, if it was reached.
    pub genesis: Option<Hash>,
    /// Where clients reach the service.
    pub public_url: Option<&'a str>,
}

/// The record of a dataset; `None` if it is not registered.
pub async fn gather(sources: Sources<'_>, id: Hash) -> Result<Option<DatasetRecord>, GatherError> {
    let (state, search) = (sources.state.clone(), sources.search.clone());
    let read = move |kv: &dyn KvStore| facts(Catalogue::new(kv, &state, &search), id.into());
    let Some((mut record, view)) = sources.read_model.read(read).await? else { return Ok(None) };
    let document = sources.documents.get(Kind::Metadata, view.dataset.metadata).await?;
    let document = document.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    record.about = document.as_ref().and_then(metadata::read).unwrap_or_default();
    record.genesis = sources.genesis.map(|genesis| genesis.0);
    record.site = sources.public_url.and_then(Site::parse);
    let notes = SampleNotes::find(sources.samples, &view).await?;
    for (note, fair) in [(notes.fair, true), (notes.chosen, false)] {
        record.samples.extend(note.map(|note| Sample { fair, digest: Some(note.digest.0) }));
    }
    Ok(Some(record))
}

/// What the chain says, and the dataset as the catalogue has it.
fn facts(catalogue: Catalogue<'_>, id: DatasetId) -> Result<Option<(DatasetRecord, DatasetView)>, KvError> {
    let kv = catalogue.kv;
    let Some(dataset) = queries::dataset(kv, id)? else { return Ok(None) };
    let party = |account: AccountId| -> Result<Party, KvError> {
        Ok(Party { account: account.0, address: account.to_string(), name: catalogue.name(account)? })
    };
    // One request looks at no more rows; no dataset has nearly as many of any of these.
    let all = PageRequest { after: None, limit: EXAMINED };

    let mut record = DatasetRecord::new(id, dataset.length);
    record.metadata = Some(dataset.metadata);
    record.method = Some(dataset.method);
    record.registrant = Some(party(dataset.registrant)?);
    record.registered = Some(moment(dataset.registered));
    record.owner = Some(party(dataset.owner)?);
    for parent in queries::parents(kv, id)? {
        record.parents.push(Parent {
            dataset: parent.dataset,
            relation: parent.relation,
            royalty: parent.royalty,
            title: catalogue.title(parent.dataset)?,
        });
    }
    for version in queries::versions(kv, id, &all)?.items {
        record.versions.push(version.record.dataset);
    }
    for Keyed { record: attestation, .. } in queries::attestations(kv, id, &all)?.items {
        record.attestations.push(Attestation {
            kind: attestation.kind,
            inspector: party(attestation.inspector)?,
            document: attestation.document,
            at: Some(moment(attestation.at)),
            revoked: attestation.revoked.map(|revocation| moment(revocation.at)),
        });
    }
    for Keyed { record: handover, .. } in queries::handovers(kv, id, &all)?.items {
        let at = Some(moment(handover.at));
        record.handovers.push(Handover { from: party(handover.from)?, to: party(handover.to)?, at });
    }
    record.withdrawn = dataset.withdrawn.as_ref().map(|withdrawn| Withdrawal {
        at: Some(moment(withdrawn.at)),
        reason: Some(text(&withdrawn.reason)),
    });
    let open = OfferFilter { dataset: Some(id), state: Some(OfferState::Open), ..Default::default() };
    for offer in queries::offers(kv, &open, &all, |_| Ok(true))?.items {
        record.offers.push(Offer { id: offer.key, price: offer.record.price });
    }
    Ok(Some((record, catalogue.dataset(&Keyed::new(id, dataset))?)))
}

fn moment(at: wonbon_model::Moment) -> Moment {
    Moment { block: at.block.into(), time: at.time }
}
