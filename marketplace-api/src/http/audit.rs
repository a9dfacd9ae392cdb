//! The auditor's view. Public facts need no role; who downloaded what is for auditors.

use std::collections::BTreeMap;

use axum::{body::Body, extract::State, response::IntoResponse, Json};
use futures::{StreamExt, TryStreamExt};
use serde::Deserialize;
use utoipa::IntoParams;
use wonbon_audit::{export, ThresholdOverrides, Thresholds};
use wonbon_model::{json::Download, AccountId};

use super::{attachment, lists::list_params, refusals, Answer, Listed, Service};
use crate::{
    audit::{self, ActFilter, DownloadFilter, Export},
    protocol::{
        extract::{optional, period, Params, SignedIn},
        paging::PageView,
        Problem,
    },
    read_model::queries::{ActEntry, DeliveredKey},
    sign_in::rights,
};

wonbon_model::word_enum! {
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

wonbon_model::word_enum! {
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
pub(super) async fn get_audit_ledger(State(app): Service, Params(query): Params<LedgerQuery>) -> Answer {
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
    Ok(attachment(format.media_type(), &name, Body::from_stream(stream)).into_response())
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
                Ok(false) => return Err(Problem::invalid(name, format!("there is no parameter `{name}`"))),
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
pub(super) async fn get_audit_report(State(app): Service, Params(query): Params<ReportQuery>) -> Answer {
    let period = period(query.from.as_deref(), query.to.as_deref())?;
    let thresholds = query.thresholds()?;
    let format = optional("format", query.format.as_deref())?;
    let report = app.reports.make(period, thresholds).await?;
    if format != Some(ReportFormat::Csv) {
        return Ok(Json(report).into_response());
    }
    let mut body = Vec::new();
    export::findings_csv(&report, &mut body).map_err(Problem::internal)?;
    Ok(attachment(export::Format::Csv.media_type(), "wonbon-findings.csv", body).into_response())
}

list_params! {
    /// Of which period, and which page.
    DeliveriesQuery {
        /// The first block, day (in Korea) or time; it belongs to the period.
        from: String,
        /// The last block, day or time; it belongs to the period.
        to: String,
    }
}

/// Keys delivered in a period, oldest first
#[utoipa::path(get, path = "/v1/audit/deliveries", tag = "audit", params(DeliveriesQuery), responses(
    (status = 200, description = "Deliveries, as the chain has them", body = PageView<DeliveredKey>),
    refusals::Invalid, refusals::Other))]
pub(super) async fn list_audit_deliveries(
    State(app): Service,
    Params(query): Params<DeliveriesQuery>,
) -> Listed<DeliveredKey> {
    let period = period(query.from.as_deref(), query.to.as_deref())?;
    let (list, request) = query.page("deliveries")?;
    let page = app.read_model.read(move |kv| audit::deliveries(kv, &period, request)).await?;
    Ok(Json(PageView::new(&list, page)))
}

list_params! {
    /// Of which period and account, and which page.
    DownloadsQuery {
        /// The first day (in Korea) or time; it belongs to the period.
        from: String,
        /// The last day or time; it belongs to the period.
        to: String,
        /// Only downloads by this account.
        account: AccountId,
    }
}

/// All downloads of sealed payloads; for auditors
#[utoipa::path(get, path = "/v1/audit/downloads", tag = "audit", security(("token" = [])), params(DownloadsQuery),
    responses(
    (status = 200, description = "Downloads, one item for each hour, by payload and then by time", body = PageView<Download>),
    refusals::Invalid, refusals::NotPermitted, refusals::Other))]
pub(super) async fn list_audit_downloads(
    State(app): Service,
    SignedIn { account, .. }: SignedIn<rights::Look>,
    Params(query): Params<DownloadsQuery>,
) -> Listed<Download> {
    let period = period(query.from.as_deref(), query.to.as_deref())?;
    let filter = DownloadFilter::new(period, optional("account", query.account.as_deref())?)?;
    let (list, request) = query.page("all-downloads")?;
    let page = app.download_log.all(filter, account, request).await?;
    Ok(Json(PageView::new(&list, page)))
}

list_params! {
    /// Of which period, company and member, and which page.
    ActsQuery {
        /// The first block, day (in Korea) or time; it belongs to the period.
        from: String,
        /// The last block, day or time; it belongs to the period.
        to: String,
        /// Only acts for this company.
        company: AccountId,
        /// Only acts by this account.
        member: AccountId,
    }
}

/// Which member acted for which company, oldest first; for auditors
#[utoipa::path(get, path = "/v1/audit/acts", tag = "audit", security(("token" = [])), params(ActsQuery), responses(
    (status = 200, description = "Transactions of members, as the chain has them", body = PageView<ActEntry>),
    refusals::Invalid, refusals::NotPermitted, refusals::Other))]
pub(super) async fn list_audit_acts(
    State(app): Service,
    SignedIn { account, .. }: SignedIn<rights::Look>,
    Params(query): Params<ActsQuery>,
) -> Listed<ActEntry> {
    let filter = ActFilter {
        period: period(query.from.as_deref(), query.to.as_deref())?,
        company: optional("company", query.company.as_deref())?,
        member: optional("member", query.member.as_deref())?,
    };
    let (list, request) = query.page("acts")?;
    let page = app.read_model.read(move |kv| audit::acts(kv, &filter, account, request)).await?;
    Ok(Json(PageView::new(&list, page)))
}
