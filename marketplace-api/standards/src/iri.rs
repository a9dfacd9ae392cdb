//! Names for things in documents: IRIs that are valid whatever the record holds.
//!
//! A dataset's name is made from its root alone, so that two services and two chains speak of the same thing; what
//! happened on a chain is named with the chain's genesis hash. Documents that are known by their SHA-256 have
//! RFC 6920 names. URLs appear only where something can be fetched, under a [`Site`].

use std::fmt;
use wonbon_model::{AccountId, DatasetId, Digest};
use wonbon_primitives::id::to_hex;

/// Base of the names of datasets.
pub const DATASET: &str = "urn:wonbon:dataset:";
/// Base of the names of accounts.
pub const ACCOUNT: &str = "urn:wonbon:account:";
/// Base of the names of documents: `nih`, RFC 6920 section 7.
pub const SHA256: &str = "nih:sha-256;";
/// Base of the terms that no other vocabulary has.
pub const VOCABULARY: &str = "urn:wonbon:vocabulary#";

/// A valid IRI, in ASCII.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Iri(String);

impl Iri {
    /// The name of a dataset, the same on every chain.
    pub fn dataset(id: &DatasetId) -> Self {
        Self(format!("{DATASET}{id}"))
    }

    /// Something that belongs to a dataset and not to a chain, e.g. `aas:shell`.
    pub(crate) fn of_dataset(kind: &'static str, id: &DatasetId) -> Self {
        Self(format!("urn:wonbon:{kind}:{id}"))
    }

    /// The name of an account, by its key in hexadecimal.
    pub fn account(account: &AccountId) -> Self {
        Self(format!("{ACCOUNT}{}", to_hex(&account.0)))
    }

    /// A document by its SHA-256.
    pub fn sha256(digest: &Digest) -> Self {
        Self(format!("{SHA256}{}", to_hex(digest)))
    }

    /// A term of an authority's vocabulary. Both parts are ours.
    pub(crate) fn term(base: &'static str, name: &'static str) -> Self {
        Self(format!("{base}{name}"))
    }

    /// The registered name of a media type that [`crate::text::media_type`] passed.
    pub(crate) fn media_type(media_type: &str) -> Self {
        let escaped = media_type.replace('^', "%5E").replace('#', "%23");
        Self(format!("http://www.iana.org/assignments/media-types/{escaped}"))
    }

    /// The IRI in full, without brackets.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Iri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where a service is reached: an http or https URL without query, fragment, user and closing slash.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Site(String);

impl Site {
    /// The site at a URL; `None` if it is not a URL as above.
    pub fn parse(url: &str) -> Option<Self> {
        let url = url.trim_end_matches('/');
        let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        (is_authority(authority) && is_path(path)).then(|| Self(url.to_owned()))
    }

    /// The page of a dataset, for people.
    pub fn page(&self, id: &DatasetId) -> Iri {
        Iri(format!("{}/datasets/{id}", self.0))
    }

    /// The record of a dataset, for programs.
    pub fn record(&self, id: &DatasetId) -> Iri {
        Iri(format!("{}/v1/datasets/{id}", self.0))
    }

    /// The page of a company; accounts are written in SS58, whose alphabet needs no escape.
    pub(crate) fn company(&self, address: &str) -> Option<Iri> {
        let plain = !address.is_empty() && address.bytes().all(|byte| byte.is_ascii_alphanumeric());
        plain.then(|| Iri(format!("{}/companies/{address}", self.0)))
    }

    /// A dataset's metadata document.
    pub fn metadata(&self, digest: &Digest) -> Iri {
        Iri(format!("{}/v1/metadata/{}", self.0, to_hex(digest)))
    }

    /// A licence or agreement text.
    pub fn document(&self, digest: &Digest) -> Iri {
        Iri(format!("{}/v1/documents/{}", self.0, to_hex(digest)))
    }

    /// A sample: the one that the chain drew, or the one that the seller chose.
    pub fn sample(&self, id: &DatasetId, fair: bool) -> Iri {
        let kind = if fair { "fair" } else { "chosen" };
        Iri(format!("{}/v1/datasets/{id}/samples/{kind}", self.0))
    }
}

/// Host and port: a name or IPv4 address, or an IPv6 address in brackets.
fn is_authority(text: &str) -> bool {
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((host, port)) if host.parse::<core::net::Ipv6Addr>().is_ok() => ("v6", port),
            _ => return false,
        },
        None => text.split_at(text.find(':').unwrap_or(text.len())),
    };
    let port = match port.strip_prefix(':') {
        Some(digits) => digits.parse::<u16>().is_ok() && digits.bytes().all(|byte| byte.is_ascii_digit()),
        None => port.is_empty(),
    };
    let host =
        !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
    host && port
}

/// Segments of unreserved characters, so that nothing needs an escape.
fn is_path(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::Site;

    #[test]
    fn a_site_is_a_plain_url() {
        for good in [
            "http://127.0.0.1:8080",
            "https://data.example",
            "http://[::1]:80/",
            "https://a.example/market/x",
        ] {
            assert!(Site::parse(good).is_some(), "{good}");
        }
        let bad = [
            "",
            "ftp://a",
            "http://",
            "http:///x",
            "http://a b",
            "http://a?x",
            "http://a#x",
            "http://u@a",
            "http://a:",
            "http://a:99999",
            "http://a:+1",
            "http://[::g]",
            "http://a/<x>",
            "http://a/\"",
            "http://가.kr",
            "javascript:alert(1)",
        ];
        for bad in bad {
            assert_eq!(Site::parse(bad), None, "{bad}");
        }
    }
}
