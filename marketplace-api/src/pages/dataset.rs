//! The page of a dataset: profile, origin, lineage, offers, trades.

use std::sync::Arc;

use askama::Template;
use axum::{extract::State, response::Html};
use wonbon_model::{
    json::{DrawState, Handover},
    metadata::{Column, Profile, Scalar},
    words::{trade, Term},
    Attestation, DatasetId, Keyed, Offer, OfferId,
};

use super::{
    fair_sample::Unanswered,
    lists::{Royalties, TradeRow},
    notices::notices,
    render,
    sample_rows::{self, SampleRows},
    words, Link, PageError, PAGE_ITEMS,
};
use crate::{
    app::App,
    catalogue::{self, Catalogue, CheapestOffer, DatasetDetail},
    protocol::{extract::PathParam, Problem},
    read_model::queries::{self, Lineage, OfferFilter, Page, PageRequest},
};

/// What a page shows of each list.
const FIRST_PAGE: PageRequest = PageRequest { after: None, limit: PAGE_ITEMS };

#[derive(Template)]
#[template(path = "dataset.html")]
struct DatasetPage {
    id: DatasetId,
    detail: DatasetDetail,
    owner: Link,
    registrant: Link,
    unanswered: Unanswered,
    /// What the store has; the rest stands on the chain.
    samples: Vec<SampleRows>,
    lineage: Lineage,
    /// Each with its inspector.
    attestations: Vec<(Attestation, Link)>,
    /// The ancestors that each sale pays, each with its share in millionths.
    royalties: Vec<(u32, Link)>,
    /// The dataset that it is a new version of.
    older: Option<Link>,
    /// Its new versions, each with its index.
    versions: Vec<(u32, Link)>,
    /// Who handed it over to whom.
    handovers: Vec<(Link, Link, Handover)>,
    /// Each with whether its sealed payload is stored here.
    offers: Vec<(Keyed<OfferId, Offer>, bool)>,
    cheapest: Option<CheapestOffer>,
    trades: Page<TradeRow>,
    /// What the council has announced.
    notices: Vec<String>,
    /// What sales of what was made from it brought.
    received: Royalties,
}

impl DatasetPage {
    /// Reads what the chain says, out of one snapshot; `None` if the dataset is not registered.
    fn read(catalogue: Catalogue<'_>, id: DatasetId) -> catalogue::Result<Option<Self>> {
        let Some(detail) = catalogue.dataset_detail(id)? else { return Ok(None) };
        let trades = queries::trades(catalogue.kv, Some(id), None, &FIRST_PAGE)?;
        let paid = queries::royalties_for(catalogue.kv, id, &FIRST_PAGE)?;
        let dataset = &detail.view.dataset;
        Ok(Some(Self {
            id,
            owner: Link::company(dataset.owner, detail.view.owner_name.clone()),
            registrant: Link::to_company(catalogue, dataset.registrant)?,
            unanswered: Unanswered::count(catalogue, dataset.owner, dataset.registrant)?,
            samples: Vec::new(),
            lineage: catalogue.lineage(id)?,
            attestations: attestations(catalogue, id)?,
            royalties: all(&detail.facts.royalties, |one| {
                Ok((one.share, Link::to_dataset(catalogue, one.dataset)?))
            })?,
            older: detail.facts.version_of.map(|older| Link::to_dataset(catalogue, older)).transpose()?,
            versions: all(&detail.facts.versions, |one| {
                Ok((one.index, Link::to_dataset(catalogue, one.version)?))
            })?,
            handovers: all(&detail.facts.handovers, |one| {
                let from = Link::to_company(catalogue, one.from)?;
                Ok((from, Link::to_company(catalogue, one.to)?, one.clone()))
            })?,
            offers: offers(catalogue, id)?,
            cheapest: catalogue.cheapest_offer(id)?,
            trades: trades.try_map(|trade| TradeRow::new(catalogue, trade))?,
            notices: notices(catalogue)?,
            received: Royalties::new(catalogue, detail.received, paid)?,
            detail,
        }))
    }

    fn title(&self) -> String {
        Link::dataset(self.id, self.detail.view.title.clone()).text
    }

    /// Whether the fair sample shows every row that begins in a drawn block.
    fn fair_shows_rows(&self) -> bool {
        self.detail.samples.fair.as_ref().is_some_and(|note| note.shows_rows)
    }

    /// What the metadata document says of the columns, if it knows any.
    fn profile(&self) -> Option<&Profile> {
        let profile = self.detail.document.as_ref()?.profile.as_ref()?;
        (!profile.columns.is_empty()).then_some(profile)
    }

    fn range(&self, column: &Column) -> String {
        let scalar = |value: &Option<Scalar>| -> String {
            value.iter().flat_map(|value| value.to_string().chars().take(60).collect::<Vec<_>>()).collect()
        };
        match (scalar(&column.min), scalar(&column.max)) {
            (min, max) if min.is_empty() && max.is_empty() => String::new(),
            (min, max) => format!("{min} – {max}"),
        }
    }
}

fn all<T, R>(list: &[T], row: impl Fn(&T) -> catalogue::Result<R>) -> catalogue::Result<Vec<R>> {
    list.iter().map(row).collect()
}

fn offers(catalogue: Catalogue<'_>, id: DatasetId) -> catalogue::Result<Vec<(Keyed<OfferId, Offer>, bool)>> {
    let filter = OfferFilter { dataset: Some(id), ..Default::default() };
    let found = queries::offers(catalogue.kv, &filter, &FIRST_PAGE, |_, _| Ok(true))?;
    let row = |offer| catalogue.offer(&offer).map(|view| (offer, view.stored));
    found.items.into_iter().map(row).collect()
}

fn attestations(catalogue: Catalogue<'_>, id: DatasetId) -> catalogue::Result<Vec<(Attestation, Link)>> {
    let found = queries::attestations(catalogue.kv, id, &FIRST_PAGE)?;
    let row = |Keyed { record, .. }: Keyed<_, Attestation>| {
        let inspector = Link::to_company(catalogue, record.inspector)?;
        Ok((record, inspector))
    };
    found.items.into_iter().map(row).collect()
}

pub(super) async fn show_dataset(
    State(app): State<Arc<App>>,
    id: Result<PathParam<DatasetId>, Problem>,
) -> Result<Html<String>, PageError> {
    let PathParam(id) = id?;
    let found = app.read(move |catalogue| DatasetPage::read(catalogue, id)).await?;
    let mut page = found.ok_or_else(|| Problem::not_found("dataset"))?;
    page.detail.add_stored(&app.documents, &app.samples).await?;
    page.samples = sample_rows::of(&page.detail);
    render(&page)
}
