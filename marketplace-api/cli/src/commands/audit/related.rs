//! An auditor's own list of companies that belong together.

use std::collections::BTreeSet;
use std::path::Path;

use wonbon_audit::RelatedList;
use wonbon_model::AccountId;

use crate::exit::{Failure, Result};
use crate::files::read_at_most;
use crate::output::table::clean;

/// The longest list that is read, in bytes.
const MAX_LIST_BYTES: u64 = 16 << 20;

/// Reads the auditor's own list: group, account.
fn related_lists(text: &str) -> Result<Vec<RelatedList>, String> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .trim(csv::Trim::All)
        .comment(Some(b'#'))
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let mut lists: Vec<RelatedList> = Vec::new();
    for (number, record) in reader.records().enumerate() {
        let record = record.map_err(|error| error.to_string())?;
        let (Some(group), Some(account), 2) = (record.get(0), record.get(1), record.len()) else {
            return Err(format!("line {}: expected a group and an account", number + 1));
        };
        let account = match account.parse::<AccountId>() {
            Ok(account) => account,
            // The first line may be a header.
            Err(_) if number == 0 => continue,
            Err(error) => return Err(format!("line {}: \"{}\": {error}", number + 1, clean(account))),
        };
        match lists.iter_mut().find(|list| list.name == group) {
            Some(list) => {
                list.members.insert(account);
            }
            None => lists.push(RelatedList { name: group.to_owned(), members: BTreeSet::from([account]) }),
        }
    }
    Ok(lists)
}

pub(super) fn read_related(path: &Path) -> Result<Vec<RelatedList>> {
    let refused = |reason: String| Failure::refused(format!("{}: {reason}", path.display()));
    let bytes = read_at_most(path, MAX_LIST_BYTES).map_err(|error| refused(error.to_string()))?;
    if bytes.len() as u64 > MAX_LIST_BYTES {
        return Err(refused(format!("longer than {MAX_LIST_BYTES} bytes")));
    }
    let text = String::from_utf8(bytes).map_err(|error| refused(error.to_string()))?;
    related_lists(&text).map_err(refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_auditor_s_list_is_read() {
        let (one, two) = (AccountId([1; 32]), AccountId([2; 32]));
        let text =
            format!("\u{feff}group,account\r\n# 한빛\r\n한빛, {one}\r\n한빛,{two}\r\n\"a, b\",{one}\r\n");
        let lists = related_lists(&text).unwrap();
        assert_eq!(lists.len(), 2);
        assert_eq!(lists[0], RelatedList { name: "한빛".to_owned(), members: [one, two].into() });
        assert_eq!(lists[1].name, "a, b");
        assert_eq!(related_lists(""), Ok(vec![]));
        for bad in [format!("a,{one}\nb,5xyz"), format!("a,{one},c"), format!("a,{one}\nb")] {
            assert!(related_lists(&bad).is_err(), "{bad}");
        }
    }
}
