//! A short text as a QR code in SVG, for scanning off a printed page.

use super::markup::{Markup, Tag};
use qrcodegen::{QrCode, QrCodeEcc};
use std::fmt::Write as _;

/// White modules around the code, which readers need.
const QUIET_ZONE: i32 = 4;

/// The code of a short text; nothing if it is too long for any code.
pub fn svg(text: &str) -> Markup {
    let Ok(code) = QrCode::encode_text(text, QrCodeEcc::Medium) else { return Markup::none() };
    let mut path = String::new();
    for y in 0..code.size() {
        // One stroke for each run of dark modules: thousands of squares would show hairlines between them.
        let mut x = 0;
        while x < code.size() {
            let run = (x..code.size()).take_while(|x| code.get_module(*x, y)).count() as i32;
            if run > 0 {
                write!(path, "M{},{}h{run}v1h-{run}z", x + QUIET_ZONE, y + QUIET_ZONE)
                    .expect("writing to a string does not fail");
            }
            x += run.max(1);
        }
    }
    let side = code.size() + 2 * QUIET_ZONE;
    Tag::new("svg")
        .class("qr")
        .with("viewBox", format!("0 0 {side} {side}"))
        .with("role", "img")
        .with("aria-label", format!("QR: {text}"))
        .holding([
            Tag::new("rect").with("width", side).with("height", side).with("fill", "#fff").holding([]),
            Tag::new("path").with("d", path).with("fill", "#000").holding([]),
        ])
}
