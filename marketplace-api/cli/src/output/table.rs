//! Tables and lists of fields that line up on a terminal, Korean included (a Hangul syllable is two columns).

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How a column is aligned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Text.
    Left,
    /// Numbers.
    Right,
}

/// A table with a header.
#[derive(Clone, Debug)]
pub struct Table {
    header: Vec<(&'static str, Align)>,
    rows: Vec<Vec<String>>,
}

/// A cell has at most so many terminal columns; longer text is cut with an ellipsis.
const MAX_CELL_WIDTH: usize = 64;

impl Table {
    /// A table with these columns.
    pub fn new(header: &[(&'static str, Align)]) -> Table {
        Table { header: header.to_vec(), rows: Vec::new() }
    }

    /// Adds a row; missing cells are empty.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(
            cells
                .into_iter()
                .take(self.header.len())
                .map(|cell| fit(&clean(&cell), MAX_CELL_WIDTH))
                .collect(),
        );
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

impl std::fmt::Display for Table {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut widths: Vec<usize> = self.header.iter().map(|(name, _)| name.width()).collect();
        for row in &self.rows {
            for (cell, width) in row.iter().zip(&mut widths) {
                *width = (*width).max(cell.width());
            }
        }
        let line = |out: &mut std::fmt::Formatter<'_>, cells: &[&str]| {
            let mut text = String::new();
            for (index, width) in widths.iter().enumerate() {
                let cell = cells.get(index).copied().unwrap_or("");
                let padding = " ".repeat(width - cell.width().min(*width));
                if index > 0 {
                    text.push_str("  ");
                }
                match self.header[index].1 {
                    Align::Left => text.push_str(&format!("{cell}{padding}")),
                    Align::Right => text.push_str(&format!("{padding}{cell}")),
                }
            }
            writeln!(out, "{}", text.trim_end())
        };
        line(out, &self.header.iter().map(|(name, _)| *name).collect::<Vec<_>>())?;
        for row in &self.rows {
            line(out, &row.iter().map(String::as_str).collect::<Vec<_>>())?;
        }
        Ok(())
    }
}

/// `name   value` lines with the values under one another.
pub fn fields(pairs: &[(&str, String)]) -> String {
    let widest = pairs.iter().map(|(name, _)| name.width()).max().unwrap_or(0);
    let mut text = String::new();
    for (name, value) in pairs {
        let mut lines = value.lines();
        let first = clean(lines.next().unwrap_or(""));
        text.push_str(&format!("{name}{}  {first}", " ".repeat(widest - name.width())));
        text.truncate(text.trim_end().len());
        text.push('\n');
        for line in lines {
            text.push_str(&format!("{}  {}\n", " ".repeat(widest), clean(line)));
        }
    }
    text
}

/// Text that others wrote, without control characters: it must not steer the reader's terminal.
pub fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || is_bidi_control(c) { '\u{fffd}' } else { c }).collect()
}

fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}

/// Cuts text to a width, with an ellipsis.
pub fn fit(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut cut = String::new();
    let mut used = 0;
    for c in text.chars() {
        let wide = c.width().unwrap_or(0);
        if used + wide + 1 > width {
            break;
        }
        used += wide;
        cut.push(c);
    }
    cut.push('…');
    cut
}

/// The head of an identifier, enough to recognise it in a list.
pub fn short(id: &str) -> String {
    if id.len() > 16 && id.is_ascii() {
        format!("{}…", &id[..12])
    } else {
        id.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn korean_lines_up() {
        let mut table =
            Table::new(&[("OFFER", Align::Right), ("TITLE", Align::Left), ("PRICE", Align::Right)]);
        table.row(["0".into(), "밀링 진동".into(), "1,500,000 KRW".into()]);
        table.row(["12".into(), "milling".into(), "900 KRW".into()]);
        assert_eq!(
            table.to_string(),
            "OFFER  TITLE              PRICE\n    0  밀링 진동  1,500,000 KRW\n   12  milling          900 KRW\n"
        );
    }

    #[test]
    fn fields_line_up_and_wrap() {
        assert_eq!(
            fields(&[("id", "7".into()), ("제목", "a\nb".into()), ("none", String::new())]),
            "id    7\n제목  a\n      b\nnone\n"
        );
    }

    #[test]
    fn nothing_that_others_wrote_steers_the_terminal() {
        assert_eq!(clean("a\u{1b}[2Jb\u{202e}c"), "a\u{fffd}[2Jb\u{fffd}c");
        assert_eq!(fit("온도와 압력", 7), "온도와…");
        assert_eq!(short("0123456789abcdef0123"), "0123456789ab…");
        assert_eq!(short("5"), "5");
    }
}
