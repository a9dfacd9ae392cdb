//! Which form of an answer a client wants, as its `Accept` header says.

use axum::http::{header, HeaderMap};

/// Splits at a separator, though not within quotes.
fn split(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |character| {
        quoted ^= character == '"';
        character == separator && !quoted
    })
}

/// A range of media types of an `Accept` header, with its weight in thousandths; `None` if that is none.
fn accepted(text: &str) -> Option<(&str, u16)> {
    let mut parts = split(text, ';').map(str::trim);
    let range = parts.next()?;
    let weight =
        parts.filter_map(|part| part.split_once('=')).find(|(name, _)| name.eq_ignore_ascii_case("q"));
    let weight: f32 = weight.map_or(Ok(1.0), |(_, value)| value.parse()).ok()?;
    (0.0..=1.0).contains(&weight).then_some((range, (weight * 1000.0).round() as u16))
}

/// How exactly a range names a media type; `None` if not at all.
fn precision(range: &str, media_type: &str) -> Option<u8> {
    let (kind, of) = (range.split_once('/')?, media_type.split_once('/')?);
    match kind {
        ("*", "*") => Some(0),
        (main, "*") if main.eq_ignore_ascii_case(of.0) => Some(1),
        _ if range.eq_ignore_ascii_case(media_type) => Some(2),
        _ => None,
    }
}

/// Which of these forms, each with its media type, the client likes best, by RFC 9110 section 12.5.1; of those that it
/// likes equally, the first. It is the first as well if the client takes none of them: something readable is better
/// than a refusal.
pub(crate) fn accept<F>(headers: &HeaderMap, [first, second]: [(&str, F); 2]) -> F {
    let values = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let ranges: Vec<_> = values.flat_map(|value| split(value, ',')).filter_map(accepted).collect();
    let weight = |media_type: &str| {
        let named =
            ranges.iter().filter_map(|(range, weight)| Some((precision(range, media_type)?, *weight)));
        named.max().map_or(0, |(_, weight)| weight)
    };
    let liked = if weight(second.0) > weight(first.0) { second } else { first };
    liked.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_client_s_weights_decide() {
        let best = |accepted: &[&str]| {
            let values = accepted.iter().map(|value| (header::ACCEPT, value.parse().unwrap()));
            accept(&values.collect(), ["text/turtle", "application/ld+json"].map(|form| (form, form)))
        };
        for first in [
            &[][..],
            &["*/*"],
            &["text/*"],
            &["TEXT/TURTLE"],
            &["application/ld+json;q=0.5, text/turtle"],
            &["application/ld+json, text/turtle"],
            &["application/ld+json;q=0, */*;q=0.1"],
            &["application/ld+json;q=2"],
            &["application/ld+json;q=NaN"],
            &["text/html"],
            &["*"],
            &[""],
        ] {
            assert_eq!(best(first), "text/turtle", "{first:?}");
        }
        for second in [
            &["application/ld+json"][..],
            &["Application/LD+JSON; charset=utf-8 ;Q=0.2"],
            &["application/*, text/*;q=0.9"],
            &["text/turtle;q=0.1", "application/ld+json;q=0.2"],
            &["text/turtle;q=0, */*"],
            &["text/*, text/turtle;q=0.3, application/ld+json;q=0.301"],
            &["application/ld+json;profile=\"a,b;q=0\", text/turtle;q=0.9"],
        ] {
            assert_eq!(best(second), "application/ld+json", "{second:?}");
        }
    }
}
