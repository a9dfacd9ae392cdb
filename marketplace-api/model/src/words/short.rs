//! Identifiers in short, where the whole stands elsewhere.

use std::fmt::Display;

/// The head of a hash or an address, enough to recognise it in a list: `0123456789ab…`.
pub fn short(id: impl Display) -> String {
    let id = id.to_string();
    match id.get(..12) {
        Some(head) if id.len() > 16 => format!("{head}…"),
        _ => id,
    }
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn the_head_stands_for_the_whole() {
        assert_eq!(short("0123456789abcdef0123"), "0123456789ab…");
        assert_eq!(short("5"), "5");
        assert_eq!(short("십이 바이트를 넘는 이름"), "십이 바이트를 넘는 이름");
    }
}
