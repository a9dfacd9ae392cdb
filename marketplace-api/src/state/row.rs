//! How the rows of the state look. A row of another layout is refused: nobody else has what it says.

use crate::kv::row::store_rows;

/// Layout of the values.
const LAYOUT: u8 = 1;

store_rows!();

/// What kind of row a key is of: its first byte. An earlier version used 0x00.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    /// sealed root → what is known of the payload.
    Payload = 0x10,
    /// account → bytes that it keeps here.
    StoredBytes = 0x11,
    /// sealed root, time in milliseconds, number → request for bytes; an earlier version wrote these.
    DownloadRequest = 0x20,
    /// sealed root, hour since 1970, account → downloads of that hour.
    Download = 0x21,
    /// hash of a token → session; an earlier version wrote these, which knew no companies.
    EarlierSession = 0x30,
    /// account, expiry, hash of a token.
    SessionByAccount = 0x31,
    /// hash of a token → session.
    Session = 0x32,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kv::KvError;

    #[test]
    fn a_row_of_another_layout_is_not_guessed_at() {
        let row = encode(&7u32);
        assert_eq!(decode::<u32>(&row).unwrap(), 7);
        assert!(matches!(
            decode::<u32>(&[LAYOUT + 1, 7, 0, 0, 0]),
            Err(KvError::Layout { found, known: LAYOUT }) if found == LAYOUT + 1
        ));
        assert!(matches!(decode::<u32>(&row[..4]), Err(KvError::Corrupt(_))));
        assert!(matches!(decode::<u32>(&[&row[..], &[0]].concat()), Err(KvError::Corrupt(_))));
        assert!(matches!(decode::<u32>(&[]), Err(KvError::Corrupt(_))));
    }
}
