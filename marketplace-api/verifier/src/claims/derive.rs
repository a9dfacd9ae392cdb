//! From a chain's storage to claims: which records are read, in which order, and what is checked about them.
//!
//! The keys follow from the dataset's id and from the records themselves. A count in a dataset's record says how many
//! entries a list has, and every one of them is read, so nothing can be left out. The records' places must fill the
//! dataset's hash chain without a hole, and give the head that the chain kept.

use super::{
    history::{check_head, History},
    read::{ReadError, StorageReader},
    records::{Attestation, Company, DatasetRecord, Handover, Participant, Trade},
    translate, Block, Chain, Claims, Dataset, DeriveError, Format, Party, Runtime,
};
use crate::{
    keys,
    refusal::{Invalid, RecordName, Unreadable},
    value::Hex,
    AccountId, BlockNumber,
};
use codec::{Compact, Decode, DecodeAll};
use std::{collections::BTreeSet, ops::RangeInclusive};
use wonbon_primitives::{
    record::{self, COMPANY_LAYOUT, DATASET_ENTRY_LAYOUT, PARTICIPANT_LAYOUT},
    DatasetId, Digest,
};

/// The runtime whose records this program knows, and the versions of it.
const RUNTIME_NAME: &str = "wonbon";
const RUNTIME_VERSIONS: RangeInclusive<u32> = 1..=2;
/// From this version on companies act through people, and can be recovered: what was made before says nothing of that.
const FIRST_WITH_PEOPLE: u32 = 2;
/// How many keys are announced together.
const KEYS_PER_ANNOUNCEMENT: usize = 1024;

/// The claims about a dataset as of a block, whose state `reader` reads.
///
/// Who makes a certificate calls this over the chain's storage, through [`super::Recording`], and asks a node for a
/// proof of the keys recorded. Who checks one calls it over that proof. So both read the same keys.
pub fn derive(reader: &mut impl StorageReader, id: &DatasetId, block: Block) -> Result<Claims, DeriveError> {
    let mut source = Source { reader, has_people: false };
    source.announce(&[keys::block_hash(0), keys::last_runtime_upgrade(), keys::now(), keys::dataset(id)])?;
    let runtime = source.runtime()?;
    source.has_people = runtime.version >= FIRST_WITH_PEOPLE;
    let genesis: Digest =
        all(&source.present(&keys::block_hash(0), RecordName::Genesis)?, RecordName::Genesis)?;
    let millis = all(&source.present(&keys::now(), RecordName::Time)?, RecordName::Time)?;
    let time = translate::time(millis, RecordName::Time)?;
    let chain = Chain { genesis: genesis.into(), block, time, runtime };

    let (record, parents) =
        source.dataset(id)?.ok_or(Invalid::NotRegistered { dataset: id.0.into(), block: block.number })?;
    let mut dataset = translate::dataset(id, &record, &parents)?;
    if let Some(answer) = &mut dataset.fair_sample {
        answer.seed = source.seed(record.registered.block)?;
    }
    let registrant = source.party(&record.registrant)?;
    let owner =
        if record.owner == record.registrant { registrant.clone() } else { source.party(&record.owner)? };

    let mut history = History::new(id, &record, &parents);
    let attestations = source.list((id, record.attestation_count), ATTESTATIONS, |index, bytes, name| {
        let entry: Attestation = layout(bytes, DATASET_ENTRY_LAYOUT, name)?;
        history.attestation(index, &entry);
        translate::attestation(index, &entry, name)
    })?;
    let handovers = source.list((id, record.handover_count), HANDOVERS, |index, bytes, name| {
        let entry: Handover = layout(bytes, DATASET_ENTRY_LAYOUT, name)?;
        history.add(entry.position, record::handover_entry(id, index, &entry));
        translate::handover(index, &entry, name)
    })?;
    let versions = source.list((id, record.version_count), VERSIONS, |index, bytes, name| {
        let entry: record::Version = all(bytes, name)?;
        history.add(entry.position, record::version_entry(id, index, &entry));
        Ok(translate::version(index, &entry))
    })?;
    let trades = source.list((id, record.trade_count), TRADES, |index, bytes, name| {
        let entry: Trade = trade(bytes, name)?;
        history.add(entry.position, record::trade_entry(id, index, &entry));
        translate::trade(index, &entry, name)
    })?;
    history.check()?;

    let ancestors = source.ancestors(id, &parents)?;
    let mut claims = Claims {
        format: Format::V1,
        chain,
        dataset,
        registrant,
        owner,
        attestations,
        handovers,
        versions,
        trades,
        ancestors,
        parties: Vec::new(),
    };
    let others = claims.accounts().into_iter();
    claims.parties = source.parties(
        others.filter(|account| *account != record.registrant && *account != record.owner).collect(),
    )?;
    Ok(claims)
}

