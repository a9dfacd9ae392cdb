//! Tests of finding.

use super::*;

fn block_on<T>(work: impl std::future::Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(work)
}

fn metadata(title: &str, keywords: &[&str], columns: &[&str], description: &str) -> Metadata {
    let columns: Vec<_> =
        columns.iter().map(|name| serde_json::json!({ "name": name, "type": "number" })).collect();
    let document = serde_json::json!({
        "schema": "wonbon/metadata/1", "title": title, "description": description, "keywords": keywords,
        "length": 1, "profile": { "format": "csv", "columns": columns },
    });
    Metadata::read(document).unwrap()
}

/// An index of documents with these titles; the hash of each is its place.
fn titles(titles: &[&str]) -> SearchIndex {
    let index = SearchIndex::new().unwrap();
    for (place, title) in titles.iter().enumerate() {
        index.insert(Hash([place as u8; 32]), &metadata(title, &[], &[], ""));
    }
    index
}

fn score(index: &SearchIndex, question: &str, document: u8, owner: Option<&str>) -> Option<u32> {
    block_on(index.flush());
    let question = Question::new(question).unwrap();
    let found = index.find(&question).unwrap();
    found.score(Hash([document; 32]), owner)
}

/// The places of the documents that are found.
fn found(index: &SearchIndex, question: &str) -> Vec<u8> {
    let count = index.entries.read().unwrap().len() as u8;
    (0..count).filter(|place| score(index, question, *place, None).is_some()).collect()
}

#[test]
fn words_are_found_in_any_form_and_case() {
    let index = SearchIndex::new().unwrap();
    index.insert(Hash([0; 32]), &metadata("절삭 가공 Spindle 데이터", &["CNC"], &["진동_X"], ""));
    let hit = |text: &str, owner| score(&index, text, 0, owner).is_some();
    assert!(hit("절삭 spindle", None));
    // Hangul as separate letters, as some systems type it.
    use unicode_normalization::UnicodeNormalization as _;
    assert!(hit(&"데이터".nfd().collect::<String>(), None));
    assert!(hit("ＣＮＣ 진동_x", None));
    assert!(hit("한빛 절삭", Some("한빛정밀")));
    assert!(!hit("절삭 소음", None));
    assert!(Question::new("  \t").is_none());
    assert_eq!(index.summary(Hash([0; 32])).unwrap().title, "절삭 가공 Spindle 데이터");
    assert_eq!(index.summary(Hash([1; 32])), None);
}

#[test]
fn korean_is_found_anywhere_in_a_word() {
    let index =
        titles(&["고강도강판을 절단한 기록", "공작기계 진동", "공작 기계 온도", "철", "머시닝센터의 부하"]);
    assert_eq!(found(&index, "강판"), [0]);
    assert_eq!(found(&index, "강도강"), [0]);
    assert_eq!(found(&index, "판을"), [0]);
    // One letter, at the end and alone.
    assert_eq!(found(&index, "을"), [0]);
    assert_eq!(found(&index, "철"), [3]);
    assert_eq!(found(&index, "머시닝 센터"), [4]);
    // A compound written apart or in one is the same thing, the same way of writing it first.
    assert_eq!(found(&index, "공작기계"), [1, 2]);
    assert_eq!(found(&index, "공작 기계"), [1, 2]);
    assert!(score(&index, "공작기계", 1, None) > score(&index, "공작기계", 2, None));
    // Letters on both sides of white space are no word.
    assert!(found(&index, "계진").is_empty());
    assert!(found(&index, "강판절단").is_empty());
}

#[test]
fn latin_words_are_found_whole_by_their_beginning_and_inside() {
    let index = titles(&["spin test", "spindle load", "main-spindle", "sp in"]);
    assert_eq!(found(&index, "spin"), [0, 1, 2]);
    assert_eq!(found(&index, "pind"), [1, 2]);
    assert_eq!(found(&index, "main-sp"), [2]);
    assert!(score(&index, "spin", 0, None) > score(&index, "spin", 1, None));
    assert!(score(&index, "spin", 1, None) > score(&index, "pind", 1, None));
    assert!(found(&index, "spinx").is_empty());
}

