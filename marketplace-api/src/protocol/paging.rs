//! Cursors: where the next page of a list begins, as text that means nothing to the client.
//!
//! A cursor is the index key of the last row looked at, behind a digest of the list and its filters: one that is
//! used with other filters is refused instead of giving a wrong page.

use std::fmt::Display;

use base64::{engine::general_purpose::URL_SAFE_NO_PAD, Engine};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::{IntoParams, ToSchema};

use super::{extract::read, Problem};
use crate::read_model::queries::{Page, PageRequest};

/// Items in a page if the client does not say.
pub const DEFAULT_LIMIT: usize = 50;
/// Most items in a page.
pub const MAX_LIMIT: usize = 200;

const DIGEST_BYTES: usize = 8;
const MAX_CURSOR_CHARS: usize = 256;

/// Where a page begins and how long it may be.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageParams {
    /// `next` of the page before.
    cursor: Option<String>,
    /// Most items, 50 if not given.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<String>,
}

impl PageParams {
    /// The list of this name that belongs to something, and the page of it that is asked for.
    pub(crate) fn page_of(&self, name: &str, of: impl Display) -> Result<(List, PageRequest), Problem> {
        let list = List::new(name, &[Some(&of.to_string())]);
        let request = list.request(self.cursor.as_deref(), self.limit.as_deref())?;
        Ok((list, request))
    }
}

/// A page of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PageView<T> {
    /// At most as many items as `limit` says; there may be fewer though more follow.
    pub items: Vec<T>,
    /// The cursor of the next page; `null` at the end. A page can be short and still have one.
    pub next: Option<String>,
}

impl<T> PageView<T> {
    /// A page with its cursor as text.
    pub fn new(list: &List, page: Page<T>) -> Self {
        Self { items: page.items, next: page.next.map(|key| list.cursor(&key)) }
    }
}

/// A list with its filters.
#[derive(Clone, Debug)]
pub struct List {
    digest_of_list: [u8; DIGEST_BYTES],
}

impl List {
    /// A list by its name and its filters, in a fixed order.
    pub fn new(name: &str, filters: &[Option<&str>]) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(name);
        for filter in filters {
            match filter {
                Some(text) => {
                    hasher.update([1]);
                    hasher.update((text.len() as u64).to_le_bytes());
                    hasher.update(text);
                }
                None => hasher.update([0]),
            }
        }
        let digest = hasher.finalize();
        Self { digest_of_list: *digest.first_chunk().expect("SHA-256 has 32 bytes; qed") }
    }

    /// The page that a client asks for.
    pub fn request(&self, cursor: Option<&str>, limit: Option<&str>) -> Result<PageRequest, Problem> {
        let limit = match limit {
            None => DEFAULT_LIMIT,
            Some(text) => match read("limit", text) {
                Ok(limit) if (1..=MAX_LIMIT).contains(&limit) => limit,
                _ => {
                    let detail = format!("The limit has to be a number from 1 to {MAX_LIMIT}.");
                    return Err(Problem::invalid("limit", detail).limit(MAX_LIMIT as u64));
                }
            },
        };
        let after = cursor.map(|text| self.read(text)).transpose()?;
        Ok(PageRequest { after, limit })
    }

    fn read(&self, text: &str) -> Result<Vec<u8>, Problem> {
        let bytes = (text.len() <= MAX_CURSOR_CHARS).then(|| URL_SAFE_NO_PAD.decode(text).ok()).flatten();
        match bytes.as_deref().and_then(<[u8]>::split_first_chunk) {
            Some((digest_of_list, key)) if *digest_of_list == self.digest_of_list => Ok(key.to_vec()),
            _ => Err(Problem::invalid(
                "cursor",
                "The cursor does not belong to this list with these filters. Begin without one.",
            )),
        }
    }

    /// The text of a cursor.
    pub fn cursor(&self, key: &[u8]) -> String {
        URL_SAFE_NO_PAD.encode([&self.digest_of_list, key].concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_cursor_reads_back_in_its_own_list_only(
            key in proptest::collection::vec(any::<u8>(), 0..80),
            filter in proptest::option::of(".{0,8}"),
            other in proptest::option::of(".{0,8}"),
        ) {
            let list = List::new("offers", &[filter.as_deref()]);
            let text = list.cursor(&key);
            let request = list.request(Some(&text), None).unwrap();
            prop_assert_eq!(request.after.as_deref(), Some(&key[..]));
            if other != filter {
                prop_assert!(List::new("offers", &[other.as_deref()]).request(Some(&text), None).is_err());
            }
            prop_assert!(List::new("orders", &[filter.as_deref()]).request(Some(&text), None).is_err());
        }

        #[test]
        fn any_text_is_read_or_refused(text in ".{0,400}") {
            let _ = List::new("offers", &[]).request(Some(&text), Some(&text));
        }
    }

    #[test]
    fn limits_are_bounded() {
        let list = List::new("offers", &[]);
        assert_eq!(list.request(None, None).unwrap().limit, DEFAULT_LIMIT);
        assert_eq!(list.request(None, Some("200")).unwrap().limit, 200);
        for bad in ["0", "201", "-1", "x", "", "99999999999999999999"] {
            assert!(list.request(None, Some(bad)).is_err(), "{bad}");
        }
    }
}
