//! How operations refuse, as the OpenAPI document lists it: one description for each status.
//!
//! An operation names those that it can give in its `responses(…)`. A type here goes with what refuses: most of them
//! with an extractor of [`crate::protocol::extract`], the others with a status.

use std::{collections::BTreeMap, marker::PhantomData};

use utoipa::{
    openapi::{ContentBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder},
    IntoResponses, Modify,
};

use crate::protocol::problem::MEDIA_TYPE;

macro_rules! refusals {
    ($($name:ident = $status:literal $description:literal;)+) => {
        /// Every refusal: name, status and description.
        const ALL: &[(&str, &str, &str)] = &[$((stringify!($name), $status, $description)),+];

        $(
            #[doc = $description]
            pub(super) enum $name {}

            impl IntoResponses for $name {
                fn responses() -> BTreeMap<String, RefOr<Response>> {
                    let refusal = Ref::new(concat!("#/components/responses/", stringify!($name)));
                    BTreeMap::from([($status.to_owned(), RefOr::Ref(refusal))])
                }
            }
        )+
    };
}

/// Three refusals together.
pub(super) struct All<A, B, C>(PhantomData<(A, B, C)>);

impl<A: IntoResponses, B: IntoResponses, C: IntoResponses> IntoResponses for All<A, B, C> {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        [A::responses(), B::responses(), C::responses()].into_iter().flatten().collect()
    }
}

refusals! {
    Invalid = "400" "A part of the address, a parameter, a header or the body cannot be read";
    NotSignedIn = "401" "A valid token is needed";
    NotAllowed = "403" "The account may not do this";
    NotFound = "404" "It does not exist";
    CutOff = "408" "The body stopped arriving";
    Conflict = "409" "It does not fit the current state";
    FailedCondition = "412" "A condition of the request does not hold";
    TooLarge = "413" "The body is too large, or the quota is used up";
    OtherType = "415" "Wrong content type";
    NoSuchRange = "416" "The range is outside of the content";
    Unprocessable = "422" "The content was read, but it is not valid";
    Locked = "423" "Another request is using it";
    TooMany = "429" "Too many at once";
    FaultyNode = "502" "The chain's node gave data that cannot be used";
    Unavailable = "503" "The chain cannot be reached or has stopped, or the service is busy";
    Other = "default" "Any other problem";
}

/// What [`crate::protocol::extract::SignedIn`] and [`crate::protocol::extract::Verified`] refuse.
pub(super) type NotPermitted = All<NotSignedIn, NotAllowed, Unavailable>;
/// What reading a body refuses.
pub(super) type BadBody = All<CutOff, TooLarge, OtherType>;

/// Puts the refusals themselves into the document, once.
pub(super) struct Refusals;

impl Modify for Refusals {
    fn modify(&self, document: &mut OpenApi) {
        let components = document.components.get_or_insert_default();
        for (name, _, description) in ALL {
            let problem = Ref::from_schema_name("Problem");
            let content = ContentBuilder::new().schema(Some(problem)).build();
            let response = ResponseBuilder::new().description(*description).content(MEDIA_TYPE, content);
            components.responses.insert((*name).to_owned(), response.build().into());
        }
    }
}