/// One kind of a dataset's records: what they are called, and under which keys they stand.
type List = (fn(Hex, u32) -> RecordName, fn(&DatasetId, u32) -> Vec<u8>);

const PARENTS: List = (RecordName::Parent, keys::parent);
const ATTESTATIONS: List = (RecordName::Attestation, keys::attestation);
const HANDOVERS: List = (RecordName::Handover, keys::handover);
const VERSIONS: List = (RecordName::Version, keys::version);
const TRADES: List = (RecordName::Trade, keys::trade);

/// Reading records by name.
struct Source<'a, R> {
    reader: &'a mut R,
    /// Whether the chain has companies that act through people.
    has_people: bool,
}

impl<R: StorageReader> Source<'_, R> {
    fn announce(&mut self, keys: &[Vec<u8>]) -> Result<(), DeriveError> {
        let mut parts = keys.chunks(KEYS_PER_ANNOUNCEMENT);
        // Nothing is read, so no record is not covered.
        parts
            .try_for_each(|keys| self.reader.announce(keys))
            .map_err(|error| failed(error, RecordName::Runtime))
    }

    fn read(&mut self, key: &[u8], name: RecordName) -> Result<Option<Vec<u8>>, DeriveError> {
        self.reader.read(key).map_err(|error| failed(error, name))
    }

    /// A record that must be there.
    fn present(&mut self, key: &[u8], name: RecordName) -> Result<Vec<u8>, DeriveError> {
        Ok(self.read(key, name)?.ok_or(Invalid::Missing { record: name })?)
    }

    fn runtime(&mut self) -> Result<Runtime, DeriveError> {
        let bytes = self.present(&keys::last_runtime_upgrade(), RecordName::Runtime)?;
        let (Compact(version), name): (Compact<u32>, String) = all(&bytes, RecordName::Runtime)?;
        if name != RUNTIME_NAME || !RUNTIME_VERSIONS.contains(&version) {
            return Err(Unreadable::Runtime { name, version }.into());
        }
        Ok(Runtime { name, version })
    }

    /// A dataset's record and its parents; `None` if there is no such dataset.
    fn dataset(
        &mut self,
        id: &DatasetId,
    ) -> Result<Option<(DatasetRecord, Vec<record::Parent>)>, DeriveError> {
        let name = RecordName::Dataset(id.0.into());
        let Some(bytes) = self.read(&keys::dataset(id), name)? else { return Ok(None) };
        let record: DatasetRecord = match record::decode_dataset(&bytes) {
            Some(record) => record.map_err(|error| translate::unreadable(name, error))?,
            None => {
                let layout = bytes.first().copied().unwrap_or_default();
                return Err(Unreadable::Layout { record: name, layout }.into());
            }
        };
        let parents = self.list((id, record.parent_count), PARENTS, |_, bytes, name| all(bytes, name))?;
        Ok(Some((record, parents)))
    }

    /// The seed of the draws of a block; `None` in a proof from before it was proved, which may show its absence by chance
    /// when it is one of a state that had none: a sample is then checked against nothing, and refused.
    fn seed(&mut self, registered_at: BlockNumber) -> Result<Option<Hex>, DeriveError> {
        let (key, name) = (keys::seed(registered_at), RecordName::Seed(registered_at));
        self.announce(std::slice::from_ref(&key))?;
        match self.reader.read(&key) {
            Ok(Some(bytes)) => Ok(Some(Hex(all(&bytes, name)?))),
            Ok(None) | Err(ReadError::NotCovered) => Ok(None),
            Err(error) => Err(failed(error, name)),
        }
    }

    /// An account and its company.
    fn party(&mut self, account: &AccountId) -> Result<Party, DeriveError> {
        let name = RecordName::Participant(Hex(account.0));
        let company = match self.read(&keys::participant(account), name)? {
            Some(bytes) => {
                let record: Participant = layout(&bytes, PARTICIPANT_LAYOUT, name)?;
                let people = self.people(account)?;
                Some(translate::company(&record, people.as_ref(), name)?)
            }
            None => None,
        };
        Ok(Party { account: *account, company })
    }

    /// What a company is that acts through people; `None` of an account that has its own key. That it is none is proved too:
    /// nobody leaves a recovery out.
    fn people(&mut self, account: &AccountId) -> Result<Option<Company>, DeriveError> {
        if !self.has_people {
            return Ok(None);
        }
        let name = RecordName::Company(Hex(account.0));
        let found = self.read(&keys::company(account), name)?;
        found.map(|bytes| layout(&bytes, COMPANY_LAYOUT, name)).transpose()
    }

    fn parties(&mut self, accounts: Vec<AccountId>) -> Result<Vec<Party>, DeriveError> {
        let mut wanted: Vec<_> = accounts.iter().map(keys::participant).collect();
        if self.has_people {
            wanted.extend(accounts.iter().map(keys::company));
        }
        self.announce(&wanted)?;
        accounts.iter().map(|account| self.party(account)).collect()
    }

    /// Everything that a dataset was made from: one generation after the other, each sorted, each dataset once.
    fn ancestors(&mut self, id: &DatasetId, parents: &[record::Parent]) -> Result<Vec<Dataset>, DeriveError> {
        let mut known = BTreeSet::from([*id]);
        let mut ancestors = Vec::new();
        let mut generation: BTreeSet<DatasetId> = parents.iter().map(|parent| parent.dataset).collect();
        while !generation.is_empty() {
            let mut next = BTreeSet::new();
            generation.retain(|id| known.insert(*id));
            self.announce(&generation.iter().map(keys::dataset).collect::<Vec<_>>())?;
            for id in &generation {
                let name = RecordName::Dataset(id.0.into());
                let (record, parents) = self.dataset(id)?.ok_or(Invalid::Missing { record: name })?;
                // Its other records are not here; without any, its own record gives the whole hash chain.
                if record.records == 0 {
                    check_head(Hex(id.0), record::first_head(id, &record, &parents), record.head)?;
                }
                ancestors.push(translate::dataset(id, &record, &parents)?);
                next.extend(parents.iter().map(|parent| parent.dataset));
            }
            generation = next;
        }
        Ok(ancestors)
    }

    /// Every entry of a dataset's list with this many entries.
    fn list<T>(
        &mut self,
        (id, count): (&DatasetId, u32),
        (name, key): List,
        mut entry: impl FnMut(u32, &[u8], RecordName) -> Result<T, DeriveError>,
    ) -> Result<Vec<T>, DeriveError> {
        let mut entries = Vec::new();
        for first in (0..count).step_by(KEYS_PER_ANNOUNCEMENT) {
            let indices = first..count.min(first.saturating_add(KEYS_PER_ANNOUNCEMENT as u32));
            let keys: Vec<_> = indices.clone().map(|index| key(id, index)).collect();
            self.announce(&keys)?;
            for (index, at) in indices.zip(keys) {
                let name = name(id.0.into(), index);
                entries.push(entry(index, &self.present(&at, name)?, name)?);
            }
        }
        Ok(entries)
    }
}

