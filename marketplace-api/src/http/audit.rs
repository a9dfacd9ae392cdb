//! The auditor's view. Public facts need no role; who downloaded what is for auditors.

// The derive of utoipa writes whole paths.
#![allow(unused_qualifications)]

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    body::Body,
    extract::State,
    http::{header, HeaderValue},
    response::{IntoResponse, Response},
    Json,
};
use futures::{StreamExt, TryStreamExt};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use wonbon_audit::{export, ThresholdOverrides, Thresholds};
use wonbon_model::{AccountId, Hash};

use super::refusals;
use crate::{
    app::App,
    audit::{self, Download, DownloadFilter, Export},
    choice::choices,
    protocol::{
        extract::{optional, period, Params, SignedIn},
        paging::{List, PageView},
        Problem,
    },
    read_model::queries::DeliveredKey,
};

/// A file that a browser saves under this name.
fn attachment(media_type: &'static str, name: &str, body: Body) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

choices! {
    /// The forms of the ledger.
    pub(super) enum LedgerFormat {
        /// One JSON document.
        Json = "json",
        /// Comma-separated values, RFC 4180.
        Csv = "csv",
        /// Columns, for tools of data analysis: Apache Parquet.
        Parquet = "parquet",
    }
}

choices! {
    /// The forms of a report.
    pub(super) enum ReportFormat {
        /// Rules, thresholds and findings.
        Json = "json",
        /// A line for each trade that a finding rests on.
        Csv = "csv",
    }
}

/// Which part of the ledger, and how.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct LedgerQuery {
    /// The first block, day (in Korea) or time of the period; it belongs to it.
    #[param(example = "2026-01-01")]
    from: Option<String>,
    /// The last block, day or time; it belongs to the period.
    #[param(example = "2026-12-31")]
    to: Option<String>,
    /// `json` if not given.
    #[param(inline, value_type = Option<LedgerFormat>)]
    format: Option<String>,
}

/// The ledger: all trades of a period, oldest first
#[utoipa::path(get, path = "/v1/audit/ledger", tag = "audit", params(LedgerQuery), responses(
    (status = 200, description = "Every trade that ended in the period, with its block. An answer that breaks off \
     is not whole", content(
        (Object = "application/json"), (String = "text/csv"), (Vec<u8> = "application/vnd.apache.parquet"))),
    refusals::Invalid, refusals::Unavailable, refusals::Other))]
pub(super) async fn get_audit_ledger(
    State(app): State<Arc<App>>,
    Params(query): Params<LedgerQuery>,
) -> Result<Response, Problem> {
    let period = period(query.from.as_deref(), query.to.as_deref())?;
    let format = match optional("format", query.format.as_deref())? {
        None | Some(LedgerFormat::Json) => export::Format::Json,
        Some(LedgerFormat::Csv) => export::Format::Csv,
        Some(LedgerFormat::Parquet) => export::Format::Parquet,
    };
    let begun = app.read_model.read(move |kv| Export::begin(kv, period, format)).await?;
    let stream = begun.stream(app.read_model.clone()).inspect_err(|error| {
        tracing::error!(%error, "an export of the ledger broke off");
    });
    // A piece may be empty while a format gathers rows; it is not to be sent as the end.
    let stream = stream.try_filter(|piece| std::future::ready(!piece.is_empty())).boxed();
    let name = format!("wonbon-ledger.{}", format.extension());
    Ok(attachment(format.media_type(), &name, Body::from_stream(stream)))
}

/// Which period, by which thresholds, and how.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ReportQuery {
    /// The first block, day (in Korea) or time of the period; it belongs to it.
    #[param(example = "2026-01-01")]
    from: Option<String>,
    /// The last block, day or time; it belongs to the period.
    #[param(example = "2026-12-31")]
    to: Option<String>,
    /// `json` if not given; `csv` has a line for each trade that a finding rests on.
    #[param(inline, value_type = Option<ReportFormat>)]
    format: Option<String>,
    /// The rest: thresholds by their names.
    #[serde(flatten)]
    #[param(ignore)]
    thresholds: BTreeMap<String, String>,
}

impl ReportQuery {
    fn thresholds(&self) -> Result<Thresholds, Problem> {
        let mut overrides = ThresholdOverrides::default();
        for (name, value) in &self.thresholds {
            match overrides.set(name, value) {
                Ok(true) => {}
                Ok(false) => return Err(Problem::invalid(name, format!("unknown field `{name}`"))),
                Err(error) => return Err(Problem::invalid(name, error)),
            }
        }
        overrides.apply().map_err(|error| Problem::invalid(error.name, &error))
    }
}

