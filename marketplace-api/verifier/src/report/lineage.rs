//! The lineage graph: the dataset, what it was made from, and what contains it now, as SVG.
//!
//! A box names a dataset by its title, where that is known, and by the companies that registered and hold it; its hash
//! comes last. Time runs downwards. Each dataset stands below everything that it was made from, so every line runs down. A
//! long history is cut to what fits on a page, the nearest first; the page's table has them all.

use super::{
    markup::{Markup, Tag},
    words::{both, fitting, joined, label, name, Words},
    Extras,
};
use crate::{
    claims::{Claims, Dataset},
    value::Hex,
};
use std::collections::BTreeMap;
use wonbon_model::words::short;
use wonbon_primitives::dataset::Relation;

/// Most ancestors that are drawn.
const MAX_ANCESTORS: usize = 20;
/// Most rows of them.
const MAX_ROWS: usize = 6;
/// Most boxes side by side.
const MAX_BOXES_IN_ROW: usize = 4;

const DIAGRAM_WIDTH: usize = 720;
const BOX_SIZE: (usize, usize) = (170, 92);
/// Latin letters that fit in a line of a box: in its first, which is larger, and in the others.
const LETTERS: (usize, usize) = (24, 31);
/// From the top of a box to its first line, and from line to line.
const LINES: (usize, usize) = (18, 13);
const ROW_GAP: usize = 46;

/// A box of the graph.
struct Node<'a> {
    id: Hex,
    record: Option<&'a Dataset>,
    row: usize,
    column: usize,
    abreast: usize,
}

impl Node<'_> {
    fn left(&self) -> usize {
        let slot = DIAGRAM_WIDTH / self.abreast;
        slot * self.column + slot.saturating_sub(BOX_SIZE.0) / 2
    }

    fn top(&self) -> usize {
        1 + self.row * (BOX_SIZE.1 + ROW_GAP)
    }
}

/// The graph, and how many ancestors it leaves out.
pub(super) fn svg(claims: &Claims, extras: &Extras) -> (Markup, usize) {
    let most = claims.ancestors.len().min(MAX_ANCESTORS);
    // Fewer ancestors need no more rows, so the first that fit are the most that fit; one always does.
    let fitting =
        (1..=most).rev().find(|count| layers(claims, &claims.ancestors[..*count]).len() <= MAX_ROWS);
    let drawn = &claims.ancestors[..fitting.unwrap_or_default()];
    let versions = &claims.versions[claims.versions.len().saturating_sub(MAX_BOXES_IN_ROW)..];
    let mut layers = layers(claims, drawn);
    layers.push(vec![(claims.dataset.id, Some(&claims.dataset))]);
    if !versions.is_empty() {
        layers.push(versions.iter().map(|version| (version.dataset, None)).collect());
    }
    let mut nodes = Vec::new();
    for (row, layer) in layers.iter().enumerate() {
        for (column, (id, record)) in layer.iter().enumerate() {
            nodes.push(Node { id: *id, record: *record, row, column, abreast: layer.len() });
        }
    }

    let height = layers.len() * (BOX_SIZE.1 + ROW_GAP) - ROW_GAP + 2;
    let at: BTreeMap<Hex, &Node<'_>> = nodes.iter().map(|node| (node.id, node)).collect();
    let edges = nodes.iter().flat_map(|child| {
        let parents = match child.record {
            Some(record) => record.parents.iter().map(|parent| (parent.dataset, parent.relation)).collect(),
            None => vec![(claims.dataset.id, Relation::NewVersionOf)],
        };
        let at = &at;
        parents.into_iter().filter_map(move |(id, relation)| Some(edge(at.get(&id)?, child, relation)))
    });
    let (lines, labels): (Vec<_>, Vec<_>) = edges.unzip();
    let boxes = nodes.iter().map(|node| draw(node, claims, extras));
    let pieces: Vec<_> = lines.into_iter().chain(labels).chain(boxes).collect();
    let svg = Tag::new("svg")
        .class("lineage")
        .with("viewBox", format!("0 0 {DIAGRAM_WIDTH} {height}"))
        .with("role", "img")
        .with("aria-label", joined(label::LINEAGE))
        .holding(pieces);
    (svg, claims.ancestors.len() - drawn.len())
}

/// Boxes that stand side by side.
type Layer<'a> = Vec<(Hex, Option<&'a Dataset>)>;

/// The drawn ancestors in rows of boxes.
fn layers<'a>(claims: &'a Claims, drawn: &'a [Dataset]) -> Vec<Layer<'a>> {
    let rows = rows(claims, drawn);
    let parts = rows.iter().flat_map(|row| row.chunks(MAX_BOXES_IN_ROW));
    parts.map(|part| part.iter().map(|dataset| (dataset.id, Some(*dataset))).collect()).collect()
}

