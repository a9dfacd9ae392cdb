//! The page's colours: whatever is written can be read, by the measure of WCAG 2.2, level AA.
//!
//! Every colour is a variable of the style and stands in one of the lists below, so that none is missed.

use super::super::page::STYLE;
use std::collections::BTreeMap;

/// What is written, on any of the light grounds.
const TEXTS: [&str; 6] = ["ink", "quiet", "seal", "good", "bad", "warn"];
/// What is light and is written on.
const GROUNDS: [&str; 3] = ["paper", "wash", "subject"];
/// The page's surroundings and lines that only divide: nothing is written on them and nothing is told by them.
const DECORATION: [&str; 5] = ["desk", "line", "hair", "rim", "rule"];
/// Lines that tell something.
const DRAWN: [&str; 1] = ["edge"];

/// Contrast that text needs (1.4.3), and what graphics need (1.4.11).
const OF_TEXT: f64 = 4.5;
const OF_GRAPHICS: f64 = 3.0;

/// Relative luminance of a colour such as `#1b1f27` or `#fff`.
fn luminance(colour: &str) -> f64 {
    let digits = colour.strip_prefix('#').unwrap();
    let width = digits.len() / 3;
    let channel = |index: usize| {
        let digits = &digits[index * width..][..width];
        let value = f64::from(u8::from_str_radix(&digits.repeat(2 / width), 16).unwrap()) / 255.0;
        if value <= 0.040_45 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * channel(0) + 0.7152 * channel(1) + 0.0722 * channel(2)
}

fn ratio(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Selector, property and value.
type Declaration = (&'static str, &'static str, &'static str);

/// The colours of the style by the names of their variables, and all declarations after them.
fn style() -> (BTreeMap<&'static str, &'static str>, Vec<Declaration>) {
    let (root, rest) = STYLE.strip_prefix(":root {").unwrap().split_once('}').unwrap();
    let declaration = |text: &'static str| text.trim().split_once(": ");
    let variable = |(name, value): (&'static str, &'static str)| (name.strip_prefix("--").unwrap(), value);
    let colours = root.split(';').filter_map(declaration).map(variable).collect();
    // A rule within a `@media` has that before its selector.
    let rules = rest.split('}').filter_map(|rule| rule.rsplit_once('{'));
    let selector = |text: &'static str| text.rsplit('{').next().unwrap_or_default().trim();
    let declarations = rules.flat_map(|(before, body)| {
        let parts = body.split(';').filter_map(declaration);
        parts.map(move |(property, value)| (selector(before), property, value))
    });
    (colours, declarations.collect())
}

#[test]
fn what_is_written_can_be_read() {
    let (colours, _) = style();
    let known = [&TEXTS[..], &GROUNDS, &DECORATION, &DRAWN].concat();
    for name in colours.keys() {
        assert!(known.contains(name), "--{name} stands in no list");
    }
    for (names, least) in [(&TEXTS[..], OF_TEXT), (&DRAWN, OF_GRAPHICS)] {
        for name in names {
            for ground in GROUNDS {
                let found = ratio(colours[name], colours[ground]);
                assert!(found >= least, "--{name} on --{ground}: {found:.2}");
            }
        }
    }
}

/// The variables that a value names.
fn named(value: &'static str) -> Vec<&'static str> {
    value.split("var(--").skip(1).map(|rest| rest.split_once(')').unwrap().0).collect()
}

/// Whether a rule is about a text of a drawing.
fn is_drawn_text(selector: &str) -> bool {
    let last = selector.rsplit(' ').next().unwrap_or_default();
    ["text", ".name", ".fact", ".id", ".relation", ".gone"].contains(&last)
}

#[test]
fn every_colour_is_one_that_was_looked_at() {
    let (_, declarations) = style();
    for &(selector, property, value) in &declarations {
        let rule = format!("{selector} {{ {property}: {value} }}");
        assert!(["#", "rgb", "hsl"].iter().all(|form| !value.contains(form)), "{rule}");
        let colours = named(value);
        let is_text = colours.iter().any(|name| TEXTS.contains(name));
        match property {
            // Light on dark: the ground is named beside it.
            "color" if colours == ["paper"] => {
                let ground =
                    declarations.iter().find(|(at, what, _)| (*at, *what) == (selector, "background"));
                let ground = ground.and_then(|(_, _, value)| named(value).pop());
                assert!(ground.is_some_and(|ground| TEXTS.contains(&ground)), "{rule}");
            }
            "color" => assert!(is_text || value == "inherit", "{rule}"),
            "background" => {
                let light = colours.iter().any(|name| GROUNDS.contains(name) || *name == "desk");
                let light_on_it = declarations.contains(&(selector, "color", "var(--paper)"));
                assert!(light || light_on_it, "{rule}");
            }
            // The one word on the seal.
            "fill" if selector == ".seal text" => assert_eq!(colours, ["paper"]),
            "fill" if is_drawn_text(selector) => assert!(is_text, "{rule}"),
            _ => {}
        }
    }
    // English is quieter than Korean, but not on a dark ground.
    for within in [".verdict .en", ".banner .en"] {
        let inherits = |(selector, property, value): &Declaration| {
            selector.split(", ").any(|one| one == within) && (*property, *value) == ("color", "inherit")
        };
        assert!(declarations.iter().any(inherits), "{within}");
    }
}

#[test]
fn the_measure_is_that_of_wcag() {
    assert!((ratio("#000", "#ffffff") - 21.0).abs() < 1e-9);
    assert!((ratio("#777777", "#fff") - 4.48).abs() < 0.005);
}
