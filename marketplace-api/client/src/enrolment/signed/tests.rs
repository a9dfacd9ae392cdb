//! Files that are read as they were written, and refused by the member that is at fault.

use super::*;
use wonbon_model::{Region, Roles, SizeClass};

const PLACE: Place = Place { genesis: [1; 32], height: 99 };

fn key() -> Keypair {
    Keypair::from_secret(&[7; 32])
}

fn joining(key: &Keypair) -> Joining {
    let roles = MemberRoles::ALL.bits();
    Joining { roles, day_limit: 5_000_000, key: key.member_key(), ended: 2, expires: 100 }
}

fn application() -> Application {
    let profile = Profile {
        name: "한빛정밀 주식회사".as_bytes().to_vec().try_into().unwrap(),
        registration_number: "123-45-67891".parse().unwrap(),
        ksic: "C29223".parse().unwrap(),
        size: SizeClass::Small,
        region: Region::Gyeonggi,
        roles: Roles::ALL,
    };
    Application::sign(PLACE.genesis, profile, joining(&key()), &key())
}

fn signed_joining() -> SignedJoining {
    SignedJoining::sign(PLACE.genesis, AccountId([2; 32]), joining(&key()), &key())
}

fn text(json: Vec<u8>) -> String {
    String::from_utf8(json).unwrap()
}

#[test]
fn files_are_read_as_they_were_written() {
    let application = application();
    let json = application.to_json().unwrap();
    assert_eq!(Application::from_json(&json), Ok(application.clone()));
    assert_eq!(application.check(&PLACE, 2), Ok(()));
    let json = text(json);
    for part in ["한빛정밀 주식회사", "1234567891", "\"admin\"", "\"KR-41\"", "\"day_limit\": 5000000"]
    {
        assert!(json.contains(part), "{json}");
    }
    let joining = signed_joining();
    assert_eq!(SignedJoining::from_json(&joining.to_json().unwrap()), Ok(joining.clone()));
    assert_eq!(joining.check(&PLACE, 2), Ok(()));
    assert_eq!(joining.check_company(&AccountId([2; 32])), Ok(()));
}

#[test]
fn the_signature_covers_every_member() {
    let json = text(application().to_json().unwrap());
    let other = Keypair::from_secret(&[8; 32]).account().to_string();
    for (from, to) in [
        ("한빛", "한별"),
        ("1234567891", "2208162517"),
        ("C29223", "C29222"),
        ("\"small\"", "\"large\""),
        ("KR-41", "KR-11"),
        ("\"auditor\"", "\"provider\""),
        ("\"money\"", "\"admin\""),
        ("5000000", "5000001"),
        ("\"ended\": 2", "\"ended\": 3"),
        ("\"expires\": 100", "\"expires\": 101"),
        (&key().account().to_string(), &other),
    ] {
        assert!(json.contains(from), "{from}: {json}");
        let changed = Application::from_json(json.replace(from, to).as_bytes()).unwrap();
        let refused = changed.check(&PLACE, 2).unwrap_err().to_string();
        assert!(refused.starts_with("signature: "), "{from}: {refused}");
    }
    let json = text(signed_joining().to_json().unwrap());
    let company = json.replace(&AccountId([2; 32]).to_string(), &other);
    let refused = SignedJoining::from_json(company.as_bytes()).unwrap().check(&PLACE, 2).unwrap_err();
    assert!(refused.to_string().starts_with("signature: "), "{refused}");
}

#[test]
fn what_cannot_be_read_is_named() {
    let json = text(application().to_json().unwrap());
    for (from, to, named) in [
        ("application/1", "joining/1", "format: "),
        ("\"small\"", "\"tiny\"", "profile.size: "),
        ("1234567891", "1234567890", "profile.registration_number: "),
        ("C29223", "Z1", "profile.ksic: "),
        ("\"admin\"", "\"boss\"", "joining.roles: "),
        ("\"day_limit\": 5000000", "\"day_limit\": \"5\"", "joining.day_limit: "),
        ("\"genesis\": \"01", "\"genesis\": \"0", "genesis: "),
        ("\"signature\": \"", "\"signature\": \"0", "signature: "),
        ("\"account\": \"", "\"account\": \"x", "account: "),
        ("\"profile\"", "\"more\": 1, \"profile\"", "`more`"),
        ("\"profile\"", "\"format\": \"\", \"profile\"", "duplicate field `format`"),
        ("\"ksic\"", "\"ksic2\"", "`ksic2`"),
    ] {
        assert!(json.contains(from), "{from}: {json}");
        let refused = Application::from_json(json.replacen(from, to, 1).as_bytes()).unwrap_err().to_string();
        assert!(refused.contains(named), "{from}: {refused}");
    }
}

#[test]
fn what_the_chain_would_not_take_is_refused_by_its_member() {
    let refused = |place: Place, ended| signed_joining().check(&place, ended).unwrap_err().to_string();
    assert!(refused(Place { genesis: [9; 32], ..PLACE }, 2).starts_with("genesis: "));
    assert!(refused(Place { height: 100, ..PLACE }, 2).starts_with("joining.expires: "));
    assert!(refused(PLACE, 3).starts_with("joining.ended: "));
    let other = signed_joining().check_company(&AccountId([3; 32])).unwrap_err().to_string();
    assert!(other.starts_with("company: "), "{other}");

    let buyer = Joining { roles: MemberRoles::from(MemberRole::Buy).bits(), ..joining(&key()) };
    let profile = application().profile;
    let refused = Application::sign(PLACE.genesis, profile, buyer, &key()).check(&PLACE, 2).unwrap_err();
    assert!(refused.to_string().starts_with("joining.roles: "), "{refused}");
    let proposed = SignedJoining::sign(PLACE.genesis, AccountId([2; 32]), buyer, &key());
    assert!(proposed.check_admin().is_err() && signed_joining().check_admin().is_ok());
    let none = Joining { roles: 0, ..buyer };
    assert!(SignedJoining::sign(PLACE.genesis, AccountId([2; 32]), none, &key()).to_json().is_err());
}

/// Whoever acts for a company joins another one themselves.
#[test]
fn the_key_signs_for_itself() {
    let membership = keys::Membership { company: AccountId([5; 32]), generation: 1 };
    let acting = key().acting_by(membership);
    let joining = SignedJoining::sign(PLACE.genesis, AccountId([2; 32]), joining(&acting), &acting);
    assert_eq!(joining, signed_joining());
}