/// A report of suspicious dealing
#[utoipa::path(get, path = "/v1/audit/report", tag = "audit", params(ReportQuery, ThresholdOverrides), responses(
    (status = 200, description = "The rules with their thresholds, and each finding with the trades it rests on. \
     `wonbon audit report` makes the same from the chain itself", content(
        (Object = "application/json"), (String = "text/csv"))),
    refusals::Invalid, refusals::Unprocessable, refusals::Unavailable, refusals::Other))]
pub(super) async fn get_audit_report(
    State(app): State<Arc<App>>,
    Params(query): Params<ReportQuery>,
) -> Result<Response, Problem> {
    let period = period(query.from.as_deref(), query.to.as_deref())?;
    let thresholds = query.thresholds()?;
    let format = optional("format", query.format.as_deref())?;
    let report = app.reports.make(period, thresholds).await?;
    if format != Some(ReportFormat::Csv) {
        return Ok(Json(report).into_response());
    }
    let mut body = Vec::new();
    export::findings_csv(&report, &mut body).map_err(Problem::internal)?;
    Ok(attachment(export::Format::Csv.media_type(), "wonbon-findings.csv", body.into()))
}

/// Of which period, and which page.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct DeliveriesQuery {
    /// The first block, day (in Korea) or time; it belongs to the period.
    from: Option<String>,
    /// The last block, day or time; it belongs to the period.
    to: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Most items, 50 if not given.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<String>,
}

/// A key that a seller delivered to a buyer. It stands on the chain, where the buyer alone can read it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Delivered {
    /// Block of the delivery.
    at: u32,
    /// Number of the order.
    order: u64,
    /// The dataset that the key opens.
    dataset: Hash,
    /// Who delivered.
    seller: AccountId,
    /// Who alone can read the key.
    buyer: AccountId,
}

impl From<DeliveredKey> for Delivered {
    fn from(found: DeliveredKey) -> Self {
        let DeliveredKey { at, order, dataset, seller, buyer } = found;
        Self { at, order, dataset: dataset.into(), seller, buyer }
    }
}

/// Keys delivered in a period, oldest first
#[utoipa::path(get, path = "/v1/audit/deliveries", tag = "audit", params(DeliveriesQuery), responses(
    (status = 200, description = "Deliveries, as the chain has them", body = PageView<Delivered>),
    refusals::Invalid, refusals::Other))]
pub(super) async fn list_audit_deliveries(
    State(app): State<Arc<App>>,
    Params(query): Params<DeliveriesQuery>,
) -> Result<Json<PageView<Delivered>>, Problem> {
    let period = period(query.from.as_deref(), query.to.as_deref())?;
    let list = List::new("deliveries", &[query.from.as_deref(), query.to.as_deref()]);
    let request = list.request(query.cursor.as_deref(), query.limit.as_deref())?;
    let read = app.read_model.read(move |kv| audit::deliveries(kv, &period, request));
    let page = read.await?.map(Delivered::from);
    Ok(Json(PageView::new(&list, page)))
}

/// Of which period and account, and which page.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct DownloadsQuery {
    /// The first day (in Korea) or time; it belongs to the period.
    from: Option<String>,
    /// The last day or time; it belongs to the period.
    to: Option<String>,
    /// Only downloads by this account.
    #[param(value_type = Option<AccountId>)]
    account: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Most items, 50 if not given.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<String>,
}

/// All downloads of sealed payloads; for auditors
#[utoipa::path(get, path = "/v1/audit/downloads", tag = "audit", security(("token" = [])), params(DownloadsQuery),
    responses(
    (status = 200, description = "Downloads, one item for each hour, by payload and then by time", body = PageView<Download>),
    refusals::Invalid, refusals::NotSignedIn, refusals::NotAllowed, refusals::Other))]
pub(super) async fn list_audit_downloads(
    State(app): State<Arc<App>>,
    SignedIn(account): SignedIn,
    Params(query): Params<DownloadsQuery>,
) -> Result<Json<PageView<Download>>, Problem> {
    let period = period(query.from.as_deref(), query.to.as_deref())?;
    let account_filter = optional("account", query.account.as_deref())?;
    let filter =
        DownloadFilter::new(&period, account_filter).map_err(|error| Problem::invalid(error.end, &error))?;
    let filters = [&query.from, &query.to, &query.account].map(|filter| filter.as_deref());
    let list = List::new("all-downloads", &filters);
    let request = list.request(query.cursor.as_deref(), query.limit.as_deref())?;
    let page = app.download_log.all(filter, account, request).await?;
    Ok(Json(PageView::new(&list, page)))
}
