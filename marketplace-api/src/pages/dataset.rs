//! The page of a dataset: profile, origin, lineage, offers, trades.

use std::sync::Arc;

use askama::Template;
use axum::{extract::State, response::Html};

use super::{
    company_href, dataset_href,
    evidence::{self, Line},
    name, not_found, render, samples, words, PageError, TradeRow, ITEMS,
};
use crate::{
    documents::Metadata,
    http::{
        extract::PathParam,
        views::{self, LineageStep},
        App, Problem,
    },
    kv::{KvError, KvStore},
    model::{Hash, OfferState},
    read_model::queries::{self, OfferFilter, PageRequest},
};

struct Fact {
    name: &'static str,
    value: String,
    href: Option<String>,
}

struct ColumnRow {
    name: String,
    kind: String,
    missing: String,
    range: String,
}

struct Step {
    relation: &'static str,
    title: String,
    href: String,
    depth: u32,
    royalty: Option<String>,
}

struct OfferRow {
    id: u64,
    price: String,
    open: bool,
    state: &'static str,
    bond: String,
    windows: String,
    derivation: String,
    stored: bool,
}

struct AttestationRow {
    kind: &'static str,
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
    draw: evidence::Draw,
    samples: Vec<samples::Shown>,
    royalties: Vec<Line>,
    versions: Vec<Line>,
    handovers: Vec<Line>,
    offers: Vec<OfferRow>,
    buy: Option<u64>,
    trades: Vec<TradeRow>,
    more_trades: bool,
}

fn scalar(value: Option<&serde_json::Value>) -> String {
    match value {
        Some(serde_json::Value::String(text)) => text.chars().take(60).collect(),
        Some(other) => other.to_string().chars().take(60).collect(),
        None => String::new(),
    }
}

fn columns(document: Option<&Metadata>) -> Vec<ColumnRow> {
    let columns = document.and_then(|document| document.profile.as_ref()).map(|profile| &profile.columns);
    let row = |column: &crate::documents::schema::Column| {
        let (min, max) = (scalar(column.min.as_ref()), scalar(column.max.as_ref()));
        ColumnRow {
            name: column.name.clone(),
            kind: column.kind.clone(),
            missing: column.missing.map(|count| words::number(count.into())).unwrap_or_default(),
            range: if min.is_empty() && max.is_empty() { String::new() } else { format!("{min} – {max}") },
        }
    };
    columns.into_iter().flatten().map(row).collect()
}

fn steps(steps: Vec<LineageStep>, far: fn(&LineageStep) -> Hash) -> Vec<Step> {
    let step = |step: LineageStep| {
        let far = far(&step);
        Step {
            relation: words::relation(&step.relation),
            title: step.title.unwrap_or_else(|| words::short(far)),
            href: dataset_href(far),
            depth: step.depth,
            royalty: (step.royalty > 0).then(|| words::share(step.royalty)),
        }
    };
    steps.into_iter().map(step).collect()
}

fn offers(kv: &dyn KvStore, app: &App, id: Hash) -> Result<Vec<OfferRow>, KvError> {
    let filter = OfferFilter { dataset: Some(id), ..Default::default() };
    let found = queries::offers(kv, &filter, &PageRequest { after: None, limit: ITEMS }, |_| Ok(true))?;
    let row = |offer| {
        let view = views::offer(kv, &app.search, offer)?;
        let offer = view.offer;
        Ok(OfferRow {
            id: offer.id,
            price: words::won(offer.price),
            open: offer.state == OfferState::Open,
            state: words::offer_state(offer.state),
            bond: words::won(offer.bond),
            windows: format!(
                "{} / {}",
                words::number(offer.delivery_window.into()),
                words::number(offer.dispute_window.into())
            ),
            derivation: words::derivation(offer.derivation),
            stored: view.stored,
        })
    };
    found.items.into_iter().map(row).collect()
}

