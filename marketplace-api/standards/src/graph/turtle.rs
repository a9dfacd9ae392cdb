//! Turtle (RDF 1.1): a block for each resource with a name, others where they are mentioned.

use super::{Object, Resource, PREFIXES};
use std::fmt::Write as _;

/// The resource, with everything that it holds, as a document.
pub(crate) fn turtle(resource: &Resource) -> String {
    let mut out = String::new();
    for (prefix, iri) in PREFIXES {
        push(&mut out, format_args!("@prefix {prefix}: <{iri}> .\n"));
    }
    // A resource with a name is described on its own, after what mentions it.
    let mut waiting = vec![resource];
    while let Some(resource) = waiting.pop() {
        out.push('\n');
        match &resource.id {
            Some(id) => push(&mut out, format_args!("<{id}>")),
            None => out.push_str("[]"),
        }
        statements(resource, 1, &mut out, &mut waiting);
        out.push_str(" .\n");
    }
    out
}

fn statements<'a>(resource: &'a Resource, depth: usize, out: &mut String, waiting: &mut Vec<&'a Resource>) {
    let indent = "  ".repeat(depth);
    let mut first = true;
    let mut open = |out: &mut String| {
        out.push_str(if first { "\n" } else { " ;\n" });
        out.push_str(&indent);
        first = false;
    };
    if !resource.types.is_empty() {
        open(out);
        push(out, format_args!("a {}", resource.types.join(", ")));
    }
    for (name, object) in &resource.properties {
        open(out);
        push(out, format_args!("{name} "));
        match object {
            Object::Iri(iri) => push(out, format_args!("<{iri}>")),
            Object::Name(name) => out.push_str(name),
            Object::Text(text, language) => {
                literal(text, out);
                if let Some(language) = language {
                    push(out, format_args!("@{language}"));
                }
            }
            Object::Typed(text, datatype) => {
                literal(text, out);
                push(out, format_args!("^^{datatype}"));
            }
            Object::Resource(resource) => match &resource.id {
                Some(id) => {
                    push(out, format_args!("<{id}>"));
                    waiting.push(resource);
                }
                None => {
                    out.push('[');
                    statements(resource, depth + 1, out, waiting);
                    out.push_str(" ]");
                }
            },
        }
    }
}

fn literal(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if control.is_control() => push(out, format_args!("\\u{:04X}", control as u32)),
            other => out.push(other),
        }
    }
    out.push('"');
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("writing to a string does not fail");
}
