//! How values read on a page: as the model says them.

pub(super) use wonbon_model::words::{
    amount::{number, share, won},
    short,
    size::bytes,
    time::block_in_korea as time,
};
