//! Conditional requests and ranges: sections 13 and 14 of RFC 9110, for what has one strong tag and no date.
//!
//! A handler takes [`Conditions`], and [`RangeRequest`] if it serves parts; it says with a [`Version`] what it has. Dates in
//! conditions are ignored, as the RFC wants of who has none.

use std::{fmt::Display, ops::Range};

use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts, HeaderMap, HeaderName, HeaderValue, Method, StatusCode},
    response::{IntoResponse, Response},
};
use utoipa::IntoParams;

use super::{
    range::{self, Wanted},
    Problem,
};

/// Caching of what never changes and is for everyone.
pub(crate) const PUBLIC: &str = "public, max-age=31536000, immutable";
/// Caching of what never changes and is for who asked.
pub(crate) const PRIVATE: &str = "private, max-age=31536000, immutable";

/// All values of a header as one list.
fn list(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let values: Vec<_> = headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
    (!values.is_empty()).then(|| values.join(","))
}

/// On what condition a client wants something.
#[derive(Clone, Debug, Default, PartialEq, Eq, IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct Conditions {
    /// Entity tags of which one has to be the current one, or `*`.
    #[param(rename = "If-Match")]
    if_match: Option<String>,
    /// Entity tags that the client has, or `*`.
    #[param(rename = "If-None-Match")]
    if_none_match: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Conditions {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let if_match = list(&parts.headers, header::IF_MATCH);
        let if_none_match = list(&parts.headers, header::IF_NONE_MATCH);
        Ok(Self { if_match, if_none_match })
    }
}

/// Which part a client wants. Only GET asks for parts.
#[derive(Clone, Debug, Default, PartialEq, Eq, IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct RangeRequest {
    /// One range of bytes.
    #[param(rename = "Range", example = "bytes=0-4095")]
    range: Option<String>,
    /// The entity tag that the range belongs to.
    #[param(rename = "If-Range")]
    if_range: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for RangeRequest {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        if parts.method != Method::GET {
            return Ok(Self::default());
        }
        let range = list(&parts.headers, header::RANGE);
        // What is no text is no tag of ours either.
        let if_range = parts.headers.get(header::IF_RANGE);
        let if_range = if_range.map(|value| value.to_str().unwrap_or_default().to_owned());
        Ok(Self { range, if_range })
    }
}

/// Which version of something an answer is about, and how long it may be kept.
#[derive(Clone, Debug)]
pub(crate) struct Version {
    etag: String,
    caching: &'static str,
    by_accept: bool,
}

impl Version {
    pub(crate) fn new(tag: impl Display, caching: &'static str) -> Self {
        Self { etag: format!("\"{tag}\""), caching, by_accept: false }
    }

    /// The `Accept` header decides which one it is.
    pub(crate) fn by_accept(self) -> Self {
        Self { by_accept: true, ..self }
    }

    /// The answer, if it is to be no body: the client has this version, or wants only another one.
    pub(crate) fn check(&self, conditions: &Conditions) -> Result<Option<Response>, Problem> {
        let named = |tags: &str, weakly: bool| {
            let mut tags = tags.split(',').map(str::trim);
            tags.any(|tag| {
                tag == "*" || tag == self.etag || weakly && tag.strip_prefix("W/") == Some(&self.etag)
            })
        };
        if conditions.if_match.as_deref().is_some_and(|tags| !named(tags, false)) {
            let detail = format!("Its entity tag is now {}.", self.etag);
            let status = StatusCode::PRECONDITION_FAILED;
            return Err(Problem::new(status, "other-version", "The resource has changed", detail)
                .field("If-Match")
                .header(header::ETAG, self.etag()?));
        }
        match &conditions.if_none_match {
            Some(tags) if named(tags, true) => self.describe(StatusCode::NOT_MODIFIED).map(Some),
            _ => Ok(None),
        }
    }

