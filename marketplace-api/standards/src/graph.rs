//! A small RDF graph, written as JSON-LD or as Turtle.
//!
//! One description gives both, so they cannot say different things.

mod json_ld;
mod turtle;

use crate::iri::Iri;

pub(crate) use json_ld::json_ld;
pub(crate) use turtle::turtle;

/// The prefixes that names are written with.
pub(crate) const PREFIXES: [(&str, &str); 12] = [
    ("adms", "http://www.w3.org/ns/adms#"),
    ("dcat", "http://www.w3.org/ns/dcat#"),
    ("dct", "http://purl.org/dc/terms/"),
    ("foaf", "http://xmlns.com/foaf/0.1/"),
    ("odrl", "http://www.w3.org/ns/odrl/2/"),
    ("prov", "http://www.w3.org/ns/prov#"),
    ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
    ("rdfs", "http://www.w3.org/2000/01/rdf-schema#"),
    ("skos", "http://www.w3.org/2004/02/skos/core#"),
    ("spdx", "http://spdx.org/rdf/terms#"),
    ("wonbon", crate::iri::VOCABULARY),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
];

/// A name with one of [`PREFIXES`], such as `dcat:Dataset`. Ours, never from a record.
pub(crate) type Name = &'static str;

/// Something that statements are about.
#[derive(Clone, Debug)]
pub(crate) struct Resource {
    /// `None` is a blank node.
    pub(crate) id: Option<Iri>,
    pub(crate) types: Vec<Name>,
    pub(crate) properties: Vec<(Name, Object)>,
}

/// What a statement says of its resource.
#[derive(Clone, Debug)]
pub(crate) enum Object {
    /// Something that is described elsewhere.
    Iri(Iri),
    /// A term of one of [`PREFIXES`].
    Name(Name),
    /// A text, in a language or in none.
    Text(String, Option<String>),
    /// A value of a type.
    Typed(String, Name),
    /// Something that is described here.
    Resource(Resource),
}

impl Resource {
    pub(crate) fn new(id: Iri, types: &[Name]) -> Self {
        Self { id: Some(id), types: types.to_vec(), properties: Vec::new() }
    }

    pub(crate) fn blank(types: &[Name]) -> Self {
        Self { id: None, types: types.to_vec(), properties: Vec::new() }
    }

    pub(crate) fn with(mut self, name: Name, object: impl Into<Object>) -> Self {
        self.add(name, object);
        self
    }

    /// Adds a statement, if there is something to state.
    pub(crate) fn maybe(self, name: Name, object: Option<impl Into<Object>>) -> Self {
        match object {
            Some(object) => self.with(name, object),
            None => self,
        }
    }

    pub(crate) fn add(&mut self, name: Name, object: impl Into<Object>) {
        self.properties.push((name, object.into()));
    }
}

impl From<Iri> for Object {
    fn from(iri: Iri) -> Self {
        Self::Iri(iri)
    }
}

impl From<Resource> for Object {
    fn from(resource: Resource) -> Self {
        Self::Resource(resource)
    }
}
