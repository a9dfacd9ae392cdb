//! The hash chain of a dataset, computed again from its records.

use super::records::{Attestation, DatasetRecord};
use crate::{
    refusal::{BadPosition, Invalid},
    value::Hex,
};
use wonbon_primitives::{record, DatasetId, Digest};

/// The hash chain of a dataset, as its records give it.
pub(super) struct History<'a> {
    id: &'a DatasetId,
    record: &'a DatasetRecord,
    first: Digest,
    entries: Vec<(u32, Digest)>,
}

impl<'a> History<'a> {
    /// With what the dataset's own record and its parents give.
    pub(super) fn new(id: &'a DatasetId, record: &'a DatasetRecord, parents: &[record::Parent]) -> Self {
        let first = record::first_head(id, record, parents);
        let mut history = Self { id, record, first, entries: Vec::new() };
        if let Some(withdrawal) = &record.withdrawn {
            history.add(withdrawal.position, record::withdrawal_entry(id, withdrawal));
        }
        if let Some(answer) = &record.sample {
            history.add(answer.position, record::sample_entry(id, answer));
        }
        history
    }

    pub(super) fn add(&mut self, position: u32, entry: Digest) {
        self.entries.push((position, entry));
    }

    /// An attestation has one place, and one more if it was revoked.
    pub(super) fn attestation(&mut self, index: u32, attestation: &Attestation) {
        let made = Attestation { revoked: None, ..attestation.clone() };
        self.add(made.position, record::attestation_entry(self.id, index, &made));
        if let Some(revocation) = &attestation.revoked {
            self.add(revocation.position, record::attestation_entry(self.id, index, attestation));
        }
    }

    pub(super) fn check(mut self) -> Result<(), Invalid> {
        self.entries.sort_unstable();
        let dataset = Hex(self.id.0);
        let records = self.record.records;
        let wrong = |position, what| Invalid::Positions { dataset, records, position, what };
        let mut next = 0u32;
        for (position, _) in &self.entries {
            if *position < next {
                return Err(wrong(*position, BadPosition::Taken));
            }
            if next >= records {
                return Err(wrong(*position, BadPosition::Beyond));
            }
            if *position > next {
                return Err(wrong(next, BadPosition::Empty));
            }
            next += 1;
        }
        if next < records {
            return Err(wrong(next, BadPosition::Empty));
        }
        let head = self.entries.iter().fold(self.first, |head, (_, entry)| record::next_head(&head, entry));
        check_head(dataset, head, self.record.head)
    }
}

pub(super) fn check_head(dataset: Hex, found: Digest, expected: Digest) -> Result<(), Invalid> {
    if found == expected {
        Ok(())
    } else {
        Err(Invalid::HashChain { dataset, expected: expected.into(), found: found.into() })
    }
}
