//! Pages for people, rendered on the server and usable without script.

use std::sync::Arc;

use axum::Router;

use crate::http::App;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
}