fn failed(error: ReadError, record: RecordName) -> DeriveError {
    match error {
        ReadError::Source(source) => DeriveError::Source(source),
        ReadError::NotCovered => Invalid::NotCovered { record }.into(),
    }
}

/// Decodes a record that opens with a layout byte.
fn layout<T: Decode>(bytes: &[u8], known: u8, name: RecordName) -> Result<T, DeriveError> {
    match bytes.first() {
        Some(layout) if *layout != known => Err(Unreadable::Layout { record: name, layout: *layout }.into()),
        _ => all(bytes, name),
    }
}

/// Decodes a trade, which may be of the layout before this one.
fn trade(bytes: &[u8], name: RecordName) -> Result<Trade, DeriveError> {
    match (record::read_trade(bytes), bytes.first()) {
        (Some(read), _) => Ok(read.map_err(|error| translate::unreadable(name, error))?),
        (None, Some(layout)) => Err(Unreadable::Layout { record: name, layout: *layout }.into()),
        (None, None) => all(bytes, name),
    }
}

/// Decodes a record, to its last byte.
fn all<T: Decode>(mut bytes: &[u8], name: RecordName) -> Result<T, DeriveError> {
    Ok(T::decode_all(&mut bytes).map_err(|error| translate::unreadable(name, error))?)
}
