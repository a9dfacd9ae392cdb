//! Reading requests: paths, queries, bodies, tokens. Whatever cannot be read becomes a problem that says why.

use std::{
    any::Any,
    fmt::Display,
    marker::PhantomData,
    num::{IntErrorKind, ParseIntError},
    str::FromStr,
    sync::Arc,
    time::Duration,
};

use axum::{
    body::Body,
    extract::{rejection::QueryRejection, FromRequest, FromRequestParts, RawPathParams, Request},
    http::{header, request::Parts, HeaderMap, StatusCode},
};
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;
use wonbon_audit::Period;
use wonbon_model::{
    json::Word,
    words::{Choice, Term},
    AccountId, Standing,
};

use super::Problem;
use crate::{
    app::App,
    read_model::queries,
    search::{self, Question},
    sign_in::{rights::Right, Caller},
};

/// Most bytes of a JSON body that is not a document.
const MAX_JSON_BYTES: usize = 16 * 1024;
/// How long a request waits for its account to be seen as verified: about the time that a block takes to get here.
const VERIFICATION_WAIT: Duration = Duration::from_millis(1500);

/// The last part of the path.
#[derive(Clone, Copy, Debug)]
pub struct PathParam<T>(pub T);

impl<T, S> FromRequestParts<S> for PathParam<T>
where
    T: FromStr<Err: Display + 'static> + Send,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let PathParts(named) = PathParts::from_request_parts(parts, state).await?;
        let last = named.last();
        let (name, text) = last.ok_or_else(|| Problem::internal("a path without a parameter"))?;
        read(name, text).map(Self)
    }
}

/// Every part of the path that is a parameter, by name.
#[derive(Clone, Debug)]
pub struct PathParts(Vec<(String, String)>);

impl PathParts {
    /// Reads the parameter of this name.
    pub(crate) fn read<T: FromStr<Err: Display + 'static>>(&self, name: &str) -> Result<T, Problem> {
        let found = self.0.iter().find(|(found, _)| found == name);
        let (_, text) = found.ok_or_else(|| Problem::internal("a path without one of its parameters"))?;
        read(name, text)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PathParts {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let named = RawPathParams::from_request_parts(parts, state).await.map_err(|error| {
            let text = error.body_text();
            Problem::invalid(quoted(&text).unwrap_or("path"), &text)
        })?;
        Ok(Self(named.iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect()))
    }
}

/// The query string.
#[derive(Clone, Debug)]
pub struct Params<T>(pub T);

impl<T, S> FromRequestParts<S> for Params<T>
where
    T: DeserializeOwned + Send,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let axum::extract::Query(query) = axum::extract::Query::from_request_parts(parts, state)
            .await
            .map_err(|error: QueryRejection| unreadable_query(&error.body_text()))?;
        Ok(Self(query))
    }
}

/// The parameter that a message is about: the first thing that it has between backquotes.
fn quoted(message: &str) -> Option<&str> {
    message.split('`').nth(1)
}

/// What serde says of a query, in plainer words.
fn unreadable_query(message: &str) -> Problem {
    let field = quoted(message).unwrap_or("query");
    let detail = match message.split_once(", expected ") {
        Some((_, known)) => format!("there is no parameter `{field}`; expected {known}"),
        None if message.contains("duplicate field") => {
            format!("the parameter `{field}` is given more than once")
        }
        None => "the query cannot be read".to_owned(),
    };
    Problem::invalid(field, detail)
}

/// Reads a parameter. None of ours begins with a plus sign, which numbers would take.
pub(crate) fn read<T: FromStr<Err: Display + 'static>>(field: &str, text: &str) -> Result<T, Problem> {
    if text.starts_with('+') {
        return Err(Problem::invalid(field, "write the number without a plus sign"));
    }
    text.parse().map_err(|error: T::Err| match (&error as &dyn Any).downcast_ref().map(ParseIntError::kind) {
        Some(IntErrorKind::PosOverflow) => Problem::invalid(field, "the number is too large"),
        Some(_) => Problem::invalid(field, "write the number with digits only"),
        None => Problem::invalid(field, error),
    })
}

/// Reads an optional parameter.
pub(crate) fn optional<T: FromStr<Err: Display + 'static>>(
    field: &str,
    text: Option<&str>,
) -> Result<Option<T>, Problem> {
    text.map(|text| read(field, text)).transpose()
}

/// Reads an optional parameter that is one of the chain's choices, by its word.
pub(crate) fn choice<T: Choice>(field: &str, word: Option<&str>) -> Result<Option<T>, Problem> {
    Ok(optional::<Word<T>>(field, word)?.map(|word| word.0))
}

/// Reads the words of a search; `None` if there are none.
pub(crate) fn question(text: Option<&str>) -> Result<Option<Question>, Problem> {
    let Some(text) = text else { return Ok(None) };
    if text.chars().count() > search::MAX_QUESTION_CHARS {
        let detail = format!("The search text may have at most {} characters.", search::MAX_QUESTION_CHARS);
        return Err(Problem::invalid("q", detail).limit(search::MAX_QUESTION_CHARS as u64));
    }
    Ok(Question::new(text))
}

