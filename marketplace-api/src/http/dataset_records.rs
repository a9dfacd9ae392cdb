//! What was said and done about one dataset, by number, and what may be made of it.

// The derive of utoipa writes whole paths.
#![allow(unused_qualifications)]

use std::sync::Arc;

use axum::{extract::State, Json};

use super::{
    cursor::List,
    extract::{Params, PathParam},
    lists::PageParams,
    refused,
    views::PageView,
    App, Problem,
};
use crate::{
    model::{Account, DeriveRight, Handover, Hash, Version},
    read_model::queries,
};

/// A dataset's new versions
#[utoipa::path(get, path = "/v1/datasets/{id}/versions", tag = "catalogue",
    params(("id" = Hash, Path, description = "Dataset"), PageParams), responses(
    (status = 200, description = "Versions by index", body = PageView<Version>),
    refused::Invalid, refused::Other))]
pub(super) async fn list_dataset_versions(
    State(app): State<Arc<App>>,
    PathParam(id): PathParam<Hash>,
    Params(page): Params<PageParams>,
) -> Result<Json<PageView<Version>>, Problem> {
    let list = List::new("dataset-versions", &[Some(&id.to_string())]);
    let request = list.request(page.cursor.as_deref(), page.limit.as_deref())?;
    let page = app.read_model.run(move |kv| queries::versions(kv, id, &request)).await?;
    Ok(Json(PageView::new(&list, page)))
}

/// How a dataset went from owner to owner
#[utoipa::path(get, path = "/v1/datasets/{id}/handovers", tag = "catalogue",
    params(("id" = Hash, Path, description = "Dataset"), PageParams), responses(
    (status = 200, description = "Handovers by index", body = PageView<Handover>),
    refused::Invalid, refused::Other))]
pub(super) async fn list_dataset_handovers(
    State(app): State<Arc<App>>,
    PathParam(id): PathParam<Hash>,
    Params(page): Params<PageParams>,
) -> Result<Json<PageView<Handover>>, Problem> {
    let list = List::new("dataset-handovers", &[Some(&id.to_string())]);
    let request = list.request(page.cursor.as_deref(), page.limit.as_deref())?;
    let page = app.read_model.run(move |kv| queries::handovers(kv, id, &request)).await?;
    Ok(Json(PageView::new(&list, page)))
}

/// What a company may sell that it makes from others' datasets
#[utoipa::path(get, path = "/v1/participants/{account}/derive-rights", tag = "catalogue",
    params(("account" = Account, Path, description = "Account"), PageParams), responses(
    (status = 200, description = "Rights that it bought, by dataset", body = PageView<DeriveRight>),
    refused::Invalid, refused::Other))]
pub(super) async fn list_participant_derive_rights(
    State(app): State<Arc<App>>,
    PathParam(account): PathParam<Account>,
    Params(page): Params<PageParams>,
) -> Result<Json<PageView<DeriveRight>>, Problem> {
    let list = List::new("derive-rights", &[Some(&account.to_string())]);
    let request = list.request(page.cursor.as_deref(), page.limit.as_deref())?;
    let page = app.read_model.run(move |kv| queries::derive_rights(kv, account, &request)).await?;
    Ok(Json(PageView::new(&list, page)))
}
