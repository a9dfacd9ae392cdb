//! Names, labelled hashes and the digest of an order's terms.

use codec::{Decode, Encode};
use wonbon_primitives::{
    id::from_hex,
    label,
    record::{announcement, Derivation, OrderTerms, Royalty},
    share::Share,
    DatasetId,
};

#[test]
fn a_value_has_one_text() {
    let text = "00ff0123456789abcdef0123456789abcdef0123456789abcdef0123456789ab";
    let id: DatasetId = text.parse().unwrap();
    assert_eq!(id.to_string(), text);
    assert_eq!(serde_json::to_string(&id).unwrap(), format!("\"{text}\""));
    assert_eq!(serde_json::from_str::<DatasetId>(&format!("\"{text}\"")).unwrap(), id);
    assert_eq!(DatasetId::decode(&mut id.encode().as_slice()).unwrap(), id);
    for bad in ["", &text[1..], &format!("0x{}", &text[2..]), &text.to_uppercase(), &format!("{text}00")] {
        assert!(from_hex(bad).is_err(), "{bad}");
    }
}

#[test]
fn parts_cannot_be_shifted_between_each_other() {
    let hash = |parts: &[&[u8]]| label::hash(label::RECORD, parts);
    assert_ne!(hash(&[b"ab", b"c"]), hash(&[b"a", b"bc"]));
    assert_ne!(hash(&[b"abc"]), hash(&[b"abc", b""]));
    assert_ne!(label::hash(label::RECORD, &[b"a"]), label::hash(label::TRADE, &[b"a"]));
}

#[test]
fn an_announcement_is_for_one_account_root_length_and_salt() {
    let base = announcement(&[1; 32], &[2; 32], 4, &[3; 32]);
    assert_ne!(base, announcement(&[9; 32], &[2; 32], 4, &[3; 32]));
    assert_ne!(base, announcement(&[1; 32], &[9; 32], 4, &[3; 32]));
    assert_ne!(base, announcement(&[1; 32], &[2; 32], 5, &[3; 32]));
    assert_ne!(base, announcement(&[1; 32], &[2; 32], 4, &[9; 32]));
}

fn terms() -> OrderTerms<[u8; 32], u128, u32> {
    OrderTerms {
        genesis: [1; 32],
        offer: 2,
        dataset: DatasetId([3; 32]),
        length: 4,
        sealed_root: [5; 32],
        key_commitment: [6; 32],
        seller: [7; 32],
        price: 8,
        platform_fee: 9,
        dispute_reserve: 10,
        bond: 11,
        missed_delivery_penalty: 12,
        delivery_window: 13,
        dispute_window: 14,
        licence: [15; 32],
        nda: [16; 32],
        derivation: Derivation::Permitted { royalty: Share::from_millionths(17).unwrap() },
        royalties: vec![Royalty { dataset: DatasetId([18; 32]), account: [19; 32], amount: 20 }]
            .try_into()
            .unwrap(),
    }
}

#[test]
fn every_term_but_who_holds_an_ancestor_is_in_the_digest() {
    let encoded = terms().encode();
    let base = terms().digest();
    let mut decoded = 0;
    for at in 0..encoded.len() {
        let mut changed = encoded.clone();
        changed[at] ^= 1;
        // A changed length or variant may not decode at all.
        if let Ok(changed) = OrderTerms::<[u8; 32], u128, u32>::decode(&mut changed.as_slice()) {
            let holder_only = changed.royalties[0].account != terms().royalties[0].account;
            assert_eq!(changed.digest() == base, holder_only, "byte {at}");
            decoded += 1;
        }
    }
    assert!(decoded > encoded.len() * 9 / 10, "{decoded} of {}", encoded.len());
    assert_eq!(terms().plain().root, [3; 32]);
    assert_eq!(terms().sealed().root, [5; 32]);
    assert_eq!(terms().sealed().length, terms().plain().length);
}

/// These values stand on chains and in files: a change here is a change of format.
// The terms' second format has no holders of ancestors in it.
#[test]
fn labelled_hashes_stay() {
    use sha2::Digest as _;
    let spelled: [u8; 32] =
        sha2::Sha256::digest(b"\x0ewonbon/terms/2\x03\0\0\0\0\0\0\0abc\x00\0\0\0\0\0\0\0").into();
    assert_eq!(label::hash(label::TERMS, &[b"abc", b""]), spelled);
}