/// Reads a period.
pub(crate) fn period(from: Option<&str>, to: Option<&str>) -> Result<Period, Problem> {
    Period::new(from, to).map_err(|error| {
        let field = if Period::new(from, None).is_err() { "from" } else { "to" };
        Problem::invalid(field, error)
    })
}

/// Reads a whole body of at most `limit` bytes.
pub(crate) async fn whole_body(body: Body, limit: usize) -> Result<Bytes, Problem> {
    match Limited::new(body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Problem::too_large(limit as u64)),
        Err(error) => {
            let status = StatusCode::BAD_REQUEST;
            Err(Problem::new(status, "unreadable-body", "The body cannot be read", error).field("body"))
        }
    }
}

/// Refuses another content type, parameters aside.
pub(crate) fn require_content_type(headers: &HeaderMap, wanted: &str) -> Result<(), Problem> {
    let found = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = found.and_then(|found| found.split(';').next());
    if essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case(wanted)) {
        return Ok(());
    }
    let detail = format!("The content type has to be {wanted}.");
    let problem =
        Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "content-type", "Wrong content type", detail);
    Err(problem.field("Content-Type"))
}

/// A small JSON body.
#[derive(Clone, Debug)]
pub struct Json<T>(pub T);

impl<T, S> FromRequest<S> for Json<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        require_content_type(request.headers(), "application/json")?;
        let body = whole_body(request.into_body(), MAX_JSON_BYTES).await?;
        serde_json::from_slice(&body).map(Self).map_err(|error| {
            Problem::new(StatusCode::BAD_REQUEST, "invalid-body", "The body is invalid", error)
                .field("body")
                .limit(MAX_JSON_BYTES as u64)
        })
    }
}

/// Whom a valid token stands for, who has the right `R` as far as roles give it.
#[derive(Clone, Copy, Debug)]
pub struct SignedIn<R> {
    /// The account whose rights count: a company, or an account for itself.
    pub account: AccountId,
    /// The member who acts for the company, if it is one.
    pub member: Option<AccountId>,
    right: PhantomData<R>,
}

impl<R> SignedIn<R> {
    /// Whose key signed.
    pub fn signer(&self) -> AccountId {
        self.member.unwrap_or(self.account)
    }
}

impl<R: Right> FromRequestParts<Arc<App>> for SignedIn<R> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let value = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = value.and_then(|value| {
            let (scheme, token) = value.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
        });
        let Some(token) = token else {
            return Err(Problem::unauthorized("Send a token from /v1/sign-in as a bearer token."));
        };
        let Some(Caller { account, member }) = app.sign_in.caller(token, crate::clock::now_ms()).await?
        else {
            let detail =
                "The token is not valid, has expired, or was given to a member who is none any more.";
            return Err(Problem::unauthorized(detail));
        };
        if let Some((_, roles)) = member {
            require_fresh(app, "who acts for whom")?;
            if !R::ROLES.iter().any(|role| roles.contains(*role)) {
                let needed: Vec<_> = R::ROLES.iter().map(Term::word).collect();
                let detail = format!("A member needs one of these roles for this: {}.", needed.join(", "));
                return Err(Problem::forbidden("wrong-role", detail));
            }
        }
        Ok(Self { account, member: member.map(|(member, _)| member), right: PhantomData })
    }
}

/// Refuses to tell rights from a read model to which no block came for long.
fn require_fresh(app: &App, what: &str) -> Result<(), Problem> {
    if !app.status.is_stale() {
        return Ok(());
    }
    let detail = format!(
        "The service has not received a block from the chain for some minutes, so it cannot tell {what}."
    );
    let status = StatusCode::SERVICE_UNAVAILABLE;
    Err(Problem::new(status, "chain-stale", "The chain has stopped", detail).retry_after(10))
}

/// The same, of a verified participant.
#[derive(Clone, Copy, Debug)]
pub struct Verified<R> {
    /// The account whose rights count: a company, or an account for itself.
    pub account: AccountId,
    /// The member who acts for the company, if it is one.
    pub member: Option<AccountId>,
    right: PhantomData<R>,
}

impl<R: Right> FromRequestParts<Arc<App>> for Verified<R> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let SignedIn { account, member, right } = SignedIn::from_request_parts(parts, app).await?;
        require_fresh(app, "who is verified")?;
        let until = tokio::time::Instant::now() + VERIFICATION_WAIT;
        loop {
            let found = app.read_model.run(move |kv| queries::participant(kv, account)).await?;
            let standing = found.map(|participant| participant.standing);
            if standing == Some(Standing::Verified) {
                return Ok(Self { account, member, right });
            }
            // A suspension is not about to be lifted; a verification may be in a block on its way.
            if standing == Some(Standing::Suspended) || tokio::time::Instant::now() >= until {
                let detail = "Only companies that the registrar has verified may do this.";
                return Err(Problem::forbidden("not-verified", detail));
            }
            tokio::time::sleep(VERIFICATION_WAIT / 8).await;
        }
    }
}
