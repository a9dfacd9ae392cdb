//! What a certificate says about a dataset, in plain words.
//!
//! Claims are derived from the chain's records ([`derive`]) and say what these say: every field of every record,
//! nothing else. Their digest is SHA-256 over a label and their RFC 8785 form ([`Claims::digest`]).
//!
//! The types here are written as JSON with snake-case names. Digests are 64 hexadecimal digits, accounts SS58
//! addresses, amounts and other large numbers decimal strings, times RFC 3339, shares millionths. Nothing is left
//! out of the JSON: what is absent is `null`. What records of an older layout do not say at all is no member there, nor is what
//! later releases added, so that the claims of older certificates are what they were.

mod derive;
mod error;
mod history;
mod moments;
mod parties;
mod read;
mod records;
mod translate;

pub use crate::value::Block;
pub use derive::derive;
pub use error::DeriveError;
pub use read::{ReadError, Recording, StorageReader};

use crate::{
    value::{Decimal, Hex, Time},
    AccountId, BlockNumber,
};
use serde::{Deserialize, Serialize};
use wonbon_model::canonical;
use wonbon_primitives::{
    company::{Region, Role, SizeClass},
    dataset::{Method, Relation},
    label,
    record::{AttestationKind, Revoker, Standing},
    Digest,
};

/// The domain label of the claims' digest.
const DIGEST_LABEL: label::Label = "wonbon/claims/1";

/// Everything that a certificate proves about one dataset, as of one block.
///
/// Open offers and open orders are no part of it: a trade is in here once it has ended.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    /// Which form this is.
    pub format: Format,
    /// Which chain, and as of which block.
    pub chain: Chain,
    /// The dataset that the claims are about.
    pub dataset: Dataset,
    /// The account that registered it first, with its company.
    pub registrant: Party,
    /// Who holds it now.
    pub owner: Party,
    /// What inspectors said about it, revoked attestations included.
    pub attestations: Vec<Attestation>,
    /// How it went from owner to owner.
    pub handovers: Vec<Handover>,
    /// The datasets that were registered as new versions of it.
    pub versions: Vec<Version>,
    /// Every trade of it that has ended.
    pub trades: Vec<Trade>,
    /// What it was made from: parents, their parents and so on, each once. Generation after generation, each in the
    /// order of the datasets' ids.
    pub ancestors: Vec<Dataset>,
    /// The other accounts that all of this names, in the order of their keys.
    pub parties: Vec<Party>,
}

impl Claims {
    /// The sum of the prices that were paid, in won.
    pub fn turnover(&self) -> u128 {
        let paid = self.trades.iter().filter(|trade| trade.outcome.is_paid());
        paid.fold(0u128, |sum, trade| sum.saturating_add(trade.price.0))
    }

    /// The digest that a certificate carries.
    pub fn digest(&self) -> Digest {
        label::hash(DIGEST_LABEL, &[&self.canonical()])
    }

    /// Whether the dataset's registration was provisional as of the block that they are of: an older announcement could
    /// still displace it.
    pub fn is_provisional(&self) -> bool {
        self.dataset.provisional_until.is_some_and(|until| self.chain.block.number < until)
    }

    /// The RFC 8785 form.
    pub fn canonical(&self) -> Vec<u8> {
        canonical::integers_to_vec(self).expect("claims have no fraction and no integer beyond 2^53; qed")
    }
}

/// The form of claims that this release writes and reads.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Format {
    /// The first form; readers refuse every other.
    #[serde(rename = "wonbon/claims/1")]
    V1,
}

/// Which chain, as of when.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chain {
    /// Hash of its first block: its identity.
    pub genesis: Hex,
    /// The finalized block that everything is as of.
    pub block: Block,
    /// That block's time, as its author gave it.
    pub time: Time,
    /// The rules that the chain ran by.
    pub runtime: Runtime,
}

/// Which runtime wrote the records that the claims rest on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Runtime {
    /// What it calls itself (`spec_name`).
    pub name: String,
    /// The version of its specification (`spec_version`).
    pub version: u32,
}

/// When something happened: the block, and the time that its author gave it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moment {
    /// Height of the block.
    pub block: BlockNumber,
    /// What the block's author gave as its time.
    pub time: Time,
}