    /// The part that is to be sent; `None` for the whole.
    pub(crate) fn part(&self, range: &RangeRequest, length: u64) -> Result<Option<Range<u64>>, Problem> {
        let Some(wanted) = &range.range else { return Ok(None) };
        // Only the same strong tag keeps the range; a date never does, since no date is sent.
        if range.if_range.as_ref().is_some_and(|tag| *tag != self.etag) {
            return Ok(None);
        }
        match range::parse(wanted, length) {
            Wanted::Whole => Ok(None),
            Wanted::Part(part) => Ok(Some(part)),
            Wanted::Unsatisfiable => {
                let detail = format!("There are {length} bytes in all.");
                let status = StatusCode::RANGE_NOT_SATISFIABLE;
                let value = HeaderValue::from_str(&format!("bytes */{length}")).map_err(Problem::internal)?;
                Err(Problem::new(status, "range", "The range is outside of the content", detail)
                    .field("Range")
                    .limit(length)
                    .header(header::CONTENT_RANGE, value))
            }
        }
    }

    /// Adds to an answer which version it is about.
    pub(crate) fn describe(&self, answer: impl IntoResponse) -> Result<Response, Problem> {
        let mut response = answer.into_response();
        let headers = response.headers_mut();
        headers.insert(header::ETAG, self.etag()?);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(self.caching));
        if self.by_accept {
            headers.insert(header::VARY, HeaderValue::from_static("Accept"));
        }
        Ok(response)
    }

    fn etag(&self) -> Result<HeaderValue, Problem> {
        HeaderValue::from_str(&self.etag).map_err(Problem::internal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(if_match: Option<&str>, if_none_match: Option<&str>) -> Result<Option<u16>, u16> {
        let conditions = Conditions {
            if_match: if_match.map(str::to_owned),
            if_none_match: if_none_match.map(str::to_owned),
        };
        let answer = Version::new("a", PUBLIC).by_accept().check(&conditions);
        answer
            .map(|answer| {
                answer.map(|answer| {
                    let headers = answer.headers();
                    assert_eq!(headers[header::ETAG], "\"a\"");
                    assert_eq!(
                        (&headers[header::CACHE_CONTROL], &headers[header::VARY]),
                        (&PUBLIC.parse().unwrap(), &"Accept".parse().unwrap())
                    );
                    answer.status().as_u16()
                })
            })
            .map_err(|problem| problem.status().as_u16())
    }

    #[test]
    fn tags_are_compared_as_the_standard_says() {
        assert_eq!(asked(None, None), Ok(None));
        for same in ["\"a\"", "*", "\"z\", \"a\"", "\"z\",\"a\" "] {
            assert_eq!(asked(Some(same), None), Ok(None), "{same}");
            assert_eq!(asked(None, Some(same)), Ok(Some(304)), "{same}");
            assert_eq!(asked(Some("\"z\""), Some(same)), Err(412), "If-Match comes first");
        }
        for other in ["\"z\"", "", "a", "\"A\""] {
            assert_eq!(asked(Some(other), None), Err(412), "{other}");
            assert_eq!(asked(None, Some(other)), Ok(None), "{other}");
        }
        // A weak tag will do to have something, and not to change it.
        assert_eq!(asked(Some("W/\"a\""), None), Err(412));
        assert_eq!(asked(None, Some("W/\"a\"")), Ok(Some(304)));
    }

    #[test]
    fn a_range_is_of_its_version() {
        let part = |range: &str, if_range: Option<&str>| {
            let range = RangeRequest { range: Some(range.to_owned()), if_range: if_range.map(str::to_owned) };
            Version::new("a", PRIVATE).part(&range, 100)
        };
        assert_eq!(part("bytes=0-9", None), Ok(Some(0..10)));
        assert_eq!(part("bytes=0-9", Some("\"a\"")), Ok(Some(0..10)));
        assert_eq!(part("bytes=0-9", Some("W/\"a\"")), Ok(None));
        assert_eq!(part("lines=0-9", None), Ok(None));
        assert_eq!(part("bytes=100-", None).unwrap_err().status(), StatusCode::RANGE_NOT_SATISFIABLE);
    }
}
