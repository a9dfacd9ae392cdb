//! What the council has decided for everybody, and everybody should know before they order.

use axum::{extract::State, Json};
use serde::Serialize;
use utoipa::ToSchema;
use wonbon_model::Hash;

use super::{refusals, Found, Service};
use crate::read_model::{applied, queries};

/// An upgrade of the chain that is to come: from then on its rules may be others.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = AnnouncedUpgrade)]
pub(super) struct UpgradeView {
    /// BLAKE2b-256 of the new runtime's code.
    pub code_hash: Hash,
    /// Block in which it was announced.
    pub announced_at: u32,
    /// First block that may carry the code.
    pub due: u32,
}

/// What holds for everybody who would order now.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Notices {
    /// Number of the block applied last, as of which this is.
    pub at: Option<u32>,
    /// Whether the council has stopped new orders. Open orders go on.
    pub orders_stopped: bool,
    /// The upgrade that is announced, if one is. Orders that would run past it should not be placed.
    pub upgrade: Option<UpgradeView>,
}

/// What everybody should know before they order
#[utoipa::path(get, path = "/v1/notices", tag = "catalogue", responses(
    (status = 200, description = "Whether new orders are stopped, and whether an upgrade of the chain is announced",
        body = Notices),
    refusals::Other))]
pub(super) async fn get_notices(State(app): Service) -> Found<Notices> {
    let read = app.read(|catalogue| {
        let upgrade = queries::upgrade(catalogue.kv)?.map(|upgrade| UpgradeView {
            code_hash: Hash(upgrade.code_hash),
            announced_at: upgrade.announced_at,
            due: upgrade.due,
        });
        let at = applied(catalogue.kv)?.map(|block| block.height);
        Ok(Notices { at, orders_stopped: queries::orders_stopped(catalogue.kv)?, upgrade })
    });
    Ok(Json(read.await?))
}
