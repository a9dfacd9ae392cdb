//! What every engine promises, as checks: run them on each one, and on one of your own.

// What is not as promised is a failed test.
#![allow(clippy::unwrap_used)]

use super::{Batch, Direction, KvStore};

/// Checks an empty store, which is empty again afterwards.
///
/// # Panics
///
/// If it does not keep a promise.
pub fn conforms(kv: &dyn KvStore) {
    batches(kv);
    kv.clear().unwrap();
    scans(kv);
    kv.clear().unwrap();
    assert!(kv.scan(b"", None, Direction::Ascending, 9).unwrap().is_empty());
    many(kv);
}

/// Writes a batch of these rows; without a value they go.
pub fn put(kv: &dyn KvStore, rows: &[(&[u8], Option<&[u8]>)]) {
    let mut batch = Batch::new();
    for (key, value) in rows {
        match value {
            Some(value) => batch.put(key.to_vec(), value.to_vec()),
            None => batch.remove(key.to_vec()),
        }
    }
    kv.write(batch).unwrap();
}

/// A batch sets and removes, and the last change of a key counts.
fn batches(kv: &dyn KvStore) {
    put(kv, &[(b"a", Some(b"1")), (b"b", Some(b"2")), (b"a", Some(b"3"))]);
    put(kv, &[(b"b", None), (b"c", Some(b"")), (b"never", None)]);
    assert_eq!(kv.get(b"a").unwrap().unwrap(), b"3");
    assert_eq!(kv.get(b"b").unwrap(), None);
    assert_eq!(kv.get(b"c").unwrap().unwrap(), b"");
}

/// A scan keeps to its prefix and goes on behind its cursor.
fn scans(kv: &dyn KvStore) {
    let all: [&[u8]; 7] = [b"a", b"a\0", b"a\0\0", b"a\xff", b"a\xff\xff", b"b", b"\xff\xff"];
    let rows: Vec<_> = all.iter().map(|key| (*key, Some(&b"v"[..]))).collect();
    put(kv, &rows);
    let scan = |prefix: &[u8], after: Option<&[u8]>, direction, limit| -> Vec<Vec<u8>> {
        let rows = kv.scan(prefix, after, direction, limit).unwrap();
        rows.into_iter().map(|(key, _)| key).collect()
    };
    assert_eq!(scan(b"a", None, Direction::Ascending, 100), all[..5]);
    let mut backwards = all[..5].to_vec();
    backwards.reverse();
    assert_eq!(scan(b"a", None, Direction::Descending, 100), backwards);
    assert_eq!(scan(b"a", Some(b"a"), Direction::Ascending, 2), all[1..3]);
    assert_eq!(scan(b"a", Some(b"a\xff"), Direction::Descending, 2), [all[2], all[1]]);
    assert_eq!(scan(b"a", Some(b"a"), Direction::Descending, 2), Vec::<Vec<u8>>::new());
    // A cursor may name a row that is gone.
    assert_eq!(scan(b"a", Some(b"a\x01"), Direction::Ascending, 1), [all[3]]);
    // One from elsewhere leads nowhere.
    assert_eq!(scan(b"a", Some(b"b"), Direction::Ascending, 9), Vec::<Vec<u8>>::new());
    assert_eq!(scan(b"a", Some(b"0"), Direction::Descending, 9), Vec::<Vec<u8>>::new());
    assert_eq!(scan(b"\xff", None, Direction::Ascending, 9), [all[6]]);
    assert_eq!(scan(b"", None, Direction::Ascending, 9).len(), 7);
}

/// More rows than are cleared at once go too.
fn many(kv: &dyn KvStore) {
    let mut batch = Batch::new();
    (0..3000u32).for_each(|number| batch.put(number.to_be_bytes().to_vec(), Vec::new()));
    kv.write(batch).unwrap();
    assert_eq!(kv.scan(b"", None, Direction::Ascending, usize::MAX).unwrap().len(), 3000);
    kv.clear().unwrap();
    assert!(kv.scan(b"", None, Direction::Ascending, 1).unwrap().is_empty());
}
