//! Texts that others wrote, made fit for every document.
//!
//! JSON, Turtle and XML escape what they must; but XML 1.0 has no way at all to write most control characters, and
//! AAS forbids in JSON whatever XML cannot say. So those go, everywhere alike. Nothing else is changed: quotes,
//! markup, right-to-left letters and every script stay.

/// One line: line breaks and other control characters become spaces, and no space stands at either end.
pub fn line(text: &str) -> String {
    let line: String =
        text.chars().filter(is_writable).map(|c| if c.is_control() { ' ' } else { c }).collect();
    line.trim().to_owned()
}

/// A text of several lines: tabs and line breaks stay.
pub fn prose(text: &str) -> String {
    let prose: String = text.chars().filter(is_writable).collect();
    prose.trim().to_owned()
}

/// A text that says something.
pub(crate) fn filled(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

/// At most so many characters; what was longer ends with an ellipsis.
pub fn clip(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut clipped: String = text.chars().take(most.saturating_sub(1)).collect();
    clipped.push('…');
    clipped
}

/// Whether XML 1.0 can write the character.
fn is_writable(c: &char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// A language tag (BCP 47) of language, script and region, as far as it is one.
pub fn language(tag: &str) -> Option<String> {
    let mut parts = tag.split('-').peekable();
    let all = |part: &str, is: fn(&u8) -> bool| part.bytes().all(|byte| is(&byte));
    let first = parts.next()?;
    let mut good = matches!(first.len(), 2 | 3) && all(first, u8::is_ascii_alphabetic);
    parts.next_if(|part| part.len() == 4 && all(part, u8::is_ascii_alphabetic));
    parts.next_if(|part| {
        (part.len() == 2 && all(part, u8::is_ascii_alphabetic))
            || (part.len() == 3 && all(part, u8::is_ascii_digit))
    });
    good &= parts.next().is_none();
    good.then(|| tag.to_owned())
}

/// A media type without parameters, if it is one: two tokens (RFC 9110) and a slash.
pub fn media_type(text: &str) -> Option<String> {
    let token = |part: &str| {
        (1..=64).contains(&part.len())
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&byte))
    };
    let (kind, subtype) = text.split_once('/')?;
    (token(kind) && token(subtype)).then(|| text.to_ascii_lowercase())
}

/// A name that a file beside the document can have on any system: no folder, no pattern, nothing hidden.
pub fn file_name(name: &str) -> Option<String> {
    let name: String = line(name)
        .chars()
        .map(|c| if "/\\:*?\"<>|[]{}%#&".contains(c) { '_' } else { c })
        .take(200)
        .collect();
    let name = name.trim_matches(['.', ' ']).to_owned();
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_document_can_write_goes() {
        assert_eq!(line(" a\u{0}\u{1}\tb\r\nc\u{85}\u{fffe} "), "a b  c");
        assert_eq!(prose("\u{7}가\n\"x\"\u{202e}"), "가\n\"x\"\u{202e}");
        assert_eq!(clip("가나다라", 3), "가나…");
        assert_eq!(clip("가나다", 3), "가나다");
    }

    #[test]
    fn language_tags() {
        for good in ["ko", "en-GB", "zh-Hant-TW", "es-419", "und"] {
            assert_eq!(language(good).as_deref(), Some(good));
        }
        for bad in ["", "k", "k o", "ko-", "-ko", "korean", "ko\"@", "en-GB-oed", "ko-x-a"] {
            assert_eq!(language(bad), None, "{bad}");
        }
    }

    #[test]
    fn media_types() {
        assert_eq!(media_type("Text/CSV").as_deref(), Some("text/csv"));
        for bad in ["", "text", "text/", "/csv", "text/csv; charset=x", "te xt/csv", "a/b/c", "a/<b>"] {
            assert_eq!(media_type(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_file_name_stays_in_its_folder() {
        assert_eq!(file_name("../../etc/passwd").as_deref(), Some("_.._etc_passwd"));
        assert_eq!(file_name("밀링 1.csv").as_deref(), Some("밀링 1.csv"));
        assert_eq!(file_name("*[a]?.csv").as_deref(), Some("__a__.csv"));
        assert_eq!(file_name(" .. "), None);
    }
}
