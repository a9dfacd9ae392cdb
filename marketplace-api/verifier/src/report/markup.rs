//! HTML and SVG that cannot be broken out of.
//!
//! The only way from a text to [`Markup`] escapes it; names of elements, classes and attributes are literals.

use super::words::is_shown;

/// A piece of a page.
#[derive(Clone, Default)]
pub struct Markup(String);

impl Markup {
    /// Nothing.
    pub fn none() -> Self {
        Self::default()
    }

    /// A text, escaped. What is not shown ([`is_shown`]) is left out.
    pub fn text(text: &str) -> Self {
        let mut out = String::with_capacity(text.len());
        escape(text, &mut out);
        Self(out)
    }

    /// Markup that is written in this program.
    pub fn literal(markup: &'static str) -> Self {
        Self(markup.to_owned())
    }

    /// A text in Korean and English.
    pub fn both((korean, english): (impl AsRef<str>, impl AsRef<str>)) -> Self {
        Self::all([
            Tag::new("span").class("ko").with("lang", "ko").text(korean.as_ref()),
            Self::literal(" "),
            Tag::new("span").class("en").with("lang", "en").text(english.as_ref()),
        ])
    }

    /// A digest, an account or the like, in letters of one width.
    pub fn code(text: impl ToString) -> Self {
        Tag::new("code").text(&text.to_string())
    }

    /// One piece after the other.
    pub fn all(pieces: impl IntoIterator<Item = Self>) -> Self {
        Self(pieces.into_iter().map(|piece| piece.0).collect())
    }

    /// What was written.
    pub fn into_string(self) -> String {
        self.0
    }
}

/// An element that is being written: its attributes first, then what it holds.
pub struct Tag {
    name: &'static str,
    open: String,
}

impl Tag {
    /// An element of this name.
    pub fn new(name: &'static str) -> Self {
        Self { name, open: format!("<{name}") }
    }

    /// Adds a class.
    pub fn class(self, class: &'static str) -> Self {
        self.with("class", class)
    }

    /// Adds an attribute, with its value escaped.
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.open.push(' ');
        self.open.push_str(name);
        self.open.push_str("=\"");
        escape(&value.to_string(), &mut self.open);
        self.open.push('"');
        self
    }

    /// The element with these pieces in it.
    pub fn holding(self, pieces: impl IntoIterator<Item = Markup>) -> Markup {
        let mut out = self.open;
        out.push('>');
        for piece in pieces {
            out.push_str(&piece.0);
        }
        out.push_str("</");
        out.push_str(self.name);
        out.push('>');
        Markup(out)
    }

    /// The element with a text in it.
    pub fn text(self, text: &str) -> Markup {
        self.holding([Markup::text(text)])
    }

    /// The element with a text in Korean and English in it.
    pub fn both(self, words: (impl AsRef<str>, impl AsRef<str>)) -> Markup {
        self.holding([Markup::both(words)])
    }
}

fn escape(text: &str, out: &mut String) {
    for character in text.chars().filter(is_shown) {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_leaves_its_place() {
        let nasty = "<script>alert('x')</script>\"&\u{202e}\u{0}";
        let page = Tag::new("td").with("title", nasty).text(nasty).into_string();
        let escaped = "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;";
        assert_eq!(page, format!("<td title=\"{escaped}\">{escaped}</td>"));
    }
}
