//! Datasets: the list, one with what belongs to it, its lineage, and what was said and done about it.

use axum::{extract::State, Json};
use wonbon_model::{
    json::{Attestation, Handover, Method, Version},
    AccountId, DatasetId, Hash,
};

use super::{lists::list_params, refusals, Found, Listed, Service};
use crate::{
    catalogue::{self, DatasetDetail, DatasetFilter, DatasetView},
    protocol::{
        extract::{choice, optional, question, Params, PathParam},
        paging::{PageParams, PageView},
        Problem,
    },
    read_model::queries::{self, Lineage},
};

list_params! {
    /// Filters of the datasets.
    ListDatasets {
        /// Words of the title, description, keywords, column names or owner.
        q: String,
        /// Only datasets that this company owns now.
        owner: AccountId,
        /// Only datasets made in this way.
        method: Method,
    }
}

/// Datasets
#[utoipa::path(get, path = "/v1/datasets", tag = "catalogue", params(ListDatasets), responses(
    (status = 200, description = "Datasets, newest first; with `q` the best matches first", body = PageView<DatasetView>),
    refusals::Invalid, refusals::Other))]
pub(super) async fn list_datasets(
    State(app): Service,
    Params(query): Params<ListDatasets>,
) -> Listed<DatasetView> {
    let (list, request) = query.page("datasets")?;
    let question = question(query.q.as_deref())?;
    let filter = DatasetFilter {
        owner: optional("owner", query.owner.as_deref())?,
        method: choice("method", query.method.as_deref())?,
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
    State(app): Service,
    PathParam(id): PathParam<DatasetId>,
) -> Found<DatasetDetail> {
    let found = app.read(move |catalogue| catalogue.dataset_detail(id)).await?;
    let mut detail = found.ok_or_else(|| Problem::not_found("dataset"))?;
    detail.add_stored(&app.documents, &app.samples).await?;
    Ok(Json(detail))
}

/// What a dataset was made from, and what was made from it
#[utoipa::path(get, path = "/v1/datasets/{id}/lineage", tag = "catalogue",
    params(("id" = Hash, Path, description = "Dataset")), responses(
    (status = 200, description = "The lineage, at most 16 steps and 256 datasets each way", body = Lineage),
    refusals::Invalid, refusals::NotFound, refusals::Other))]
pub(super) async fn get_dataset_lineage(
    State(app): Service,
    PathParam(id): PathParam<DatasetId>,
) -> Found<Lineage> {
    let read = app.read(move |catalogue| match queries::dataset(catalogue.kv, id)? {
        Some(_) => catalogue.lineage(id).map(Some),
        None => Ok(None),
    });
    read.await?.map(Json).ok_or_else(|| Problem::not_found("dataset"))
}

/// Declares lists of what stands beside a dataset: the handler, its address, what is listed, and the query for it.
macro_rules! lists_of_dataset {
    ($($(#[$doc:meta])+ $name:ident: $path:literal, $list:literal, $what:literal, $view:ident by $query:ident;)+) => { $(
        $(#[$doc])+
        #[utoipa::path(get, path = $path, tag = "catalogue",
            params(("id" = Hash, Path, description = "Dataset"), PageParams), responses(
            (status = 200, description = $what, body = PageView<$view>),
            refusals::Invalid, refusals::Other))]
        pub(super) async fn $name(
            State(app): Service,
            PathParam(id): PathParam<DatasetId>,
            Params(params): Params<PageParams>,
        ) -> Listed<$view> {
            let (list, request) = params.page_of($list, id)?;
            let page = app.read(move |catalogue| queries::$query(catalogue.kv, id, &request)).await?;
            Ok(Json(PageView::new(&list, page.map(|found| found.json($view::new)))))
        }
    )+ };
}

lists_of_dataset! {
    /// A dataset's new versions
    list_dataset_versions: "/v1/datasets/{id}/versions", "dataset-versions", "Versions by index",
        Version by versions;
    /// How a dataset went from owner to owner
    list_dataset_handovers: "/v1/datasets/{id}/handovers", "dataset-handovers", "Handovers by index",
        Handover by handovers;
    /// A dataset's attestations
    list_dataset_attestations: "/v1/datasets/{id}/attestations", "dataset-attestations", "Attestations by index",
        Attestation by attestations;
}
