//! What can go wrong with a company's secrets, and what to do then.

use wonbon_client::company::{KeyringError, SheetError, StoreError};

use crate::exit::{Code, Failure};

impl From<KeyringError> for Failure {
    fn from(error: KeyringError) -> Self {
        let message = error.to_string();
        let refused = |name: &str| Failure::refused(&message).named(name);
        match error {
            KeyringError::Chain(error) => error.into(),
            KeyringError::Service(error) => error.into(),
            KeyringError::Store(error) => error.into(),
            KeyringError::Rotation(_) => Failure::new(Code::Failure, message),
            KeyringError::NotMember(_) => refused("NotMember")
                .advise("an admin of the company takes them on with `wonbon company add`"),
            KeyringError::NotForTheirRoles => refused("NoSecret")
                .advise("an admin gives the role: `wonbon company change MEMBER --roles buy`"),
            KeyringError::NoEpoch => {
                refused("NoSecret").advise("an admin of the company begins with `wonbon company secrets`")
            }
            KeyringError::Missing(_) => refused("NoSecret").advise(
                "an admin hands it out with `wonbon company secrets`; or read it off the recovery sheet with `wonbon \
                 company sheet --restore FILE`",
            ),
            KeyringError::NotShared(_) => refused("NoSecret")
                .advise("the service was not reachable when the epoch began: run `wonbon company secrets`"),
            KeyringError::BadMemberKey(_) => {
                refused("BadMemberKey").advise("remove them, and have them join anew with their key")
            }
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let (code, advice) = match &error {
            StoreError::Storage(_) => {
                (Code::Failure, "check the disk and the permissions of the home folder")
            }
            StoreError::Busy(_) => (Code::Failure, "wait until it ends, then run the same command again"),
            StoreError::Missing(_) => (Code::Failure, "run the same command again"),
            StoreError::Malformed { .. } | StoreError::OtherAccount(_) => {
                (Code::Key, "move that file away; an admin, or the recovery sheet, gives the secret again")
            }
        };
        Failure::new(code, error.to_string()).advise(advice)
    }
}

impl From<SheetError> for Failure {
    fn from(error: SheetError) -> Self {
        let failure = Failure::refused(&error);
        match error {
            SheetError::NoSecrets => failure
                .named("NoSecret")
                .advise("this home has none: they are for members who buy or sell, and for admins"),
            _ => failure.named("BadSheet").advise("nothing was kept; compare the words with the sheet"),
        }
    }
}
