//! Tables and lists of fields that line up on a terminal, Korean included (a Hangul syllable is two columns).

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// A table with a header.
#[derive(Clone, Debug)]
pub struct Table {
    /// Each with whether it is aligned to the right.
    columns: Vec<(&'static str, bool)>,
    rows: Vec<Vec<String>>,
}

/// A cell has at most so many terminal columns; longer text is cut with an ellipsis.
const MAX_CELL_WIDTH: usize = 64;

impl Table {
    /// A table with these columns; those whose name ends with `>` hold numbers, and are aligned to the right.
    pub fn new<const N: usize>(header: [&'static str; N], rows: impl Iterator<Item = [String; N]>) -> Table {
        let column = |name: &'static str| (name.trim_end_matches('>'), name.ends_with('>'));
        let row = |cells: [String; N]| cells.map(|cell| fit(&clean(&cell), MAX_CELL_WIDTH)).to_vec();
        Table { columns: header.map(column).to_vec(), rows: rows.map(row).collect() }
    }

    /// The table, or a line in its place if it has no row.
    pub fn or(&self, nothing: &str) -> String {
        match self.rows.is_empty() {
            true => format!("{nothing}\n"),
            false => self.to_string(),
        }
    }
}

impl std::fmt::Display for Table {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<String> = self.columns.iter().map(|(name, _)| (*name).to_owned()).collect();
        let mut widths = vec![0; names.len()];
        for line in std::iter::once(&names).chain(&self.rows) {
            widths.iter_mut().zip(line).for_each(|(width, cell)| *width = cell.width().max(*width));
        }
        for line in std::iter::once(&names).chain(&self.rows) {
            let mut text = String::new();
            for (index, ((cell, width), (_, right))) in
                line.iter().zip(&widths).zip(&self.columns).enumerate()
            {
                let padding = " ".repeat(width.saturating_sub(cell.width()));
                text += if index > 0 { "  " } else { "" };
                text += &if *right { padding + cell } else { cell.clone() + &padding };
            }
            writeln!(out, "{}", text.trim_end())?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn korean_lines_up() {
        let rows = [["0", "밀링 진동", "1,500,000 KRW"], ["12", "milling", "900 KRW"]];
        let rows = rows.map(|row| row.map(str::to_owned));
        let table = Table::new(["OFFER>", "TITLE", "PRICE>"], rows.into_iter());
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
    }
}
