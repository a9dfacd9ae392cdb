//! Pages of a list with the best matches first.
//!
//! A list is gone through newest first, in windows of as many rows as one request may look at; within a window the
//! best come first, and of equals the newest. A catalogue that fits into a window is in one order from the best to
//! the last. The cursor names the window by where it begins, and the last item by its score and its key: scores do not
//! change, so items that appear or vanish meanwhile neither repeat nor hide another.

use std::cell::RefCell;

use codec::{Decode, DecodeAll, Encode};

use crate::read_model::queries::{Page, PageRequest, MAX_EXAMINED_ROWS};

/// Where a page begins.
#[derive(Clone, Debug, Default, Encode, Decode)]
struct Place {
    /// The index key behind which the window begins.
    window: Option<Vec<u8>>,
    /// Score and index key of the last item.
    last: Option<(u32, Vec<u8>)>,
}

/// Whether a list is to have an item, which comes with its key in the list's index.
pub type Keep<'a, T, E> = dyn Fn(&[u8], &T) -> Result<bool, E> + 'a;

/// A page of the best matches. `list` is the list, and calls the function that it is given for every row, in order,
/// from the greatest key to the least.
pub fn page<T, E>(
    request: &PageRequest,
    score: impl Fn(&T) -> Result<Option<u32>, E>,
    list: impl FnOnce(&PageRequest, &Keep<'_, T, E>) -> Result<Page<T>, E>,
) -> Result<Page<T>, E> {
    let place = match &request.after {
        None => Place::default(),
        Some(after) => match Place::decode_all(&mut &after[..]) {
            Ok(place) => place,
            // No cursor of ours: there is nothing behind it.
            Err(_) => return Ok(Page { items: Vec::new(), next: None }),
        },
    };
    let (first, scores) = (RefCell::new(None), RefCell::new(Vec::new()));
    let keep = |key: &[u8], item: &T| {
        first.borrow_mut().get_or_insert_with(|| key.to_vec());
        let score = score(item)?;
        scores.borrow_mut().extend(score.map(|score| (score, key.to_vec())));
        Ok(score.is_some())
    };
    let window = PageRequest { after: place.window.clone(), limit: MAX_EXAMINED_ROWS };
    let found = list(&window, &keep)?;
    let mut ranked: Vec<_> = scores.into_inner().into_iter().zip(found.items).collect();
    ranked.sort_by(|(one, _), (other, _)| other.cmp(one));
    if let Some(last) = &place.last {
        ranked.retain(|(rank, _)| rank < last);
    }
    let more = ranked.len() > request.limit;
    ranked.truncate(request.limit);
    let next = match (more, ranked.last(), found.next) {
        (true, Some((last, _)), _) => {
            // The first window begins at the row that was first: newer ones do not move its end.
            let begin = |key: Vec<u8>| [&key[..], &[0]].concat();
            let window = place.window.or_else(|| first.take().map(begin));
            Some(Place { window, last: Some(last.clone()) })
        }
        (_, _, Some(end)) => Some(Place { window: Some(end), last: None }),
        _ => None,
    };
    let items = ranked.into_iter().map(|(_, item)| item).collect();
    Ok(Page { items, next: next.map(|place| place.encode()) })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    /// A list of numbers with scores, greatest number first, with windows of a few rows.
    struct Numbers(BTreeMap<u32, u32>);

    const WINDOW: usize = 7;

    impl Numbers {
        fn list(&self, request: &PageRequest, keep: &Keep<'_, u32, ()>) -> Result<Page<u32>, ()> {
            let before = |number: &u32| {
                request.after.as_ref().is_none_or(|after| number.to_be_bytes().as_slice() < after.as_slice())
            };
            let rows: Vec<u32> = self.0.keys().rev().copied().filter(before).collect();
            let next = rows.get(WINDOW).map(|_| rows[WINDOW - 1].to_be_bytes().to_vec());
            let mut items = Vec::new();
            for row in rows.iter().take(WINDOW) {
                if keep(&row.to_be_bytes(), row)? {
                    items.push(*row);
                }
            }
            Ok(Page { items, next })
        }

        fn page(&self, after: Option<Vec<u8>>, limit: usize) -> Page<u32> {
            let score = |number: &u32| Ok(self.0.get(number).copied().filter(|score| *score > 0));
            page(&PageRequest { after, limit }, score, |window, keep| self.list(window, keep)).unwrap()
        }
    }

    #[test]
    fn the_best_come_first_and_of_equals_the_newest() {
        let numbers = Numbers([(1, 5), (2, 0), (3, 9), (4, 5)].into());
        let all = numbers.page(None, 10);
        assert_eq!((all.items, all.next), (vec![3, 4, 1], None));
        for odd in [vec![], vec![7; 3], vec![0xff; 40]] {
            assert!(numbers.page(Some(odd), 10).items.is_empty());
        }
    }

    proptest! {
        #[test]
        fn every_match_comes_once_whatever_appears_meanwhile(
            scores in proptest::collection::btree_map(0u32..60, 0u32..4, 0..40),
            limit in 1usize..9,
        ) {
            let mut numbers = Numbers(scores);
            let wanted: Vec<u32> = numbers.0.iter().filter(|(_, score)| **score > 0).map(|(number, _)| *number).collect();
            let (mut seen, mut after) = (Vec::new(), None);
            for new in 100.. {
                let page = numbers.page(after, limit);
                prop_assert!(page.items.len() <= limit);
                seen.extend(page.items.into_iter().filter(|number| *number < 100));
                // Newer rows that match best of all.
                numbers.0.insert(new, 9);
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            seen.sort_unstable();
            prop_assert_eq!(seen, wanted);
        }
    }
}
