//! What a company says about itself, as it is typed: after `company register`, `company apply` and others.

use clap::Args;
use wonbon_model::words::parse_typed;
use wonbon_model::{Ksic, Name, Profile, Region, RegistrationNumber, Role, Roles, SizeClass};
use wonbon_primitives::company::BadRegistrationNumber;

use crate::exit::{Failure, Result};

/// A whole profile.
#[derive(Debug, Args)]
pub(crate) struct Identity {
    /// Name (상호)
    #[arg(long)]
    name: String,
    /// Business registration number (사업자등록번호), 000-00-00000
    #[arg(long)]
    number: String,
    /// Industry (KSIC, 한국표준산업분류), for example C29
    #[arg(long)]
    ksic: Ksic,
    /// Size: small, medium, mid_market, large or institute
    #[arg(long, value_parser = parse_typed::<SizeClass>)]
    size: SizeClass,
    /// Region: ISO 3166-2 code such as KR-41, or the short name such as 경기
    #[arg(long)]
    region: Region,
    /// What the company does: provider, consumer, auditor, inspector (may be given more than once)
    #[arg(long = "role", value_parser = parse_typed::<Role>, value_delimiter = ',', default_values = ["provider", "consumer"])]
    roles: Vec<Role>,
}

impl Identity {
    /// The profile as the chain keeps it.
    pub(super) fn profile(self) -> Result<Profile> {
        Ok(Profile {
            name: checked_name(&self.name)?,
            registration_number: number(&self.number)?,
            ksic: self.ksic,
            size: self.size,
            region: self.region,
            roles: Roles::from_iter(self.roles),
        })
    }
}

/// A registration number. Not a matter of the command line: a wrong check digit is a value that is refused.
pub(super) fn number(text: &str) -> Result<RegistrationNumber> {
    text.parse::<RegistrationNumber>().map_err(|error| {
        let name = match error {
            BadRegistrationNumber::Form => "BadForm",
            BadRegistrationNumber::CheckDigit => "BadCheckDigit",
        };
        Failure::refused(format!("the registration number {text}: {error}"))
            .named(name)
            .advise("copy it from the business registration certificate (사업자등록증)")
    })
}

/// A company's name as the chain takes it.
pub(super) fn checked_name(name: &str) -> Result<Name> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Failure::refused("the name is empty"));
    }
    Name::try_from(name.as_bytes().to_vec()).map_err(|_| {
        let limit = wonbon_primitives::bounds::MAX_NAME;
        Failure::refused(format!("the name has {} bytes; at most {limit}", name.len()))
    })
}
