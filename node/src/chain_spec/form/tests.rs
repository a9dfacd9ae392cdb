//! What a form may say, and what is said of each mistake.

use super::*;
use sc_service::ChainSpec as _;
use sp_core::hexdisplay::HexDisplay;
use sp_runtime::{BuildStorage, Storage};
use wonbon_runtime::genesis::launch::faults;

/// Somebody's account, of a secret that nobody knows.
fn account_of(seed: u8) -> AccountId {
    ed25519::Pair::from_seed(&[seed; 32]).public().into()
}

fn hex(bytes: &[u8]) -> String {
    format!("0x{}", HexDisplay::from(&bytes))
}

/// A validator's entry, whose keys are shown to be those of an account.
fn validator(seed: u8, owner: &AccountId) -> String {
    let (aura, grandpa) =
        (sr25519::Pair::from_seed(&[seed; 32]), ed25519::Pair::from_seed(&[seed + 100; 32]));
    let keys = SessionKeys { aura: aura.public().into(), grandpa: grandpa.public().into() };
    let statement = [b"POP_".to_vec(), owner.encode()].concat();
    let proof = (aura.sign(&statement), grandpa.sign(&statement)).encode();
    let account = account_of(seed).to_ss58check();
    format!(
        "[[validators]]\naccount = \"{account}\"\nkeys = \"{}\"\nproof = \"{}\"\n",
        hex(&keys.encode()),
        hex(&proof)
    )
}

fn validators() -> String {
    (1..5).map(|seed| validator(seed, &account_of(seed))).collect()
}

fn council() -> String {
    let names: Vec<String> =
        (20..23).map(|seed| format!("\"{}\"", account_of(seed).to_ss58check())).collect();
    format!("council = [{}]\n", names.join(", "))
}

/// A form in which nothing is wrong.
fn good() -> String {
    format!("name = \"제조데이터 거래망\"\nid = \"wonbon_korea\"\n{}{}", council(), validators())
}

fn check(form: &str) -> Result<Checked> {
    Form::parse(form)?.check()
}

fn refused(form: &str, expected: &str) {
    let error = check(form).expect_err(expected);
    assert!(error.contains(expected), "expected {expected:?} in {error:?}");
}

fn state(form: &str) -> Storage {
    check(form).unwrap().launch.storage(b"code").unwrap()
}

#[test]
fn a_good_form_makes_a_live_chain_without_a_fault() {
    let checked = check(&good()).unwrap();
    assert_eq!((checked.chain_type.clone(), checked.id.as_str()), (ChainType::Live, "wonbon_korea"));
    let launch = &checked.launch;
    assert_eq!((launch.validators.len(), launch.council.len()), (4, 3));
    assert_eq!((launch.session_length, launch.fee_money, launch.short_windows), (300, 10_000, false));
    assert_eq!(faults(&launch.storage(b"code").unwrap()), [""; 0]);
    // Nobody but those named has money.
    let mut spec =
        super::super::ChainSpec::builder(b"code", None).with_chain_type(checked.chain_type).build();
    spec.set_storage(state(&good()));
    super::super::ensure_live(&spec).unwrap();
    assert_eq!(spec.build_storage().unwrap().top, state(&good()).top);
}

#[test]
fn each_mistake_is_said_with_its_field() {
    let good = good();
    refused(&good.replace("제조데이터 거래망", ""), "name: 1 to 64 bytes");
    refused(&good.replace("wonbon_korea", "Wonbon Korea"), "id: 1 to 64 small letters");
    refused(&good.replace("wonbon_korea", "wonbon_local"), "id: wonbon_local is a chain");
    refused(&good.replace("name =", "nmae ="), "nmae");
    refused(&good.replace("id =", "type = \"live\"\nsudo = \"x\"\nid ="), "sudo");
    refused(&good.replace("id =", "session-blocks = 1\nid ="), "session-blocks: 2 to");
    refused(&good.replace("id =", "fee-money = 1\nid ="), "fee-money: 1000 to");
    refused(&good.replace("id =", "fee-money = 5000000\nid ="), "fee-money: 1000 to");
    refused(&good.replace("id =", "short-windows = true\nid ="), "short-windows: a live chain");
    refused(&good.replace("id =", "boot-nodes = [\"nowhere\"]\nid ="), "boot-nodes[0]:");
    refused(&good.replace("id =", "id = \"again\"\nid ="), "duplicate");
}

