//! Datasets: the list, one with what belongs to it, its lineage, and what was said and done about it.

// The derive of utoipa writes whole paths.
#![allow(unused_qualifications)]

use std::sync::Arc;

use axum::{extract::State, Json};
use serde::Deserialize;
use utoipa::IntoParams;
use wonbon_model::{
    json::{Attestation, Handover, Method, Version},
    AccountId, DatasetId, Hash,
};

use super::refusals;
use crate::{
    app::App,
    catalogue::{self, DatasetDetail, DatasetFilter, DatasetView, LineageView, Stored},
    protocol::{
        extract::{choice, optional, question, Params, PathParam},
        paging::{List, PageParams, PageView},
        Problem,
    },
    read_model::queries,
};

/// Filters of the datasets.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListDatasets {
    /// Words of the title, description, keywords, column names or owner.
    q: Option<String>,
    /// Only datasets that this company owns now.
    #[param(value_type = Option<AccountId>)]
    owner: Option<String>,
    /// Only datasets made in this way.
    #[param(value_type = Option<Method>)]
    method: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Most items, 50 if not given.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<String>,
}

/// Datasets
#[utoipa::path(get, path = "/v1/datasets", tag = "catalogue", params(ListDatasets), responses(
    (status = 200, description = "Datasets, newest first; with `q` the best matches first", body = PageView<DatasetView>),
    refusals::Invalid, refusals::Other))]
pub(super) async fn list_datasets(
    State(app): State<Arc<App>>,
    Params(query): Params<ListDatasets>,
) -> Result<Json<PageView<DatasetView>>, Problem> {
    let ListDatasets { q, owner, method, cursor, limit } = &query;
    let list = List::new("datasets", &[q, owner, method].map(Option::as_deref));
    let request = list.request(cursor.as_deref(), limit.as_deref())?;
    let question = question(q.as_deref())?;
    let filter = DatasetFilter {
        owner: optional("owner", owner.as_deref())?,
        method: choice("method", method.as_deref())?,
    };
    let read = app.read(move |catalogue| catalogue.datasets(&filter, question.as_ref(), &request));
    let mut page = read.await?;
    let draws = page.items.iter_mut().map(|view| (view.dataset.id, &mut view.draw));
    catalogue::confirm(&app.samples, draws).await;
    Ok(Json(PageView::new(&list, page)))
}

/// A dataset
#[utoipa::path(get, path = "/v1/datasets/{id}", tag = "catalogue",
    params(("id" = Hash, Path, description = "Dataset")), responses(
    (status = 200, description = "The dataset, its parents and its metadata document", body = DatasetDetail),
    refusals::Invalid, refusals::NotFound, refusals::Other))]
pub(super) async fn get_dataset(
    State(app): State<Arc<App>>,
    PathParam(id): PathParam<DatasetId>,
) -> Result<Json<DatasetDetail>, Problem> {
    let found = app.read(move |catalogue| catalogue.dataset_detail(id)).await?;
    let mut detail = found.ok_or_else(|| Problem::not_found("dataset"))?;
    detail.add(&Stored::find(&app.documents, &app.samples, &detail.view).await?);
    Ok(Json(detail))
}

/// What a dataset was made from, and what was made from it
#[utoipa::path(get, path = "/v1/datasets/{id}/lineage", tag = "catalogue",
    params(("id" = Hash, Path, description = "Dataset")), responses(
    (status = 200, description = "The lineage, at most 16 steps and 256 datasets each way", body = LineageView),
    refusals::Invalid, refusals::NotFound, refusals::Other))]
pub(super) async fn get_dataset_lineage(
    State(app): State<Arc<App>>,
    PathParam(id): PathParam<DatasetId>,
) -> Result<Json<LineageView>, Problem> {
    let read = app.read(move |catalogue| match queries::dataset(catalogue.kv, id)? {
        Some(_) => catalogue.lineage(id).map(Some),
        None => Ok(None),
    });
    read.await?.map(Json).ok_or_else(|| Problem::not_found("dataset"))
}

/// A dataset's new versions
#[utoipa::path(get, path = "/v1/datasets/{id}/versions", tag = "catalogue",
    params(("id" = Hash, Path, description = "Dataset"), PageParams), responses(
    (status = 200, description = "Versions by index", body = PageView<Version>),
    refusals::Invalid, refusals::Other))]
pub(super) async fn list_dataset_versions(
    State(app): State<Arc<App>>,
    PathParam(id): PathParam<DatasetId>,
    Params(page): Params<PageParams>,
) -> Result<Json<PageView<Version>>, Problem> {
    let list = List::new("dataset-versions", &[Some(&id.to_string())]);
    let request = list.request(page.cursor.as_deref(), page.limit.as_deref())?;
    let page = app.read(move |catalogue| queries::versions(catalogue.kv, id, &request)).await?;
    Ok(Json(PageView::new(&list, page.map(|found| found.json(Version::new)))))
}

/// How a dataset went from owner to owner
#[utoipa::path(get, path = "/v1/datasets/{id}/handovers", tag = "catalogue",
    params(("id" = Hash, Path, description = "Dataset"), PageParams), responses(
    (status = 200, description = "Handovers by index", body = PageView<Handover>),
    refusals::Invalid, refusals::Other))]
pub(super) async fn list_dataset_handovers(
    State(app): State<Arc<App>>,
    PathParam(id): PathParam<DatasetId>,
    Params(page): Params<PageParams>,
) -> Result<Json<PageView<Handover>>, Problem> {
    let list = List::new("dataset-handovers", &[Some(&id.to_string())]);
    let request = list.request(page.cursor.as_deref(), page.limit.as_deref())?;
    let page = app.read(move |catalogue| queries::handovers(catalogue.kv, id, &request)).await?;
    Ok(Json(PageView::new(&list, page.map(|found| found.json(Handover::new)))))
}

/// A dataset's attestations
#[utoipa::path(get, path = "/v1/datasets/{id}/attestations", tag = "catalogue",
    params(("id" = Hash, Path, description = "Dataset"), PageParams), responses(
    (status = 200, description = "Attestations by index", body = PageView<Attestation>),
    refusals::Invalid, refusals::Other))]
pub(super) async fn list_dataset_attestations(
    State(app): State<Arc<App>>,
    PathParam(id): PathParam<DatasetId>,
    Params(page): Params<PageParams>,
) -> Result<Json<PageView<Attestation>>, Problem> {
    let list = List::new("dataset-attestations", &[Some(&id.to_string())]);
    let request = list.request(page.cursor.as_deref(), page.limit.as_deref())?;
    let page = app.read(move |catalogue| queries::attestations(catalogue.kv, id, &request)).await?;
    Ok(Json(PageView::new(&list, page.map(|found| found.json(Attestation::new)))))
}
