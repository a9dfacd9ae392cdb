//! Applications for companies: handed in by anybody who signed one, seen by the registrar and by who applied.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    Json,
};
use wonbon_model::{Application, Hash};

use super::{lists::list_params, refusals, Answer, Found, Listed, Service};
use crate::{
    app::App,
    applications::{ApplicationError, ApplicationState, ApplicationView},
    clock::now_ms,
    protocol::{
        extract::{self, optional, Params, PathParam, SignedIn},
        paging::PageView,
        Problem,
    },
    sign_in::rights,
};

/// Hand in an application
///
/// It is taken if the chain would take it now; who applies needs no token, account or money. An account has one open
/// application; the same one again is answered as it was before.
#[utoipa::path(post, path = "/v1/applications", tag = "applications", request_body = Application, responses(
    (status = 200, description = "It was handed in before", body = ApplicationView),
    (status = 201, description = "The registrar sees it now", body = ApplicationView),
    refusals::Invalid, refusals::Conflict, refusals::BadBody, refusals::Unprocessable, refusals::TooMany,
    refusals::Unavailable, refusals::Other))]
pub(super) async fn create_application(
    State(app): Service,
    extract::Json(application): extract::Json<Application>,
) -> Answer<Response> {
    let (view, new) = app.applications.hand_in(application, now_ms()).await?;
    let status = if new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(view)).into_response())
}

list_params! {
    /// Which applications, and which page.
    ListApplications {
        /// Only applications of which this became.
        state: ApplicationState,
    }
}

/// Applications; for the registrar's clerks
#[utoipa::path(get, path = "/v1/applications", tag = "applications", security(("token" = [])),
    params(ListApplications), responses(
    (status = 200, description = "Applications, by digest", body = PageView<ApplicationView>),
    refusals::Invalid, refusals::NotPermitted, refusals::Other))]
pub(super) async fn list_applications(
    State(app): Service,
    caller: SignedIn<rights::Look>,
    Params(query): Params<ListApplications>,
) -> Listed<ApplicationView> {
    if !app.applications.is_registrar(caller.signer()).await? {
        return Err(ApplicationError::NotTheRegistrar.into());
    }
    let state = optional("state", query.state.as_deref())?;
    let (list, request) = query.page("applications")?;
    Ok(Json(PageView::new(&list, app.applications.list(state, request).await?)))
}

/// An application that the caller may see: their own, or any if they are the registrar's.
async fn find(app: &App, caller: SignedIn<rights::Look>, digest: Hash) -> Answer<ApplicationView> {
    let found = app.applications.get(digest).await?;
    let own = found.as_ref().is_some_and(|found| found.application.account == caller.signer());
    let seen = own || app.applications.is_registrar(caller.signer()).await?;
    found.filter(|_| seen).ok_or_else(|| Problem::not_found("application"))
}

/// An application; for who applied and for the registrar's clerks
#[utoipa::path(get, path = "/v1/applications/{digest}", tag = "applications", security(("token" = [])),
    params(("digest" = Hash, Path, description = "What was signed")), responses(
    (status = 200, description = "The application, with what became of it", body = ApplicationView),
    refusals::Invalid, refusals::NotPermitted, refusals::NotFound, refusals::Other))]
pub(super) async fn get_application(
    State(app): Service,
    PathParam(digest): PathParam<Hash>,
    caller: SignedIn<rights::Look>,
) -> Found<ApplicationView> {
    find(&app, caller, digest).await.map(Json)
}

/// Take an application back, or turn it away; for who applied and for the registrar's clerks
#[utoipa::path(delete, path = "/v1/applications/{digest}", tag = "applications", security(("token" = [])),
    params(("digest" = Hash, Path, description = "What was signed")), responses(
    (status = 204, description = "Removed here; the chain would still take it from whoever has it"),
    refusals::Invalid, refusals::NotPermitted, refusals::NotFound, refusals::Other))]
pub(super) async fn delete_application(
    State(app): Service,
    PathParam(digest): PathParam<Hash>,
    caller: SignedIn<rights::Look>,
) -> Answer<StatusCode> {
    let found = find(&app, caller, digest).await?;
    app.applications.remove(found).await?;
    Ok(StatusCode::NO_CONTENT)
}
