//! The whole service as one router: [`crate::http`], [`crate::pages`], and what every request passes through
//! ([`layers`]).

mod body_timeout;
pub(crate) mod layers;

use std::sync::Arc;

use axum::{
    extract::State,
    http::{header, StatusCode, Uri},
    response::IntoResponse,
    routing::get,
    Router,
};
use metrics_exporter_prometheus::PrometheusHandle;

use crate::{app::App, http, pages, protocol::Problem};

/// Endpoints and pages, over the parts of a service.
pub fn router(app: Arc<App>) -> Router {
    let router = http::routes()
        .merge(pages::routes())
        .fallback(no_such_route)
        .method_not_allowed_fallback(no_such_method)
        .with_state(app);
    layers::add(router)
}

/// `/metrics`, for an address of its own: figures are no public matter and no part of the interface.
pub fn metrics_router(metrics: PrometheusHandle) -> Router {
    let router = Router::new().route("/metrics", get(get_metrics));
    layers::add(router.fallback(no_such_route).with_state(metrics))
}

async fn get_metrics(State(metrics): State<PrometheusHandle>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], metrics.render())
}

async fn no_such_route(uri: Uri) -> impl IntoResponse {
    let detail = format!("There is nothing at {}.", uri.path());
    Problem::new(StatusCode::NOT_FOUND, "no-such-route", "Not found", detail)
}

async fn no_such_method() -> impl IntoResponse {
    let detail = "This address does not have this method; the header Allow names those that it has.";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "no-such-method", "Method not allowed", detail)
}