/// The drawn ancestors in rows, the oldest first: each row above everything that was made from it.
fn rows<'a>(claims: &'a Claims, drawn: &'a [Dataset]) -> Vec<Vec<&'a Dataset>> {
    let mut above: BTreeMap<Hex, usize> = drawn.iter().map(|dataset| (dataset.id, 1)).collect();
    // The longest way down to the dataset. Lineage has no circles, but the loop ends in any case.
    for _ in 0..drawn.len() {
        let mut moved = false;
        for dataset in std::iter::once(&claims.dataset).chain(drawn) {
            let own = above.get(&dataset.id).copied().unwrap_or_default();
            for parent in &dataset.parents {
                if let Some(row) = above.get_mut(&parent.dataset).filter(|row| **row <= own) {
                    *row = own + 1;
                    moved = true;
                }
            }
        }
        if !moved {
            break;
        }
    }
    let mut rows: BTreeMap<usize, Vec<&Dataset>> = BTreeMap::new();
    for dataset in drawn {
        rows.entry(above.get(&dataset.id).copied().unwrap_or_default()).or_default().push(dataset);
    }
    rows.into_values().rev().collect()
}

/// A line from parent to child, and how the child relates to it.
fn edge(parent: &Node<'_>, child: &Node<'_>, relation: Relation) -> (Markup, Markup) {
    let (x, y) = (parent.left() + BOX_SIZE.0 / 2, parent.top() + BOX_SIZE.1);
    let (to, end) = (child.left() + BOX_SIZE.0 / 2, child.top());
    let bend = end.saturating_sub(y) / 2;
    let (leaves, arrives, tip) = (y + bend, end.saturating_sub(bend), end.saturating_sub(6));
    let path = format!("M{x},{y}C{x},{leaves} {to},{arrives} {to},{tip}");
    let line = Tag::new("path").class("edge").with("d", path).holding([]);
    let arrow = Tag::new("path").class("arrow").with("d", format!("M{to},{end}l-4,-7h8z")).holding([]);
    // Beside the child's end of the line, where lines are furthest apart.
    let label = text("relation", (x + 3 * to) / 4, end.saturating_sub(ROW_GAP / 3), both(&relation).0);
    (Markup::all([line, arrow]), label)
}

/// A text with its middle at this place.
fn text(class: &'static str, x: usize, y: usize, text: &str) -> Markup {
    Tag::new("text").class(class).with("x", x).with("y", y).with("text-anchor", "middle").text(text)
}

fn draw(node: &Node<'_>, claims: &Claims, extras: &Extras) -> Markup {
    let (left, top) = (node.left(), node.top());
    let withdrawn = node.record.is_some_and(|record| record.withdrawn.is_some());
    let class = match (node.id == claims.dataset.id, withdrawn) {
        (true, false) => "box subject",
        (true, true) => "box subject withdrawn",
        (false, false) => "box",
        (false, true) => "box withdrawn",
    };
    let frame = Tag::new("rect")
        .class(class)
        .with("x", left)
        .with("y", top)
        .with("width", BOX_SIZE.0)
        .with("height", BOX_SIZE.1)
        .with("rx", 4)
        .holding([]);
    let mut lines = node
        .record
        .map_or_else(|| vec![("name", joined(label::NEW_VERSION))], |record| facts(record, claims, extras));
    if withdrawn {
        lines.push(("gone", joined(label::WITHDRAWN)));
    }
    lines.push(("id", short(node.id)));
    let heights = (0..).map(|line| top + LINES.0 + line * LINES.1);
    let middle = left + BOX_SIZE.0 / 2;
    let texts = lines.into_iter().zip(heights).map(|((class, line), y)| {
        let letters = if class == "name" { LETTERS.0 } else { LETTERS.1 };
        text(class, middle, y, &fitting(&line, letters))
    });
    Tag::new("g").holding(std::iter::once(frame).chain(texts))
}

/// What a box says about a dataset, by the class of each line.
fn facts(record: &Dataset, claims: &Claims, extras: &Extras) -> Vec<(&'static str, String)> {
    let method = joined(both(&record.method));
    let day = record.registered.time.korean_day();
    let who = |role: Words, account| ("fact", format!("{} {}", joined(role), name(claims, account)));
    let (title, made) = match extras.title(record) {
        Some(title) => (title.to_owned(), format!("{method} · {day}")),
        None => (method, day),
    };
    vec![
        ("name", title),
        who(label::BOX_REGISTRANT, &record.registrant),
        who(label::BOX_OWNER, &record.owner),
        ("fact", made),
    ]
}
