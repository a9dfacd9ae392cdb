//! One dataset's record in the forms that other tools read.
//!
//! - [`prov`]: W3C PROV-JSON.
//! - [`dcat`]: DCAT-AP 3.0.1, as JSON-LD and as Turtle.
//! - [`croissant`]: Croissant 1.0 (MLCommons), JSON-LD.
//! - [`aas`]: the submodel AI Dataset (IDTA 02058-1-0-1) in an Asset Administration Shell, as JSON and as AASX.
//! - [`credential`]: a W3C verifiable credential 2.0, secured with `eddsa-jcs-2022`.
//!
//! Everything here is a pure function of a [`DatasetRecord`]: no chain, no network, no clock. What the record does
//! not know is left out of the document, never made up; where a standard demands a value, one is derived from
//! what the record always has, its id and length. Titles, names and column names are their authors' and may hold
//! anything: they come out as text, and every document stays valid. No document says who *made* a dataset: the
//! chain knows who registered it first, and that is what they say.

pub mod aas;
pub mod credential;
pub mod croissant;
pub mod dcat;
mod graph;
pub mod iri;
pub mod prov;
pub mod record;
pub mod text;

pub use record::DatasetRecord;
