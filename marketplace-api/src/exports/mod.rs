//! A dataset's record for the documents of other standards: what the read model and the metadata document know,
//! put together.

use wonbon_model::{metadata::Metadata, DatasetId};
use wonbon_standards::{record::Sample, DatasetRecord};

use crate::{
    catalogue::{self, Catalogue, DatasetView, SampleNotes},
    documents::{Documents, Kind},
    read_model::queries::{self, OfferFilter, PageRequest, MAX_EXAMINED_ROWS},
    samples::{SampleError, Samples},
};

/// The record as the chain has it, and the dataset as the catalogue has it; `None` if it is not registered.
pub fn registered(
    catalogue: Catalogue<'_>,
    id: DatasetId,
) -> catalogue::Result<Option<(DatasetRecord, DatasetView)>> {
    let kv = catalogue.kv;
    // One request looks at no more rows; no dataset has nearly as many of anything.
    let all = PageRequest { after: None, limit: MAX_EXAMINED_ROWS };
    let Some(facts) = queries::dataset_facts(kv, id, all.limit)? else { return Ok(None) };
    let filter = OfferFilter { dataset: Some(id), ..Default::default() };
    let offers = queries::offers(kv, &filter, &all, |_, _| Ok(true))?.items.into_iter();
    let mut record = DatasetRecord::of(&facts, offers.map(|offer| (offer.key, offer.record)));
    for parent in &mut record.parents {
        parent.title = catalogue.title(parent.dataset)?;
    }
    for party in record.parties() {
        party.name = catalogue.name(party.account)?;
    }
    Ok(Some((record, catalogue.dataset(&facts.dataset)?)))
}

/// Adds to a record what lies in the store: what the metadata document says, and the samples that anyone may read.
pub async fn add_stored(
    record: &mut DatasetRecord,
    view: &DatasetView,
    documents: &Documents,
    samples: &Samples,
) -> Result<(), SampleError> {
    let document = documents.get(Kind::Metadata, view.dataset.metadata).await?;
    let document = document.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    record.about = document.as_ref().and_then(Metadata::salvage).unwrap_or_default();
    let notes = SampleNotes::find(samples, view.dataset.id, &view.draw).await?;
    for (note, fair) in [(notes.fair, true), (notes.chosen, false)] {
        record.samples.extend(note.map(|note| Sample { fair, digest: Some(note.digest.0) }));
    }
    Ok(())
}
