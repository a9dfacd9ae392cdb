//! Secrets in a home of files: kept, found again, damaged.

use super::super::testing::{company, secret};
use super::*;
use crate::home::FileHome;
use std::path::PathBuf;
use tempfile::TempDir;

struct Laptop {
    folder: TempDir,
    home: FileHome,
}

impl Laptop {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = FileHome::new(folder.path());
        Self { folder, home }
    }

    fn secrets(&self, member: u8) -> CompanySecrets<'_> {
        CompanySecrets::new(&self.home, &Keypair::from_secret(&[member; 32]))
    }

    fn files(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.folder.path().join("company-secrets")).unwrap();
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        files.retain(|file| file.extension().is_some_and(|end| end == "json"));
        files.sort();
        files
    }
}

#[tokio::test]
async fn a_kept_secret_comes_back_to_its_member_after_a_restart() {
    let laptop = Laptop::new();
    let one = laptop.secrets(1);
    assert_eq!(one.current(&company()).await.unwrap(), None);
    for kept in [secret(2, 8), secret(1, 7), secret(1, 7), secret(10, 9)] {
        one.keep(&kept).await.unwrap();
    }
    let again = laptop.secrets(1);
    let all: Vec<_> = again.all(&company()).await.unwrap().into_iter().map(|kept| kept.secret).collect();
    assert_eq!(all, [secret(1, 7), secret(2, 8), secret(10, 9)]);
    assert_eq!(again.current(&company()).await.unwrap(), Some(secret(10, 9)));
    assert_eq!(again.get(secret(2, 8).id()).await.unwrap().unwrap().secret.expose(), secret(2, 8).expose());
    assert_eq!(again.get(secret(3, 8).id()).await.unwrap(), None);

    // Another member of this home, and another company, have their own.
    assert_eq!(laptop.secrets(2).all(&company()).await.unwrap(), []);
    let other = CompanyId { account: AccountId([9; 32]), ..company() };
    assert_eq!(again.all(&other).await.unwrap(), []);
    let text = std::fs::read_to_string(&laptop.files()[0]).unwrap();
    assert!(!text.contains(&hex::encode([7; 32])), "{text}");
}

#[tokio::test]
async fn what_was_begun_is_kept_but_not_used_until_the_others_can_have_it() {
    let laptop = Laptop::new();
    let secrets = laptop.secrets(1);
    secrets.keep(&secret(1, 7)).await.unwrap();
    secrets.begin(&secret(2, 8)).await.unwrap();
    secrets.begin(&secret(2, 8)).await.unwrap();
    assert_eq!(secrets.current(&company()).await.unwrap(), Some(secret(1, 7)));
    let states: Vec<_> = secrets.all(&company()).await.unwrap().iter().map(|kept| kept.state).collect();
    assert_eq!(states, [State::Shared, State::Begun]);

    secrets.shared(secret(2, 8).id()).await.unwrap();
    assert_eq!(secrets.current(&company()).await.unwrap(), Some(secret(2, 8)));
    // Beginning it again makes it no less shared, and one that comes back from the service is shared.
    secrets.begin(&secret(2, 8)).await.unwrap();
    secrets.begin(&secret(3, 9)).await.unwrap();
    secrets.keep(&secret(3, 9)).await.unwrap();
    assert_eq!(secrets.current(&company()).await.unwrap(), Some(secret(3, 9)));
    let missing = secrets.shared(secret(4, 9).id()).await.unwrap_err();
    assert!(matches!(missing, StoreError::Missing(Epoch(4))));
}

#[tokio::test]
async fn of_two_secrets_of_one_epoch_both_stay_and_all_members_use_the_same() {
    let (one, two) = (Laptop::new(), Laptop::new());
    let (first, second) = (secret(1, 7), secret(1, 8));
    one.secrets(1).keep(&first).await.unwrap();
    one.secrets(1).keep(&second).await.unwrap();
    two.secrets(2).keep(&second).await.unwrap();
    two.secrets(2).keep(&first).await.unwrap();
    assert_eq!(one.secrets(1).all(&company()).await.unwrap().len(), 2);
    let used = one.secrets(1).current(&company()).await.unwrap().unwrap();
    assert_eq!(two.secrets(2).current(&company()).await.unwrap(), Some(used.clone()));
    assert_eq!(used.id().commitment, first.id().commitment.min(second.id().commitment));
}

#[tokio::test]
async fn an_order_is_found_whatever_its_epoch_and_whatever_else_is_damaged() {
    let laptop = Laptop::new();
    let secrets = laptop.secrets(1);
    for epoch in 1..=3 {
        secrets.keep(&secret(epoch, epoch as u8)).await.unwrap();
    }
    let nonce = [5; 32];
    let key = secret(3, 3).order_secret(&nonce).order_key();
    let found = secrets.order_secret(&company(), &nonce, &key).await.unwrap().unwrap();
    assert_eq!(found.order_key(), key);
    assert!(secrets.order_secret(&company(), &[6; 32], &key).await.unwrap().is_none());

    std::fs::write(&laptop.files()[0], "{").unwrap();
    assert!(secrets.order_secret(&company(), &nonce, &key).await.unwrap().is_some());
    let lost = secret(1, 1).order_secret(&nonce).order_key();
    let refused = secrets.order_secret(&company(), &nonce, &lost).await.unwrap_err().to_string();
    assert!(refused.contains(&laptop.files()[0].display().to_string()), "{refused}");
}

#[tokio::test]
async fn a_damaged_file_is_refused_by_name_and_nothing_older_is_used_in_its_stead() {
    let laptop = Laptop::new();
    let secrets = laptop.secrets(1);
    secrets.keep(&secret(1, 7)).await.unwrap();
    secrets.keep(&secret(2, 8)).await.unwrap();
    let newest = laptop.files()[1].clone();
    let text = std::fs::read_to_string(&newest).unwrap();
    let older = std::fs::read_to_string(&laptop.files()[0]).unwrap();
    let changes = [
        String::new(),
        text[..text.len() / 2].to_owned(),
        text.replace("\"version\": 1", "\"version\": 2"),
        text.replace("\"shared\"", "\"begun\""),
        text.replace("\"epoch\": 2", "\"epoch\": 1"),
        older,
    ];
    for changed in changes {
        assert_ne!(changed, text);
        std::fs::write(&newest, changed).unwrap();
        let name = newest.display().to_string();
        let refused = secrets.current(&company()).await.unwrap_err().to_string();
        assert!(refused.contains(&name), "{refused}");
        let refused = secrets.get(secret(2, 8).id()).await.unwrap_err().to_string();
        assert!(refused.contains(&name), "{refused}");
        // It is not written over either.
        assert!(secrets.keep(&secret(2, 8)).await.is_err());
        assert!(secrets.begin(&secret(2, 8)).await.is_err());
    }
    std::fs::write(&newest, text).unwrap();
    assert_eq!(secrets.current(&company()).await.unwrap(), Some(secret(2, 8)));
}

#[tokio::test]
async fn one_process_at_a_time_changes_a_companys_secrets() {
    let laptop = Laptop::new();
    let held = laptop.secrets(1).lock(&company()).await.unwrap();
    let refused = laptop.secrets(1).lock(&company()).await.unwrap_err();
    assert!(matches!(refused, StoreError::Busy(account) if account == company().account));
    drop(held);
    laptop.secrets(1).lock(&company()).await.unwrap();
}
