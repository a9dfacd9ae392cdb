//! What every request and answer has in common, whatever it is about: how requests are read ([`extract`], [`accept`]),
//! words of a few ([`choice`]), pages
//! of lists ([`paging`]), conditions and ranges ([`conditional`]), and errors ([`problem`]).
//!
//! Handlers of `http` and `pages` use it; nothing here knows a resource.

pub(crate) mod accept;
pub(crate) mod choice;
pub(crate) mod conditional;
pub mod extract;
pub mod paging;
pub mod problem;

pub use problem::Problem;
