//! Which form of an answer a client wants, as its `Accept` header says.

use axum::http::{header, HeaderMap};

/// A range of media types of an `Accept` header, with its weight in thousandths.
struct Accepted<'a> {
    range: &'a str,
    weight: u16,
}

/// Splits at a separator, though not within quotes.
fn split(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |character| {
        quoted ^= character == '"';
        character == separator && !quoted
    })
}

impl<'a> Accepted<'a> {
    /// Reads one; `None` if its weight is none.
    fn read(text: &'a str) -> Option<Self> {
        let mut parts = split(text, ';').map(str::trim);
        let range = parts.next()?;
        let weight =
            parts.filter_map(|part| part.split_once('=')).find(|(name, _)| name.eq_ignore_ascii_case("q"));
        let weight: f32 = weight.map_or(Ok(1.0), |(_, value)| value.parse()).ok()?;
        (0.0..=1.0).contains(&weight).then_some(Self { range, weight: (weight * 1000.0).round() as u16 })
    }

    /// How exactly it names a media type; `None` if not at all.
    fn precision(&self, media_type: &str) -> Option<u8> {
        let (kind, of) = (self.range.split_once('/')?, media_type.split_once('/')?);
        match kind {
            ("*", "*") => Some(0),
            (main, "*") if main.eq_ignore_ascii_case(of.0) => Some(1),
            _ if self.range.eq_ignore_ascii_case(media_type) => Some(2),
            _ => None,
        }
    }
}

/// Which of these media types the client likes best, by RFC 9110 section 12.5.1; of those that it likes equally, the
/// first. It is the first as well if the client takes none of them: something readable is better than a refusal.
pub(crate) fn accept<'a>(headers: &HeaderMap, offered: [&'a str; 2]) -> &'a str {
    let values = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let accepted: Vec<_> = values.flat_map(|value| split(value, ',')).filter_map(Accepted::read).collect();
    let weight = |media_type: &str| {
        let named = accepted.iter().filter_map(|range| Some((range.precision(media_type)?, range.weight)));
        named.max().map_or(0, |(_, weight)| weight)
    };
    let [first, second] = offered;
    if weight(second) > weight(first) {
        second
    } else {
        first
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_client_s_weights_decide() {
        let best = |accepted: &[&str]| {
            let values = accepted.iter().map(|value| (header::ACCEPT, value.parse().unwrap()));
            accept(&values.collect(), ["text/turtle", "application/ld+json"])
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
