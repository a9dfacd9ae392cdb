//! How the service is doing.

use axum::{extract::State, http::StatusCode, Json};
use serde::Serialize;
use utoipa::ToSchema;
use wonbon_model::Hash;

use super::{refusals, Service};
use crate::protocol::Problem;

wonbon_model::word_enum! {
    /// How the service is doing, in a word.
    pub(super) enum HealthStatus {
        /// Nearly every finalized block is applied.
        Ok = "ok",
        /// Blocks are still being applied.
        CatchingUp = "catching-up",
        /// The chain does not answer.
        ChainUnreachable = "chain-unreachable",
    }
}

/// How the service is doing.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Health {
    /// Whether answers are of now.
    pub status: HealthStatus,
    /// Version of the service.
    pub version: &'static str,
    /// Genesis hash of the chain, once it was reached.
    pub genesis: Option<Hash>,
    /// Whether the chain answers.
    pub chain_connected: bool,
    /// Number of the block applied last.
    pub applied: Option<u32>,
    /// Hash of the block applied last.
    pub applied_hash: Option<Hash>,
    /// Number of the newest finalized block that is known.
    pub finalized: Option<u32>,
    /// Finalized blocks that are not applied yet.
    pub lag: Option<u32>,
    /// Bytes of the read model on disk.
    pub read_model_bytes: u64,
    /// Most bytes of an upload.
    pub max_upload: u64,
}

/// How the service is doing
///
/// Answers 503 while the catalogue is not up to date; it can be read all the same.
#[utoipa::path(get, path = "/health", tag = "service", responses(
    (status = 200, description = "The catalogue is up to date", body = Health),
    (status = 503, description = "The chain is not reached, or blocks are still being applied", body = Health),
    refusals::Other))]
pub(super) async fn get_health(State(app): Service) -> Result<(StatusCode, Json<Health>), Problem> {
    let progress = app.status.progress();
    let read_model_bytes = app.read_model.run(|kv| kv.size_on_disk()).await?;
    let lag = progress.lag();
    let status = match (progress.connected, progress.is_up_to_date()) {
        (false, _) => HealthStatus::ChainUnreachable,
        (true, true) => HealthStatus::Ok,
        (true, false) => HealthStatus::CatchingUp,
    };
    let code = if status == HealthStatus::Ok { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let health = Health {
        status,
        version: env!("CARGO_PKG_VERSION"),
        genesis: progress.genesis,
        chain_connected: progress.connected,
        applied: progress.applied.map(|block| block.height),
        applied_hash: progress.applied.map(|block| Hash(block.hash)),
        finalized: progress.finalized.map(|block| block.height),
        lag,
        read_model_bytes,
        max_upload: app.payloads.limits.max_upload,
    };
    Ok((code, Json(health)))
}