#[test]
fn the_title_counts_more_than_what_follows() {
    let index = SearchIndex::new().unwrap();
    for (place, document) in [
        metadata("torque", &[], &[], ""),
        metadata("a", &["torque"], &[], ""),
        metadata("a", &[], &["torque"], ""),
        metadata("a", &[], &[], "torque"),
        metadata("torque", &["torque"], &["torque"], "torque torque"),
    ]
    .iter()
    .enumerate()
    {
        index.insert(Hash([place as u8; 32]), document);
    }
    let scores: Vec<_> = (0..5).map(|place| score(&index, "torque", place, None).unwrap()).collect();
    assert_eq!(scores, [16, 12, 8, 4, 16]);
    // A name counts too, and does not add to what the text gives.
    assert_eq!(score(&index, "torque", 3, Some("Torque Inc")), Some(8));
    assert_eq!(score(&index, "torque", 0, Some("Torque Inc")), Some(16));
    assert_eq!(score(&index, "torque", 9, Some("Torque Inc")), Some(8), "no document, the name alone");
}

#[test]
fn scores_do_not_depend_on_what_else_is_there() {
    let index = titles(&["절삭 가공 데이터"]);
    let before = score(&index, "가공 데이", 0, None);
    assert!(before.is_some());
    for place in 1..200 {
        index.insert(Hash([place; 32]), &metadata("가공 데이터 가공", &["데이터"], &[], "절삭"));
    }
    assert_eq!(score(&index, "가공 데이", 0, None), before);
    assert_eq!(found(&index, "가공 데이").len(), 200);
}

#[test]
fn hostile_questions_find_nothing_and_break_nothing() {
    let index = titles(&["절삭 가공 spindle", "\u{10ffff}\u{10fffe} a"]);
    let long = "a".repeat(MAX_QUESTION_CHARS);
    let many =
        (0..MAX_QUESTION_CHARS / 2).map(|word| char::from_u32(0xac00 + word as u32).unwrap().to_string());
    let many = many.collect::<Vec<_>>().join(" ");
    assert_eq!(Question::new(&many).unwrap().words.len(), MAX_QUESTION_WORDS);
    for odd in [
        "\"",
        "*",
        "title:절삭",
        "절삭 AND",
        "(((",
        ".*",
        "a\\",
        "\0",
        "\u{200b}",
        "\u{feff}",
        "[a TO z]",
        "~2",
        "-spindle",
        "\u{1f1f0}\u{1f1f7}",
        "ㄱㄴ",
        "\u{10ffff}z",
        &long,
        &many,
        "a^9999",
        "%",
        "_",
    ] {
        assert!(found(&index, odd).is_empty(), "{odd:?}");
    }
    // What looks like an operator is text.
    assert_eq!(found(&titles(&["a AND (b:*)"]), "and (b:*)"), [0]);
    assert_eq!(found(&index, "\u{10ffff}"), [1]);
}

#[test]
fn a_long_document_is_cut_and_an_empty_one_is_not_found() {
    let index = SearchIndex::new().unwrap();
    let words: Vec<String> = (0..400).map(|word| format!("w{word}")).collect();
    index.insert(Hash([0; 32]), &metadata("긴 문서", &[], &[], &words.join(" ")));
    index.insert(Hash([1; 32]), &metadata("x", &[], &[], ""));
    assert_eq!(found(&index, "w100"), [0]);
    assert!(found(&index, "w399").is_empty());
    assert!(found(&titles(&[]), "a").is_empty());
    // The same document again is the same document.
    index.insert(Hash([1; 32]), &metadata("x", &[], &[], ""));
    assert_eq!(index.entries.read().unwrap().len(), 2);
}

#[test]
fn documents_that_come_at_once_are_all_found() {
    let index = SearchIndex::new().unwrap();
    std::thread::scope(|scope| {
        for part in 0..4u8 {
            let index = &index;
            scope.spawn(move || {
                for place in (part * 60)..(part * 60 + 60) {
                    index.insert(Hash([place; 32]), &metadata(&format!("torque {place}"), &[], &[], ""));
                }
            });
        }
    });
    assert_eq!(found(&index, "torque").len(), 240);
}
