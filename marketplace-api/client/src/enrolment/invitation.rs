//! What an admin of a company writes for somebody who is to join it.

use super::text::{check_format, is, read, written, Part};
use super::{BadFile, Place};
use serde::{Deserialize, Serialize};
use wonbon_model::{AccountId, Balance, BlockNumber, Digest, Hash, MemberRoles};

const FORMAT: &str = "wonbon/invitation/1";

/// As whom somebody is to join which company. It binds nobody: both say so again, with their signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Hash of the chain's first block.
    pub genesis: Digest,
    /// The company.
    pub company: AccountId,
    /// What it is called.
    pub name: String,
    /// What the new member may do.
    pub roles: MemberRoles,
    /// Won a day that their calls may take.
    pub day_limit: Balance,
    /// The last block in which they can be taken on.
    pub expires: BlockNumber,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    format: String,
    genesis: Hash,
    company: AccountId,
    name: String,
    roles: MemberRoles,
    day_limit: Balance,
    expires: BlockNumber,
}

const PARTS: [Part; 7] = [
    ("format", is::<String>),
    ("genesis", is::<Hash>),
    ("company", is::<AccountId>),
    ("name", is::<String>),
    ("roles", is::<MemberRoles>),
    ("day_limit", is::<Balance>),
    ("expires", is::<BlockNumber>),
];

impl Invitation {
    /// The bytes of the file.
    pub fn to_json(&self) -> Result<Vec<u8>, BadFile> {
        let Self { genesis, company, name, roles, day_limit, expires } = self.clone();
        let (format, genesis) = (FORMAT.to_owned(), genesis.into());
        written(&Text { format, genesis, company, name, roles, day_limit, expires })
    }

    /// Reads a file.
    pub fn from_json(json: &[u8]) -> Result<Self, BadFile> {
        let text: Text = read(json, &PARTS)?;
        check_format(&text.format, FORMAT)?;
        let Text { genesis, company, name, roles, day_limit, expires, .. } = text;
        Ok(Self { genesis: genesis.0, company, name, roles, day_limit, expires })
    }

    /// Refuses one for another chain, and one whose time is over.
    pub fn check(&self, place: &Place) -> Result<(), BadFile> {
        place.check_genesis(&self.genesis)?;
        place.check_expiry("expires", self.expires)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wonbon_model::MemberRole;

    fn invitation() -> Invitation {
        Invitation {
            genesis: [1; 32],
            company: AccountId([2; 32]),
            name: "한빛정밀".to_owned(),
            roles: MemberRoles::from(MemberRole::Buy).with(MemberRole::Deliver),
            day_limit: 5_000_000,
            expires: 100,
        }
    }

    #[test]
    fn it_is_read_as_it_was_written() {
        let json = invitation().to_json().unwrap();
        assert_eq!(Invitation::from_json(&json), Ok(invitation()));
        let text = String::from_utf8(json).unwrap();
        assert!(text.contains("\"buy\"") && text.contains("한빛정밀"), "{text}");
    }

    #[test]
    fn what_is_bad_about_it_is_named() {
        let text = String::from_utf8(invitation().to_json().unwrap()).unwrap();
        for (from, to, named) in [
            ("invitation/1", "invitation/2", "format: "),
            ("\"buy\"", "\"fly\"", "roles: "),
            ("\"day_limit\": 5000000", "\"day_limit\": -1", "day_limit: "),
            ("\"expires\"", "\"ends\": 1, \"expires\"", "`ends`"),
            ("\"expires\"", "\"name\": \"x\", \"expires\"", "duplicate field `name`"),
        ] {
            let refused = Invitation::from_json(text.replace(from, to).as_bytes()).unwrap_err().to_string();
            assert!(refused.contains(named), "{refused}");
        }
        let place = Place { genesis: [1; 32], height: 99 };
        assert_eq!(invitation().check(&place), Ok(()));
        let refused = |place: Place| invitation().check(&place).unwrap_err().to_string();
        assert!(refused(Place { height: 100, ..place }).starts_with("expires: "));
        assert!(refused(Place { genesis: [9; 32], ..place }).starts_with("genesis: "));
    }
}
