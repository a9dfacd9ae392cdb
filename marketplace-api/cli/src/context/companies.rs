//! For which company a key acts: as the options say, or as the home folder remembers of the key on this chain.
//!
//! Promises: what is remembered is a convenience, never a right: whether the key's account is a member is read from the
//! chain each time. Of several remembered companies none is guessed.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use wonbon_client::chain::Chain;
use wonbon_client::{files, Keypair};
use wonbon_model::{AccountId, Digest, Hash};
use wonbon_primitives::id::to_hex;

use super::Context;
use crate::arguments::CompanyChoice;
use crate::exit::{Code, Failure, Result};
use crate::failures::no_member;

/// What a home folder remembers of a key on a chain.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Remembered {
    /// The companies that it acts for.
    companies: Vec<AccountId>,
    /// Its applications for companies whose accounts were not known yet, by what was signed.
    applications: Vec<Hash>,
}

impl Remembered {
    fn read(path: &Path) -> Result<Self> {
        let unreadable = |reason: String| {
            Failure::new(Code::Failure, format!("cannot read {}: {reason}", path.display())).advise(
                "it holds the companies that the key acts for; remove it, and say --company the next time",
            )
        };
        match std::fs::read(path) {
            Ok(json) => serde_json::from_slice(&json).map_err(|error| unreadable(error.to_string())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(unreadable(error.to_string())),
        }
    }

    /// Writes it; answers a warning if that cannot be.
    fn write(&self, path: &Path) -> Option<String> {
        let written = || {
            files::private_folder(files::folder_of(path))?;
            files::replace(path, &serde_json::to_vec_pretty(self)?)
        };
        let error = written().err()?;
        Some(format!("what the key acts for cannot be remembered in {}: {error}", path.display()))
    }

    fn add(&mut self, company: AccountId) -> bool {
        let new = !self.companies.contains(&company);
        if new {
            self.companies.push(company);
        }
        new
    }
}

impl Context {
    /// The key as it acts on this chain: for a company whose member its account is, or for itself.
    pub async fn acting(&self, chain: &Chain, key: Keypair) -> Result<Keypair> {
        let signer = key.signer();
        let Some(company) = self.company_of(chain, &signer).await? else { return Ok(key) };
        let membership = chain.finalized().await?.membership(&company, &signer).await?;
        let membership = membership.ok_or_else(|| no_member(&signer, &company))?;
        self.remember_company(&chain.genesis(), &signer, company)?;
        Ok(key.acting_by(membership))
    }

    /// The company that a key of this account is to act for.
    pub async fn company_of(&self, chain: &Chain, signer: &AccountId) -> Result<Option<AccountId>> {
        match self.global.company {
            Some(CompanyChoice::None) => return Ok(None),
            Some(CompanyChoice::Account(company)) => return Ok(Some(company)),
            None => {}
        }
        let path = self.companies_file(&chain.genesis(), signer)?;
        let mut remembered = Remembered::read(&path)?;
        if self.look_up(chain, &mut remembered).await? {
            self.write(&remembered, &path);
        }
        match remembered.companies.as_slice() {
            [] => Ok(None),
            [company] => Ok(Some(*company)),
            several => {
                let names: Vec<_> = several.iter().map(AccountId::to_string).collect();
                let text = format!("the key acts for several companies: {}", names.join(", "));
                Err(Failure::new(Code::Usage, text)
                    .named("SeveralCompanies")
                    .advise("say which with --company ACCOUNT, or --company none for the key's own account"))
            }
        }
    }

    /// Whether one of the applications has led to a company by now.
    async fn look_up(&self, chain: &Chain, remembered: &mut Remembered) -> Result<bool> {
        let mut found = Vec::new();
        if remembered.applications.is_empty() {
            return Ok(false);
        }
        let view = chain.finalized().await?;
        let mut open = Vec::new();
        for application in &remembered.applications {
            match view.established_by(&application.0).await? {
                Some(company) => found.push(company),
                None => open.push(*application),
            }
        }
        remembered.applications = open;
        for company in &found {
            remembered.add(*company);
        }
        Ok(!found.is_empty())
    }

    /// Remembers that the key of this account acts for a company.
    pub fn remember_company(&self, genesis: &Digest, signer: &AccountId, company: AccountId) -> Result<()> {
        let path = self.companies_file(genesis, signer)?;
        let mut remembered = Remembered::read(&path)?;
        if remembered.add(company) {
            self.write(&remembered, &path);
        }
        Ok(())
    }

    /// Remembers what the key of this account applied for.
    pub fn remember_application(&self, genesis: &Digest, signer: &AccountId, signed: Digest) -> Result<()> {
        let path = self.companies_file(genesis, signer)?;
        let mut remembered = Remembered::read(&path)?;
        remembered.applications.push(signed.into());
        self.write(&remembered, &path);
        Ok(())
    }

    /// Forgets that the key of this account acts for a company.
    pub fn forget_company(&self, genesis: &Digest, signer: &AccountId, company: &AccountId) -> Result<()> {
        let path = self.companies_file(genesis, signer)?;
        let mut remembered = Remembered::read(&path)?;
        remembered.companies.retain(|known| known != company);
        self.write(&remembered, &path);
        Ok(())
    }

    fn companies_file(&self, genesis: &Digest, signer: &AccountId) -> Result<PathBuf> {
        let name = format!("{}-{}.json", to_hex(genesis), to_hex(&signer.0));
        Ok(self.home()?.join("companies").join(name))
    }

    fn write(&self, remembered: &Remembered, path: &Path) {
        if let Some(warning) = remembered.write(path) {
            self.out.warn(warning);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_key_acts_for_is_remembered_for_its_chain() {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("home");
        let mut context = Context::of(&[]);
        context.global.home = Some(home);
        let (genesis, signer, company) = ([1; 32], AccountId([2; 32]), AccountId([3; 32]));
        let read = |genesis: &Digest| Remembered::read(&context.companies_file(genesis, &signer).unwrap());
        for _ in 0..2 {
            context.remember_company(&genesis, &signer, company).unwrap();
        }
        context.remember_application(&genesis, &signer, [4; 32]).unwrap();
        let expected = Remembered { companies: vec![company], applications: vec![Hash([4; 32])] };
        assert_eq!(read(&genesis), Ok(expected));
        assert_eq!(read(&[9; 32]), Ok(Remembered::default()));
        context.forget_company(&genesis, &signer, &company).unwrap();
        assert_eq!(read(&genesis).unwrap().companies, []);

        let path = context.companies_file(&genesis, &signer).unwrap();
        std::fs::write(&path, "{\"more\": 1}").unwrap();
        let refused = read(&genesis).unwrap_err();
        assert!(refused.message.contains("more") && refused.advice.unwrap().contains("--company"));
    }
}
