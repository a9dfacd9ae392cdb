//! Company values: what is valid comes in, and nothing else by any door.

use codec::{Decode, Encode, MaxEncodedLen};
use proptest::prelude::*;
use wonbon_primitives::company::{
    BadRegistrationNumber, Ksic, Region, RegistrationNumber, Role, Roles, SizeClass,
};

/// Registration numbers as companies publish them.
const REAL: [&str; 5] = ["124-81-00998", "220-81-62517", "120-81-47521", "120-88-00767", "107-86-14075"];

#[test]
fn real_numbers_pass_with_and_without_dashes() {
    for text in REAL {
        let number: RegistrationNumber = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(number.to_string(), text);
        assert_eq!(text.replace('-', "").parse(), Ok(number));
        assert_eq!(RegistrationNumber::decode(&mut number.encode().as_slice()), Ok(number));
        assert_eq!(serde_json::to_string(&number).unwrap(), format!("\"{text}\""));
        assert_eq!(serde_json::from_str::<RegistrationNumber>(&format!("\"{text}\"")).unwrap(), number);
    }
}

#[test]
fn each_wrong_last_digit_is_refused() {
    for text in REAL {
        let right = text.chars().last().unwrap();
        for digit in ('0'..='9').filter(|digit| *digit != right) {
            let wrong = format!("{}{digit}", &text[..text.len() - 1]);
            assert_eq!(wrong.parse::<RegistrationNumber>(), Err(BadRegistrationNumber::CheckDigit));
            assert!(serde_json::from_str::<RegistrationNumber>(&format!("\"{wrong}\"")).is_err());
            let encoded: Vec<u8> = wrong.replace('-', "").into_bytes();
            assert!(RegistrationNumber::decode(&mut encoded.as_slice()).is_err());
        }
    }
}

#[test]
fn other_forms_are_refused() {
    for text in [
        "",
        "1248100998",
        "12-481-00998",
        "124-81-0099",
        "124-81-009980",
        "124 81 00998",
        "124-81-0099a",
        "１２４８１００９９８",
    ] {
        let expected = if text == "1248100998" { None } else { Some(BadRegistrationNumber::Form) };
        assert_eq!(text.parse::<RegistrationNumber>().err(), expected, "{text}");
    }
}

#[test]
fn industry_codes() {
    for text in ["C", "C29", "C292", "C2922", "C29223", "A01", "E36", "J62", "U99"] {
        let code: Ksic = text.parse().unwrap();
        assert_eq!(code.to_string(), text);
        assert_eq!(Ksic::decode(&mut code.encode().as_slice()), Ok(code.clone()));
        assert_eq!(serde_json::from_str::<Ksic>(&serde_json::to_string(&code).unwrap()).unwrap(), code);
    }
    for text in ["", "V", "c29", "29", "C2", "C09", "C35", "D29", "C292230", "C2a", "C29 ", "금29"] {
        assert!(text.parse::<Ksic>().is_err(), "{text}");
        assert!(Ksic::decode(&mut text.as_bytes().to_vec().encode().as_slice()).is_err());
    }
}

#[test]
fn roles_are_a_set() {
    let roles: Roles = [Role::Provider, Role::Inspector].into_iter().collect();
    assert!(roles.contains(Role::Provider) && roles.contains(Role::Inspector));
    assert!(!roles.contains(Role::Consumer) && !roles.is_empty());
    assert_eq!(roles.bits(), 0b1001);
    assert_eq!(serde_json::to_string(&roles).unwrap(), r#"["provider","inspector"]"#);
    assert_eq!(serde_json::from_str::<Roles>(r#"["inspector","provider"]"#).unwrap(), roles);
    assert_eq!(format!("{roles:?}"), "{Provider, Inspector}");
    assert_eq!(Role::ALL.into_iter().collect::<Roles>(), Roles::ALL);
    for bits in 0..=u8::MAX {
        assert_eq!(Roles::decode(&mut [bits].as_slice()).is_ok(), bits < 16);
        assert_eq!(Roles::from_bits(bits).is_some(), bits < 16);
    }
}

#[test]
fn regions_are_the_seventeen_of_iso_3166_2() {
    for region in Region::ALL {
        assert_eq!(region.code().parse(), Ok(region));
        assert_eq!(region.korean().parse(), Ok(region));
        assert_eq!(serde_json::to_string(&region).unwrap(), format!("\"{}\"", region.code()));
    }
    assert_eq!(Region::Seoul.code(), "KR-11");
    assert!("KR-99".parse::<Region>().is_err());
    assert_eq!(serde_json::to_string(&SizeClass::MidMarket).unwrap(), r#""mid_market""#);
}

proptest! {
    #[test]
    fn nothing_invalid_decodes(bytes in prop::collection::vec(any::<u8>(), 0..12)) {
        if let Ok(number) = RegistrationNumber::decode(&mut bytes.as_slice()) {
            prop_assert_eq!(RegistrationNumber::new(*number.digits()), Ok(number));
        }
        if let Ok(code) = Ksic::decode(&mut bytes.as_slice()) {
            prop_assert!(code.to_string().parse::<Ksic>().is_ok());
            prop_assert!(code.encoded_size() <= Ksic::max_encoded_len());
        }
    }
}