#[test]
fn members_are_counted_and_nobody_is_named_twice() {
    let good = good();
    let (one, two) = (account_of(20).to_ss58check(), account_of(21).to_ss58check());
    refused(&good.replace(&two, &one), "council[1]: this account is named before");
    refused(&good.replace(&format!("\"{two}\", "), ""), "council: 3 to 64 of them, not 2");
    refused(&good.replace(&one, "5Nobody"), "council[0]: \"5Nobody\" is no account");
    let three: String = (1..4).map(|seed| validator(seed, &account_of(seed))).collect();
    let form = format!("name = \"a\"\nid = \"a\"\n{}", council());
    refused(&format!("{form}{three}"), "validators: 4 to 64 of them, not 3");
    let twice = validator(1, &account_of(1));
    refused(&format!("{form}{three}{twice}"), "validators[3]: this account is named before");
}

#[test]
fn keys_are_shown_to_be_the_validators_own() {
    let form = format!("name = \"a\"\nid = \"a\"\n{}", council());
    let rest: String = (1..4).map(|seed| validator(seed, &account_of(seed))).collect();
    // The right keys, shown to somebody else.
    let stolen = validator(4, &account_of(9));
    refused(&format!("{form}{rest}{stolen}"), "validators[3].proof: it does not show");
    let right = validator(4, &account_of(4));
    let line = right.lines().find(|line| line.starts_with("proof")).unwrap().to_owned();
    refused(&format!("{form}{rest}{}", right.replace(&line, "")), "validators[3].proof: it is missing");
    let line = right.lines().find(|line| line.starts_with("keys")).unwrap().to_owned();
    refused(
        &format!("{form}{rest}{}", right.replace(&line, "keys = \"0x12\"")),
        "validators[3].keys: two keys",
    );
    refused(
        &format!("{form}{rest}{}", right.replace(&line, "keys = \"12\"")),
        "validators[3].keys: hexadecimal",
    );
}

#[test]
fn secrets_that_everybody_knows_are_for_trying_only() {
    let alice = ed25519::Pair::from_string("//Alice", None).unwrap().public();
    let stash = sr25519::Pair::from_string("//Bob//stash", None).unwrap().public();
    let known = [alice.to_ss58check(), stash.to_ss58check(), hex(alice.as_ref()), "//Alice".into()];
    let (good, member) = (good(), account_of(20).to_ss58check());
    for text in known {
        refused(&good.replace(&member, &text), "council[0]:");
        refused(&good.replace(&member, &text), "everybody knows");
    }
    let local = "name = \"a\"\nid = \"a\"\ntype = \"local\"\nshort-windows = true\nsession-blocks = 5\n\
                 council = [\"//Alice\"]\nvalidators = [{ account = \"//Alice\" }]\n";
    let checked = check(local).unwrap();
    assert_eq!(checked.chain_type, ChainType::Local);
    assert_eq!((checked.launch.session_length, checked.launch.short_windows), (5, true));
    let (account, keys) = &checked.launch.validators[0];
    assert_eq!(*account, AccountId::from(alice));
    assert_eq!(keys.grandpa.encode(), alice.encode());
    refused(&local.replace("local", "live"), "council[0]: everybody knows the secret of //Alice");
    refused(
        &local.replace("\"//Alice\" }", "\"//Alice\", keys = \"0x\" }"),
        "validators[0]: an account by its path",
    );
}
