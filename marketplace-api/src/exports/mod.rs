//! A dataset's record for the documents of other standards: what the read model and the metadata document know,
//! put together.

use wonbon_primitives::{bounds::MAX_PARENTS, share::Share, DatasetId};
use wonbon_standards::{
    iri::Site,
    metadata,
    moment::Moment,
    record::{
        attestation_of, method_of, relation_of, Attestation, Handover, Offer, Parent, Party, Sample,
        Withdrawal,
    },
    DatasetRecord,
};

use crate::{
    catalogue::{Catalogue, DatasetView, SampleNotes},
    documents::{Documents, Kind},
    kv::{KvError, KvStore},
    model::{Account, Dataset, Hash, OfferState},
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
    let read = move |kv: &dyn KvStore| facts(Catalogue::new(kv, &state, &search), id);
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
fn facts(catalogue: Catalogue<'_>, id: Hash) -> Result<Option<(DatasetRecord, DatasetView)>, KvError> {
    let kv = catalogue.kv;
    let Some(dataset) = queries::dataset(kv, id)? else { return Ok(None) };
    let party = |account: Account| -> Result<Party, KvError> {
        Ok(Party { account: account.0, address: account.to_string(), name: catalogue.name(account)? })
    };
    // One request looks at no more rows; no dataset has nearly as many of any of these.
    let all = PageRequest { after: None, limit: EXAMINED };

    let mut record = DatasetRecord::new(DatasetId(id.0), dataset.length);
    record.metadata = Some(dataset.metadata.0);
    record.method = method_of(dataset.method.word());
    record.registrant = Some(party(dataset.registrant)?);
    record.registered = Some(moment(dataset.registered_at, dataset.registered_time_ms));
    record.owner = Some(party(dataset.owner)?);
    for parent in queries::parents(kv, id, MAX_PARENTS as usize)? {
        let Some(relation) = relation_of(&parent.relation) else { continue };
        record.parents.push(Parent {
            dataset: DatasetId(parent.parent.0),
            relation,
            royalty: Share::from_millionths(parent.royalty).unwrap_or(Share::WHOLE),
            title: catalogue.title(parent.parent)?,
        });
    }
    for version in queries::versions(kv, id, &all)?.items {
        record.versions.push(DatasetId(version.version.0));
    }
    for attestation in queries::attestations(kv, id, &all)?.items {
        let Some(kind) = attestation_of(&attestation.kind) else { continue };
        record.attestations.push(Attestation {
            kind,
            inspector: party(attestation.inspector)?,
            document: attestation.document.0,
            at: Some(moment(attestation.at, attestation.time_ms)),
            revoked: attestation.revoked.map(|revocation| moment(revocation.at, revocation.time_ms)),
        });
    }
    for handover in queries::handovers(kv, id, &all)?.items {
        let at = Some(moment(handover.at, handover.time_ms));
        record.handovers.push(Handover { from: party(handover.from)?, to: party(handover.to)?, at });
    }
    record.withdrawn = withdrawal(&dataset);
    let open = OfferFilter { dataset: Some(id), state: Some(OfferState::Open), ..Default::default() };
    for offer in queries::offers(kv, &open, &all, |_| Ok(true))?.items {
        record.offers.push(Offer { id: offer.id, price: offer.price });
    }
    Ok(Some((record, catalogue.dataset(dataset)?)))
}

fn withdrawal(dataset: &Dataset) -> Option<Withdrawal> {
    let withdrawn = dataset.withdrawn.as_ref()?;
    Some(Withdrawal {
        at: Some(moment(withdrawn.at, withdrawn.time_ms)),
        reason: Some(withdrawn.reason.clone()),
    })
}

fn moment(block: u32, time: u64) -> Moment {
    Moment { block: block.into(), time }
}
