//! The dialect of separated text: what stands between two fields.

/// How much of a file the delimiter is found from, in bytes.
pub const DIALECT_BYTES: usize = 64 * 1024;

/// How many rows are compared.
const COMPARED_ROWS: usize = 32;

/// The delimiter of the text that begins so: the one that splits the header and the rows alike.
pub fn delimiter(head: &[u8]) -> u8 {
    let mut best = (b',', 0usize);
    for candidate in [b',', b';', b'\t'] {
        let mut counts = Vec::new();
        let (mut quoted, mut count) = (false, 0usize);
        for &byte in head {
            match byte {
                b'"' => quoted = !quoted,
                b'\n' if !quoted => {
                    counts.push(count);
                    count = 0;
                    if counts.len() == COMPARED_ROWS {
                        break;
                    }
                }
                _ if byte == candidate && !quoted => count += 1,
                _ => {}
            }
        }
        if counts.is_empty() {
            counts.push(count);
        }
        let expected = counts[0];
        let agreeing = counts.iter().filter(|count| **count == expected).count();
        // A delimiter that is in the header and splits most rows as it splits the header.
        let score = if expected == 0 { 0 } else { agreeing * 1000 / counts.len() * 1000 + expected.min(999) };
        if score > best.1 {
            best = (candidate, score);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_splits_header_and_rows_alike() {
        assert_eq!(delimiter(b"a;b\n1,5;2\n3,5;4\n"), b';');
        assert_eq!(delimiter(b"a\tb\n1\t2\n"), b'\t');
        assert_eq!(delimiter(b"a,b\n\"x;y;z\",2\n"), b',');
        assert_eq!(delimiter(b"one\n1\n2\n"), b',');
        assert_eq!(delimiter(b""), b',');
    }
}
