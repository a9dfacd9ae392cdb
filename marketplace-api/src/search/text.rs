//! How text is cut for finding it.
//!
//! Text is brought to Unicode's NFKC form and to lower case first, so that Hangul typed on any system and letters of
//! any width and case are the same. Then it is cut twice:
//!
//! - into *words*, runs of letters and digits, for Latin script: found whole or by their beginning;
//! - into *grams*, every two and every three letters of what stands between white space, with their places, for
//!   Korean, where particles and compounds leave no white space to go by: found anywhere.
//!
//! Places go on over white space, so that a compound can be found although it was written apart.

use unicode_normalization::UnicodeNormalization;

/// Most characters of a word. What is longer is found by its grams.
const MAX_WORD_CHARS: usize = 64;
/// Stands behind the last letter before white space, so that a gram begins at that letter too.
const WORD_END: char = '\n';

/// A gram and its place.
pub(super) type Gram = (usize, String);

/// The form in which text is compared.
pub(super) fn fold(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).collect()
}

/// The words of folded text.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|character: char| !character.is_alphanumeric());
    words.filter(|word| !word.is_empty() && word.chars().count() <= MAX_WORD_CHARS)
}

/// The grams of folded text.
pub(super) fn grams(text: &str) -> Vec<Gram> {
    let mut grams = Vec::new();
    let mut place = 0;
    for run in text.split_whitespace() {
        let letters: Vec<char> = run.chars().collect();
        for at in 0..letters.len() {
            let second = letters.get(at + 1).copied().unwrap_or(WORD_END);
            grams.push((place + at, String::from_iter([letters[at], second])));
            if let Some(three) = letters.get(at..at + 3) {
                grams.push((place + at, three.iter().collect()));
            }
        }
        place += letters.len();
    }
    grams
}

/// Grams that together are found exactly where the word is: each shares a letter with the next, so that none lies
/// on the other side of white space. `None` for less than two letters.
pub(super) fn cover(word: &[char]) -> Option<Vec<Gram>> {
    match word.len() {
        0 | 1 => None,
        2 | 3 => Some(vec![(0, word.iter().collect())]),
        length => {
            let last = length - 3;
            let places = (0..last).step_by(2).chain([last]);
            Some(places.map(|at| (at, word[at..at + 3].iter().collect())).collect())
        }
    }
}

/// Most letters of a word that is looked for written apart.
const MAX_COMPOUND_CHARS: usize = 12;

/// The ways to find a Korean compound that may be written apart: as two parts, each of two letters or more.
pub(super) fn parts(word: &[char]) -> Vec<Vec<Gram>> {
    let hangul = |letter: &char| ('가'..='힣').contains(letter);
    if !(4..=MAX_COMPOUND_CHARS).contains(&word.len()) || !word.iter().all(hangul) {
        return Vec::new();
    }
    let apart = |at: usize| {
        let (first, second) = word.split_at(at);
        let second = cover(second)?.into_iter().map(|(place, gram)| (at + place, gram));
        Some(cover(first)?.into_iter().chain(second).collect())
    };
    (2..=word.len() - 2).filter_map(apart).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chars(word: &str) -> Vec<char> {
        word.chars().collect()
    }

    #[test]
    fn forms_of_the_same_text_fold_to_one() {
        let form = "데이터".nfd().collect::<String>();
        assert_ne!(form, "데이터");
        assert_eq!(fold(&form), "데이터");
        assert_eq!(fold("ＣＮＣ Σ ﬁ"), "cnc σ fi");
    }

    #[test]
    fn grams_have_places_that_go_on_over_white_space() {
        let found = grams("철판 abc");
        let expected = [(0, "철판"), (1, "판\n"), (2, "ab"), (2, "abc"), (3, "bc"), (4, "c\n")]
            .map(|(at, gram)| (at, gram.into()));
        assert_eq!(found, expected);
        assert!(grams(" \t").is_empty());
        assert_eq!(words("진동_x, spindle-2 (축)").collect::<Vec<_>>(), ["진동", "x", "spindle", "2", "축"]);
    }

    #[test]
    fn a_cover_touches_every_letter_and_overlaps() {
        for word in ["ab", "abc", "abcd", "abcde", "abcdef", "가나다라마바사"] {
            let letters = chars(word);
            let cover = cover(&letters).unwrap();
            let mut covered = 0;
            for (at, gram) in &cover {
                assert!(*at == 0 || *at < covered, "{word}: {cover:?}");
                assert_eq!(chars(gram), letters[*at..at + gram.chars().count()]);
                covered = at + gram.chars().count();
            }
            assert_eq!(covered, letters.len(), "{word}");
        }
        assert!(cover(&chars("가")).is_none());
    }

    #[test]
    fn only_korean_compounds_are_looked_for_apart() {
        let apart = parts(&chars("절삭가공"));
        assert_eq!(apart, [vec![(0, "절삭".to_owned()), (2, "가공".to_owned())]]);
        assert_eq!(parts(&chars("머시닝센터")).len(), 2);
        for other in ["장비다", "spindle", "cnc데이터", ""] {
            assert!(parts(&chars(other)).is_empty(), "{other}");
        }
    }
}
