//! RFC 8785, the JSON Canonicalization Scheme, for documents without fractions.
//!
//! Members are sorted by their names' UTF-16 code units, whatever order the JSON library keeps them in. A fraction
//! or an integer beyond 2^53 is refused: its canonical form would be another number.

use serde::Serialize;
use serde_json::Value;
use thiserror::Error;

/// The largest integer that every reader of JSON has exactly.
const MAX_INTEGER: u64 = 1 << 53;

/// Why a document has no canonical form here.
#[derive(Debug, Error)]
pub enum NotCanonical {
    /// It cannot be written as JSON.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// A number is a fraction or too large.
    #[error("{0} is not an integer between -2^53 and 2^53")]
    Number(serde_json::Number),
}

/// The canonical form of a document.
pub fn to_vec(document: &impl Serialize) -> Result<Vec<u8>, NotCanonical> {
    let mut out = Vec::new();
    write(&serde_json::to_value(document)?, &mut out)?;
    Ok(out)
}

fn write(value: &Value, out: &mut Vec<u8>) -> Result<(), NotCanonical> {
    match value {
        Value::Number(number) => {
            let size = number.as_u64().or_else(|| number.as_i64().map(i64::unsigned_abs));
            if size.is_none_or(|size| size > MAX_INTEGER) {
                return Err(NotCanonical::Number(number.clone()));
            }
            serde_json::to_writer(out, number)?;
        }
        // serde_json escapes what RFC 8785 escapes, in the same way, and nothing else.
        Value::Null | Value::Bool(_) | Value::String(_) => serde_json::to_writer(out, value)?,
        Value::Array(items) => {
            out.push(b'[');
            for (position, item) in items.iter().enumerate() {
                if position > 0 {
                    out.push(b',');
                }
                write(item, out)?;
            }
            out.push(b']');
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            out.push(b'{');
            for (position, (name, member)) in members.into_iter().enumerate() {
                if position > 0 {
                    out.push(b',');
                }
                serde_json::to_writer(&mut *out, name)?;
                out.push(b':');
                write(member, out)?;
            }
            out.push(b'}');
        }
    }
    Ok(())
}