fn attestations(kv: &dyn KvStore, id: Hash) -> Result<Vec<AttestationRow>, KvError> {
    let found = queries::attestations(kv, id, &PageRequest { after: None, limit: ITEMS })?;
    let row = |found: crate::model::Attestation| {
        Ok(AttestationRow {
            kind: words::attestation(&found.kind),
            inspector: name(kv, found.inspector)?,
            inspector_href: company_href(found.inspector),
            at: words::time(found.at, Some(found.time_ms)),
            revoked: found.revoked.map(|revoked| revoked.reason),
        })
    };
    found.items.into_iter().map(row).collect()
}

pub(super) async fn show_dataset(
    State(app): State<Arc<App>>,
    id: Result<PathParam<Hash>, Problem>,
) -> Result<Html<String>, PageError> {
    let PathParam(id) = id?;
    let detail = app.dataset_detail(id).await?.ok_or_else(|| not_found("dataset"))?;
    let samples = samples::shown(&app, id, detail.document.as_ref()).await?;
    let reader = app.clone();
    let build = move |kv: &dyn KvStore| {
        let app = &*reader;
        let draw = evidence::draw(kv, &detail.view.dataset, &detail.view.draw)?;
        let royalties = evidence::royalties(kv, app, &detail)?;
        let versions = evidence::versions(kv, app, &detail)?;
        let handovers = evidence::handovers(kv, &detail.handovers)?;
        let (document, view) = (detail.document, detail.view);
        let dataset = view.dataset;
        let at = words::time(dataset.registered_at, Some(dataset.registered_time_ms));
        let fact = |name, value, href| Fact { name, value, href };
        let facts = vec![
            fact("소유 Owner", name(kv, dataset.owner)?, Some(company_href(dataset.owner))),
            fact(
                "최초 등록 First registered here by",
                name(kv, dataset.registrant)?,
                Some(company_href(dataset.registrant)),
            ),
            fact("등록 시각 Registered", at, None),
            fact("생성 방법 Method", words::method(dataset.method).to_owned(), None),
            fact(
                "크기 Size",
                format!("{} ({} bytes)", words::bytes(dataset.length), words::number(dataset.length.into())),
                None,
            ),
            fact(
                "행 Rows",
                view.rows.map_or_else(|| "–".to_owned(), |rows| words::number(rows.into())),
                None,
            ),
            fact(
                "메타데이터 Metadata",
                words::short(dataset.metadata),
                Some(format!("/v1/metadata/{}", dataset.metadata)),
            ),
            fact("기록 Records", words::number(dataset.records.into()), None),
        ];
        let lineage = views::lineage(kv, &app.search, id)?;
        let trades = queries::trades(kv, Some(id), None, &PageRequest { after: None, limit: ITEMS })?;
        let rows = trades.items.into_iter().map(|trade| TradeRow::new(kv, app, trade));
        let offers = offers(kv, app, id)?;
        Ok::<_, KvError>(DatasetPage {
            id: id.to_string(),
            title: view.title.unwrap_or_else(|| words::short(id)),
            description: document.as_ref().map(|document| document.description.clone()).unwrap_or_default(),
            keywords: document.as_ref().map(|document| document.keywords.clone()).unwrap_or_default(),
            withdrawn: dataset.withdrawn.map(|withdrawn| withdrawn.reason),
            facts,
            columns: columns(document.as_ref()),
            warnings: document
                .and_then(|document| document.profile)
                .map(|profile| profile.warnings)
                .unwrap_or_default(),
            ancestors: steps(lineage.ancestors, |step| step.parent),
            descendants: steps(lineage.descendants, |step| step.child),
            truncated: lineage.truncated,
            attestations: attestations(kv, id)?,
            draw,
            samples,
            royalties,
            versions,
            handovers,
            buy: offers.iter().find(|offer| offer.open).map(|offer| offer.id),
            offers,
            trades: rows.collect::<Result<_, _>>()?,
            more_trades: trades.next.is_some(),
        })
    };
    let page = app.read_model.run(build).await?;
    render(&page)
}
