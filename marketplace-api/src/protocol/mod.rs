//! What every request and answer has in common, whatever it is about: how requests are read ([`extract`], [`accept`]),
//! pages of lists ([`paging`]), conditions and ranges ([`conditional`]), and errors ([`problem`]).
//!
//! Handlers of `http` and `pages` use it; nothing here knows a resource.

pub(crate) mod accept;
pub(crate) mod conditional;
pub mod extract;
pub mod paging;
pub mod problem;
pub(crate) mod range;

pub use problem::Problem;
