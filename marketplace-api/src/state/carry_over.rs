//! Where the state is, and how it came there from a data folder of an earlier version.
//!
//! Earlier versions kept both kinds of rows in the read model's folder, as two tables. What only the service knows is
//! copied to a draft, which is renamed once it is whole; then both tables go, and the chain is read again. Killed at any
//! point, the next start goes on: as long as there is no state, the old table is whole; once there is one, it counts and
//! the old table does not.

use std::{fs::File, path::Path};

use crate::kv::{rows, Batch, KvError, KvStore, SledStore};

/// The table with what only the service knows.
const SERVICE_TABLE: &str = "service";
/// The table with what came from the chain.
const CHAIN_TABLE: &str = "chain";
/// What kind of row said that the chain's rows were being thrown away. They are by now.
const REBUILDING: u8 = 0x00;
/// Rows copied at once.
const COPIED_AT_ONCE: usize = 1024;

/// Opens the state in its folder, and carries over what an earlier version left in the read model.
pub fn open(folder: &Path, read_model: &SledStore) -> Result<SledStore, KvError> {
    if !folder.exists() {
        if let Some(earlier) = read_model.earlier_table(SERVICE_TABLE)? {
            carry_over(&earlier, folder)?;
            tracing::info!(folder = %folder.display(), "carried over the rows of an earlier version");
        }
    }
    let state = SledStore::open(folder)?;
    read_model.drop_earlier_table(SERVICE_TABLE)?;
    read_model.drop_earlier_table(CHAIN_TABLE)?;
    Ok(state)
}

fn carry_over(earlier: &dyn KvStore, folder: &Path) -> Result<(), KvError> {
    let failed = |error: std::io::Error| KvError::Engine(error.to_string());
    let draft = folder.with_extension("draft");
    if draft.exists() {
        std::fs::remove_dir_all(&draft).map_err(failed)?;
    }
    copy(earlier, &SledStore::open(&draft)?)?;
    let rename = || {
        File::open(&draft)?.sync_all()?;
        std::fs::rename(&draft, folder)?;
        File::open(folder.parent().unwrap_or(Path::new(".")))?.sync_all()
    };
    rename().map_err(failed)
}

fn copy(from: &dyn KvStore, to: &dyn KvStore) -> Result<(), KvError> {
    let mut batch = Batch::new();
    for row in rows(from, Vec::new(), None) {
        let (key, value) = row?;
        if key.first() != Some(&REBUILDING) {
            batch.put(key, value);
        }
        if batch.changes.len() == COPIED_AT_ONCE {
            to.write(std::mem::take(&mut batch))?;
        }
    }
    to.write(batch)
}
