//! The page of a dataset: profile, origin, lineage, offers, trades.

use std::sync::Arc;

use askama::Template;
use axum::{extract::State, response::Html};
use wonbon_model::metadata::{Column, Metadata, Scalar};

use wonbon_model::{
    text,
    words::{trade::derivation_label, Term},
    Attestation, DatasetId, Hash, Keyed, Offer, OfferId, OfferState,
};

use super::{
    company_href, dataset_href,
    fair_sample::{self, FairSample, Unanswered},
    lists::TradeRow,
    name, not_found,
    related::{self, Line},
    render,
    sample_rows::{self, SampleRows},
    words, PageError, PAGE_ITEMS,
};
use crate::{
    app::App,
    catalogue::{self, Catalogue, DatasetDetail, DatasetView, LineageStep, Stored},
    protocol::{extract::PathParam, Problem},
    read_model::queries::{self, OfferFilter, Page, PageRequest},
};

/// What a page shows of each list.
const FIRST: PageRequest = PageRequest { after: None, limit: PAGE_ITEMS };

struct Fact {
    name: &'static str,
    value: String,
    href: Option<String>,
}

struct ColumnRow {
    name: String,
    kind: &'static str,
    missing: String,
    range: String,
}

struct Step {
    relation: String,
    title: String,
    href: String,
    depth: u32,
    royalty: Option<String>,
}

struct OfferRow {
    id: u64,
    price: String,
    open: bool,
    state: String,
    bond: String,
    windows: String,
    derivation: String,
    stored: bool,
}

struct AttestationRow {
    kind: String,
    inspector: String,
    inspector_href: String,
    at: String,
    revoked: Option<String>,
}

#[derive(Template)]
#[template(path = "dataset.html")]
struct DatasetPage {
    id: String,
    title: String,
    description: String,
    keywords: Vec<String>,
    withdrawn: Option<String>,
    facts: Vec<Fact>,
    columns: Vec<ColumnRow>,
    warnings: Vec<String>,
    ancestors: Vec<Step>,
    descendants: Vec<Step>,
    truncated: bool,
    attestations: Vec<AttestationRow>,
    draw: FairSample,
    samples: Vec<SampleRows>,
    royalties: Vec<Line>,
    versions: Vec<Line>,
    handovers: Vec<Line>,
    offers: Vec<OfferRow>,
    buy: Option<u64>,
    trades: Vec<TradeRow>,
    more_trades: bool,
}

fn scalar(value: Option<&Scalar>) -> String {
    value.map(|value| value.to_string().chars().take(60).collect()).unwrap_or_default()
}

fn columns(document: Option<&Metadata>) -> Vec<ColumnRow> {
    let columns = document.and_then(|document| document.profile.as_ref()).map(|profile| &profile.columns);
    let row = |column: &Column| {
        let (min, max) = (scalar(column.min.as_ref()), scalar(column.max.as_ref()));
        ColumnRow {
            name: column.name.clone(),
            kind: column.kind.word(),
            missing: column.missing.map(words::number).unwrap_or_default(),
            range: if min.is_empty() && max.is_empty() { String::new() } else { format!("{min} – {max}") },
        }
    };
    columns.into_iter().flatten().map(row).collect()
}

fn steps(steps: Vec<LineageStep>, far: fn(&LineageStep) -> Hash) -> Vec<Step> {
    let step = |step: LineageStep| {
        let far = far(&step);
        Step {
            relation: step.relation.0.label(),
            title: step.title.unwrap_or_else(|| words::short(far)),
            href: dataset_href(far),
            depth: step.depth,
            royalty: (step.royalty > 0).then(|| words::share(step.royalty)),
        }
    };
    steps.into_iter().map(step).collect()
}

fn offers(catalogue: Catalogue<'_>, id: DatasetId) -> catalogue::Result<Vec<OfferRow>> {
    let filter = OfferFilter { dataset: Some(id), ..Default::default() };
    let found = queries::offers(catalogue.kv, &filter, &FIRST, |_| Ok(true))?;
    let row = |found: Keyed<OfferId, Offer>| {
        let stored = catalogue.offer(&found)?.stored;
        let offer = found.record;
        Ok(OfferRow {
            id: found.key,
            price: words::won(offer.price),
            open: offer.state == OfferState::Open,
            state: offer.state.label(),
            bond: words::won(offer.bond),
            windows: format!(
                "{} / {}",
                words::number(offer.delivery_window),
                words::number(offer.dispute_window)
            ),
            derivation: derivation_label(offer.derivation),
            stored,
        })
    };
    found.items.into_iter().map(row).collect()
}

fn attestations(catalogue: Catalogue<'_>, id: DatasetId) -> catalogue::Result<Vec<AttestationRow>> {
    let found = queries::attestations(catalogue.kv, id, &FIRST)?;
    let row = |Keyed { record, .. }| {
        let Attestation { kind, inspector, at, revoked, .. } = record;
        Ok(AttestationRow {
            kind: kind.label(),
            inspector: name(catalogue, inspector)?,
            inspector_href: company_href(inspector),
            at: words::time(at.block, at.time),
            revoked: revoked.map(|revoked| text(&revoked.reason)),
        })
    };
    found.items.into_iter().map(row).collect()
}

