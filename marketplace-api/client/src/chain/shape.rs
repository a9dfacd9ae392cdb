//! What a call or an event looks like to this client, to be compared with the chain's metadata.

use scale_info::MetaType;

/// A call or an event as this client reads and writes it.
pub(super) struct Shape {
    pub(super) pallet: &'static str,
    pub(super) name: &'static str,
    pub(super) fields: Vec<(&'static str, MetaType)>,
}