/// A dataset's own record, and what it names as its origin.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dataset {
    /// Root of the tree over its bytes: its identity.
    pub id: Hex,
    /// Its length in bytes.
    pub length: Decimal,
    /// SHA-256 of its metadata document.
    pub metadata: Hex,
    /// How it was made.
    pub method: Method,
    /// Who registered it first.
    pub registrant: AccountId,
    /// The block that it stands in, and its time.
    pub registered: Moment,
    /// The block in which it was announced. Left out, as what follows is, where the chain's record does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub announced: Option<BlockNumber>,
    /// The first block in which its registration was not provisional any more: before that, an older announcement would
    /// have displaced it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provisional_until: Option<BlockNumber>,
    /// Who holds it now.
    pub owner: AccountId,
    /// How many generations of parents stand behind it; new versions do not count.
    pub depth: u32,
    /// What it was made from.
    pub parents: Vec<Parent>,
    /// When and why it was withdrawn.
    pub withdrawn: Option<Withdrawal>,
    /// The answer to the fair sample's draw.
    pub fair_sample: Option<SampleAnswer>,
    /// How many attestations it has, revoked ones included.
    pub attestation_count: u32,
    /// How often it was handed over.
    pub handover_count: u32,
    /// How many datasets are new versions of it.
    pub version_count: u32,
    /// How many trades of it have ended.
    pub trade_count: u32,
    /// How many entries its hash chain has.
    pub records: u32,
    /// The last value of its hash chain.
    pub head: Hex,
    /// What is on hold for it, from its owner, in won.
    pub deposit: Decimal,
}

/// A dataset that another was made from.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parent {
    /// The parent.
    pub dataset: Hex,
    /// How the child relates to it.
    pub relation: Relation,
    /// What its owner gets of each sale of the child, in millionths.
    pub royalty_millionths: u32,
}

/// When and why a dataset was withdrawn.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdrawal {
    /// The block that it stands in, and its time.
    pub at: Moment,
    /// Why, in the owner's words.
    pub reason: String,
    /// Its place in the hash chain.
    pub position: u32,
}

/// The answer to the fair sample's draw.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SampleAnswer {
    /// How many blocks of the draw are shown.
    pub blocks: u32,
    /// SHA-256 of the sample file.
    pub digest: Hex,
    /// The block that it stands in, and its time.
    pub at: Moment,
    /// Its place in the hash chain.
    pub position: u32,
    /// The seed of the draw, as the chain stored it. Certificates from before it was proved do not have it, nor do
    /// ancestors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<Hex>,
}

/// An account, and the company that it stands for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// An account that the claims name.
    pub account: AccountId,
    /// The company as it stands now; `None` if none is registered for the account.
    pub company: Option<Company>,
}

/// A company's record at the certified block.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Company {
    /// As it registered it (상호).
    pub name: String,
    /// Business registration number (사업자등록번호), as `124-81-00998`.
    pub registration_number: String,
    /// Main industry: a class of the Korean standard classification (KSIC).
    pub ksic: String,
    /// Size class by the law on small and medium enterprises.
    pub size: SizeClass,
    /// Where its seat is (ISO 3166-2:KR).
    pub region: Region,
    /// What it wants to do on the marketplace.
    pub roles: Vec<Role>,
    /// Where it stands with the registrar.
    pub standing: Standing,
    /// Whether it is accredited for those of its roles that need it.
    pub accredited: bool,
    /// The block in which it registered.
    pub registered_at: BlockNumber,
    /// The block in which its record last changed.
    pub changed_at: BlockNumber,
    /// What is on hold for the record, in won.
    pub deposit: Decimal,
    /// That it lost its keys and the registrar gave it another admin. Absent from the JSON if that never happened, and from
    /// certificates of chains that did not know it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovered: Option<Recovered>,
}

/// How often a company was recovered.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recovered {
    /// How often, once or more.
    pub times: u32,
    /// The block of the last time.
    pub last: BlockNumber,
}