/// The dataset's own fields.
fn facts(catalogue: Catalogue<'_>, view: &DatasetView) -> catalogue::Result<Vec<Fact>> {
    let dataset = &view.dataset;
    let at = words::time(dataset.registered_at, dataset.registered_time_ms);
    let fact = |name, value, href| Fact { name, value, href };
    Ok(vec![
        fact("소유 Owner", name(catalogue, dataset.owner)?, Some(company_href(dataset.owner))),
        fact(
            "최초 등록 First registered here by",
            name(catalogue, dataset.registrant)?,
            Some(company_href(dataset.registrant)),
        ),
        fact("등록 시각 Registered", at, None),
        fact("생성 방법 Method", dataset.method.0.label(), None),
        fact(
            "크기 Size",
            format!("{} ({} bytes)", words::bytes(dataset.length), words::number(dataset.length)),
            None,
        ),
        fact("행 Rows", view.rows.map_or_else(|| "–".to_owned(), words::number), None),
        fact(
            "메타데이터 Metadata",
            words::short(dataset.metadata),
            Some(format!("/v1/metadata/{}", dataset.metadata)),
        ),
        fact("기록 Records", words::number(dataset.records), None),
    ])
}

/// What the chain says of a dataset, out of one snapshot.
struct OnChain {
    detail: DatasetDetail,
    facts: Vec<Fact>,
    unanswered: Unanswered,
    ancestors: Vec<Step>,
    descendants: Vec<Step>,
    truncated: bool,
    attestations: Vec<AttestationRow>,
    royalties: Vec<Line>,
    versions: Vec<Line>,
    handovers: Vec<Line>,
    offers: Vec<OfferRow>,
    trades: Page<TradeRow>,
}

impl OnChain {
    /// Reads it; `None` if the dataset is not registered.
    fn read(catalogue: Catalogue<'_>, id: DatasetId) -> catalogue::Result<Option<Self>> {
        let Some(detail) = catalogue.dataset_detail(id)? else { return Ok(None) };
        let lineage = catalogue.lineage(id)?;
        let trades = queries::trades(catalogue.kv, Some(id), None, &FIRST)?;
        Ok(Some(Self {
            facts: facts(catalogue, &detail.view)?,
            unanswered: Unanswered::count(catalogue, &detail.view.dataset)?,
            ancestors: steps(lineage.ancestors, |step| step.parent),
            descendants: steps(lineage.descendants, |step| step.child),
            truncated: lineage.truncated,
            attestations: attestations(catalogue, id)?,
            royalties: related::royalties(catalogue, &detail)?,
            versions: related::versions(catalogue, &detail)?,
            handovers: related::handovers(catalogue, &detail)?,
            offers: offers(catalogue, id)?,
            trades: trades.try_map(|trade| TradeRow::new(catalogue, &trade))?,
            detail,
        }))
    }

    /// The page, with what the store has.
    fn page(mut self, stored: &Stored) -> DatasetPage {
        self.detail.add(stored);
        let DatasetView { dataset, title, draw, .. } = self.detail.view;
        let document = self.detail.document;
        DatasetPage {
            id: dataset.id.to_string(),
            title: title.unwrap_or_else(|| words::short(dataset.id)),
            description: document.as_ref().map(|document| document.description.clone()).unwrap_or_default(),
            keywords: document.as_ref().map(|document| document.keywords.clone()).unwrap_or_default(),
            facts: self.facts,
            columns: columns(document.as_ref()),
            warnings: document
                .and_then(|document| document.profile)
                .map(|profile| profile.warnings)
                .unwrap_or_default(),
            ancestors: self.ancestors,
            descendants: self.descendants,
            truncated: self.truncated,
            attestations: self.attestations,
            draw: fair_sample::describe(&dataset, &draw, self.unanswered),
            samples: sample_rows::of(dataset.id, stored),
            royalties: self.royalties,
            versions: self.versions,
            handovers: self.handovers,
            buy: self.offers.iter().find(|offer| offer.open).map(|offer| offer.id),
            offers: self.offers,
            trades: self.trades.items,
            more_trades: self.trades.next.is_some(),
            withdrawn: dataset.withdrawn.map(|withdrawn| withdrawn.reason),
        }
    }
}

pub(super) async fn show_dataset(
    State(app): State<Arc<App>>,
    id: Result<PathParam<DatasetId>, Problem>,
) -> Result<Html<String>, PageError> {
    let PathParam(id) = id?;
    let found = app.read(move |catalogue| OnChain::read(catalogue, id)).await?;
    let found = found.ok_or_else(|| not_found("dataset"))?;
    let stored = Stored::find(&app.documents, &app.samples, &found.detail.view).await?;
    render(&found.page(&stored))
}
