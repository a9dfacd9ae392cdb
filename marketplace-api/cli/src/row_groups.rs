//! Row groups of a Parquet file that are to be shown, and the blocks that show them.

use std::collections::BTreeSet;
use std::ops::{Range, RangeInclusive};
use std::path::Path;

use wonbon_primitives::bounds::{BLOCK_SIZE, MAX_SAMPLE};
use wonbon_profile::parquet;

use crate::data_file::{no_profile, open};
use crate::exit::{Failure, Result};
use crate::ranges;

/// Which part of a Parquet file is meant.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// The row groups that hold these rows; the first row is row 1.
    Rows(RangeInclusive<u64>),
    /// These row groups, counted from 0.
    Groups(Vec<u64>),
}

/// Row groups of a Parquet file, and what shows them.
#[derive(Clone, Debug)]
pub struct FoundGroups {
    /// The groups, counted from 0.
    pub groups: Vec<u64>,
    /// The blocks that hold all bytes of their columns, and the footer.
    pub blocks: Vec<u64>,
    /// Their rows, all of which become visible.
    pub rows: Vec<Range<u64>>,
}

impl FoundGroups {
    /// Which rows become visible.
    pub fn in_words(&self) -> String {
        let groups = ranges::list(ranges::joined(&self.groups).into_iter());
        let rows = ranges::list(self.rows.iter().cloned());
        format!(
            "A Parquet file shows whole row groups: group {groups}, with rows {rows}. With the footer the names, ranges \
             and counts of all columns in all groups become visible."
        )
    }
}

/// Finds row groups of a Parquet file, and the blocks that show them.
pub fn find_groups(path: &Path, wanted: &Wanted) -> Result<FoundGroups> {
    let parquet::Groups { groups, footer } =
        parquet::groups(open(path)?).map_err(|error| no_profile(path, error))?;
    let refused = |text: String| Failure::refused(format!("{} {text}", path.display()));
    let all = groups.last().map_or(0, |last| last.rows.end - 1);
    let picked: Vec<u64> = match wanted {
        Wanted::Rows(rows) if *rows.start() == 0 || *rows.end() > all => {
            return Err(refused(format!("has rows 1 to {all}")));
        }
        Wanted::Rows(rows) => {
            let meant =
                |group: &parquet::Group| group.rows.start <= *rows.end() && group.rows.end > *rows.start();
            (0..).zip(&groups).filter(|(_, group)| meant(group)).map(|(index, _)| index).collect()
        }
        Wanted::Groups(picked) => picked.clone(),
    };
    let mut blocks: BTreeSet<u64> = BTreeSet::new();
    let mut rows = Vec::new();
    let mut add = |span: &Range<u64>| {
        let covered = span.start / BLOCK_SIZE..span.end.div_ceil(BLOCK_SIZE);
        let most = u64::from(MAX_SAMPLE);
        let count = blocks.len() as u64 + (covered.end - covered.start);
        // Twice as many are looked at, since spans share blocks, and no more: a footer may say anything.
        if count > 2 * most {
            return false;
        }
        blocks.extend(covered);
        blocks.len() as u64 <= most
    };
    let large = || {
        refused(format!(
            "has larger row groups than a sample or a proof may show: they take more than {MAX_SAMPLE} blocks"
        ))
        .advise("write the file with smaller row groups before it is published")
    };
    for index in &picked {
        let group = usize::try_from(*index).ok().and_then(|index| groups.get(index));
        let group =
            group.ok_or_else(|| refused(format!("has {} row groups, counted from 0", groups.len())))?;
        if !group.spans.iter().filter(|span| !span.is_empty()).all(&mut add) {
            return Err(large());
        }
        if !group.rows.is_empty() {
            rows.push(group.rows.clone());
        }
    }
    if !add(&footer) {
        return Err(large());
    }
    Ok(FoundGroups { groups: picked, blocks: blocks.into_iter().collect(), rows })
}
