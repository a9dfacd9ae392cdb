//! What lists may be asked for: their filters, and a page.

use crate::{protocol::paging::List, read_model::queries::PageRequest};

/// A list with its filters, and the page of it that is asked for.
pub(super) type Asked = (List, PageRequest);

/// Declares the parameters of lists: filters by name and type, each of which its handler reads, and the page.
macro_rules! list_params {
    ($(
        $(#[$doc:meta])*
        $name:ident { $($(#[$filter_doc:meta])* $filter:ident: $type:ident,)+ }
    )+) => { $(
        $(#[$doc])*
        #[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
        #[serde(deny_unknown_fields)]
        #[into_params(parameter_in = Query)]
        pub(super) struct $name {
            $($(#[$filter_doc])* #[param(value_type = Option<$type>)] $filter: Option<String>,)+
            /// `next` of the page before.
            cursor: Option<String>,
            /// Most items, 50 if not given.
            #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
            limit: Option<String>,
        }

        impl $name {
            /// The list of this name with these filters, and the page of it that is asked for.
            fn page(&self, name: &str) -> $crate::http::Answer<$crate::http::lists::Asked> {
                let list = $crate::protocol::paging::List::new(name, &[$(self.$filter.as_deref()),+]);
                let request = list.request(self.cursor.as_deref(), self.limit.as_deref())?;
                Ok((list, request))
            }
        }
    )+ };
}

pub(super) use list_params;
