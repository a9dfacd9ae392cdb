//! The chain that a home folder is used with, remembered the first time: keys, sealings and purchases belong to one, and
//! an address that leads to another by mistake is noticed without `--genesis`.

use std::io::ErrorKind;
use std::path::Path;

use wonbon_client::files;
use wonbon_primitives::id::to_hex;
use wonbon_primitives::Digest;

use crate::exit::{Code, Failure, Result};

/// Remembers the chain, or refuses it if another one is remembered and it was not asked for by its genesis. Answers a
/// warning if nothing can be written.
pub(super) fn chain(home: &Path, found: &Digest, asked_for: bool) -> Result<Option<String>> {
    let path = home.join("chain");
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let line = to_hex(found) + "\n";
            let written = files::private_folder(home).and_then(|()| files::replace(&path, line.as_bytes()));
            return Ok(written.err().map(|error| {
                format!("which chain this is cannot be remembered in {}: {error}", path.display())
            }));
        }
        Err(error) => return Err(unreadable(&path, &error.to_string())),
    };
    let remembered = crate::arguments::digest(text.trim()).map_err(|reason| unreadable(&path, &reason))?;
    if remembered == *found || asked_for {
        return Ok(None);
    }
    let (found, remembered) = (to_hex(found), to_hex(&remembered));
    let message = format!(
        "another chain: its genesis is {found}, and {} was used with the chain of {remembered}",
        home.display()
    );
    Err(Failure::new(Code::Unreachable, message).named("OtherChain").advise(format!(
        "check --chain, or use another --home; if it is meant, say --genesis {found} or --any-chain"
    )))
}

fn unreadable(path: &Path, reason: &str) -> Failure {
    Failure::new(Code::Failure, format!("cannot read {}: {reason}", path.display())).advise(
        "it holds the genesis hash of the chain that this folder is used with; say --any-chain, or remove it",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_chain_is_remembered_and_another_has_to_be_asked_for() {
        let above = tempfile::tempdir().unwrap();
        let home = above.path().join("home");
        let (first, second) = ([1; 32], [2; 32]);
        for _ in 0..2 {
            assert_eq!(chain(&home, &first, false), Ok(None));
        }
        let refused = chain(&home, &second, false).unwrap_err();
        assert_eq!((refused.code, refused.name.as_deref()), (Code::Unreachable, Some("OtherChain")));
        assert!(refused.message.contains(&to_hex(&first)) && refused.message.contains(&to_hex(&second)));
        assert_eq!(chain(&home, &second, true), Ok(None));
        assert_eq!(chain(&home, &first, false), Ok(None), "it is still the first");

        std::fs::write(home.join("chain"), "x").unwrap();
        assert_eq!(chain(&home, &first, false).unwrap_err().code, Code::Failure);
    }
}