/// What an accredited inspector says about a dataset.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attestation {
    /// Its number among the dataset's attestations.
    pub index: u32,
    /// The account of the company that attests.
    pub inspector: AccountId,
    /// What it is about.
    pub kind: AttestationKind,
    /// SHA-256 of the document that says it.
    pub document: Hex,
    /// The block that it stands in, and its time.
    pub at: Moment,
    /// Its place in the hash chain.
    pub position: u32,
    /// Whether it was taken back.
    pub revoked: Option<Revocation>,
    /// What is on hold for it, in won.
    pub deposit: Decimal,
}

/// That an attestation was taken back.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revocation {
    /// Who took it back.
    pub by: Revoker,
    /// The block that it stands in, and its time.
    pub at: Moment,
    /// The reason that the revoker gave, in their words.
    pub reason: String,
    /// Its place in the hash chain.
    pub position: u32,
}

/// That a dataset went from one owner to another.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Handover {
    /// Its number among the dataset's handovers.
    pub index: u32,
    /// The owner until then, who proposed it.
    pub from: AccountId,
    /// The owner from then on, who accepted it.
    pub to: AccountId,
    /// The block that it stands in, and its time.
    pub at: Moment,
    /// Its place in the hash chain.
    pub position: u32,
}

/// A dataset that contains this one and goes on where it ends.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Version {
    /// Its number among the dataset's versions.
    pub index: u32,
    /// The new version.
    pub dataset: Hex,
    /// Its place in the hash chain.
    pub position: u32,
}

/// A trade that has ended.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trade {
    /// Its number among the dataset's trades.
    pub index: u32,
    /// The order's number on the chain.
    pub order: Decimal,
    /// The offer's number on the chain.
    pub offer: Decimal,
    /// The account that offered it and was paid, if it was.
    pub seller: AccountId,
    /// The account that ordered it and put the money up.
    pub buyer: AccountId,
    /// The price agreed, in won.
    pub price: Decimal,
    /// The platform's part of the price.
    pub platform_fee: Decimal,
    /// The ancestors' parts of the price.
    pub royalties: Vec<Royalty>,
    /// SHA-256 of the licence text that the buyer accepted.
    pub licence: Hex,
    /// SHA-256 of the confidentiality agreement that the buyer accepted.
    pub nda: Hex,
    /// Whether the buyer may sell what they make from it.
    pub derivation: Derivation,
    /// Digest of all terms of the order.
    pub terms: Hex,
    /// The block in which the order was placed.
    pub placed_at: BlockNumber,
    /// The block in which the key was delivered.
    pub delivered_at: Option<BlockNumber>,
    /// The block in which it became final, with its time.
    pub ended: Moment,
    /// How it became final, and so who has the money.
    pub outcome: Outcome,
    /// Its place in the hash chain.
    pub position: u32,
}

/// What one ancestor's owner gets of one sale.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Royalty {
    /// The ancestor.
    pub dataset: Hex,
    /// Who held it when the order was placed.
    pub account: AccountId,
    /// What they get, in won.
    pub amount: Decimal,
}

/// Whether a buyer may sell what they make from a dataset.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Derivation {
    /// They may use it, and sell nothing that they make from it.
    Forbidden,
    /// They may, and owe at least this share of each sale.
    Permitted {
        /// Millionths of the price.
        royalty_millionths: u32,
    },
}

/// How a trade ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Outcome {
    /// The buyer accepted; the seller was paid.
    Accepted,
    /// The dispute window passed without a dispute; the seller was paid.
    Lapsed,
    /// No key came in time; the buyer was refunded, and paid the penalty if one was due.
    Missed,
    /// The key was proved not to be the one committed to; the buyer was refunded.
    WrongKey,
    /// A block was proved not to be the dataset's; the buyer was refunded.
    BadBlock {
        /// Index of the block in the dataset, from 0.
        block: Decimal,
    },
    /// Someone else proved a block of the same sealing wrong; the buyer was refunded.
    Faulted,
    /// The seller refused to deliver; the buyer was refunded.
    Refused,
    /// It was undone after the delivery, as seller and buyer agreed; the buyer was refunded.
    Refunded,
}

impl Outcome {
    /// Whether the seller was paid.
    pub fn is_paid(&self) -> bool {
        matches!(self, Self::Accepted | Self::Lapsed)
    }
}
