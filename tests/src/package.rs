//! Sealed packages made in memory, honest and otherwise. They are put together from the primitives alone, so
//! that what the command makes and checks is also checked against something else.

use std::{
    fs::File,
    io::{self, BufReader, Read, Seek, SeekFrom, Write},
    path::Path,
};

use wonbon_primitives::{
    bounds::BLOCK_SIZE,
    content::{tree, Commitment},
    seal::{self, ContentKey},
    Digest, OsRng,
};

/// A sealed payload with the list of its plaintext leaves, and what belongs to it.
#[derive(Clone, Debug)]
pub struct Package {
    /// Sealed payload and leaf list, as they are uploaded.
    pub bytes: Vec<u8>,
    /// What stands on the chain for it.
    pub sealing: Sealing,
}

/// What is registered and offered of a package, and what its seller keeps to themselves.
#[derive(Clone, Debug)]
pub struct Sealing {
    /// What identifies the dataset.
    pub plain: Commitment,
    /// The leaves of its tree, some of which are shown when it is registered.
    pub leaves: Vec<Digest>,
    /// What identifies the sealed payload.
    pub sealed: Commitment,
    pub key: ContentKey,
}

impl Package {
    /// Seals `data` as it should be.
    pub fn honest(data: &[u8]) -> Self {
        Self::made(data, data)
    }

    /// The same with this key.
    pub fn sealed_with(key: ContentKey, data: &[u8]) -> Self {
        Self::made_with(key, data, data)
    }

    /// Seals `data` with one byte of the block `index` changed, under the true leaf list and dataset: the cheat
    /// that a dispute is for.
    pub fn with_bad_block(data: &[u8], index: usize) -> Self {
        let mut sealed = data.to_vec();
        sealed[index * BLOCK] ^= 1;
        Self::made(data, &sealed)
    }

    /// A package that says it is `promised` and holds `held`.
    fn made(promised: &[u8], held: &[u8]) -> Self {
        Self::made_with(ContentKey::generate(&mut OsRng), promised, held)
    }

    fn made_with(key: ContentKey, promised: &[u8], held: &[u8]) -> Self {
        let leaves: Vec<_> = promised.chunks(BLOCK).map(tree::leaf_hash).collect();
        let mut bytes = held.to_vec();
        seal::apply(&key, 0, &mut bytes).expect("the data are far shorter than the longest file");
        let length = promised.len() as u64;
        let sealed = root(bytes.chunks(BLOCK).map(tree::leaf_hash).collect());
        bytes.extend(leaves.iter().flatten());
        let plain = Commitment { root: root(leaves.clone()), length };
        Self { bytes, sealing: Sealing { plain, leaves, sealed: Commitment { root: sealed, length }, key } }
    }
}

impl Sealing {
    /// Changes one byte of the block `index` of an honest package in a file. The leaf list and the dataset stay
    /// the true ones; the sealed payload gets the root that it then has.
    pub fn spoil(&mut self, package: &Path, index: u64) -> io::Result<()> {
        let mut file = File::options().read(true).write(true).open(package)?;
        let place = index * BLOCK_SIZE;
        let mut byte = [0];
        file.seek(SeekFrom::Start(place))?;
        file.read_exact(&mut byte)?;
        byte[0] ^= 1;
        file.seek(SeekFrom::Start(place))?;
        file.write_all(&byte)?;

        let mut payload = BufReader::with_capacity(1 << 20, File::open(package)?).take(self.sealed.length);
        let mut tree = tree::Builder::new();
        let mut block = Vec::with_capacity(BLOCK);
        while payload.by_ref().take(BLOCK_SIZE).read_to_end(&mut block)? > 0 {
            tree.push(tree::leaf_hash(&block));
            block.clear();
        }
        self.sealed.root = tree.finish().expect("no package is empty");
        Ok(())
    }
}

/// The leaves of the dataset of `length` bytes whose package is in this file.
pub fn leaves_of(package: &Path, length: u64) -> io::Result<Vec<Digest>> {
    let mut file = File::open(package)?;
    file.seek(SeekFrom::Start(length))?;
    let mut list = Vec::new();
    file.read_to_end(&mut list)?;
    Ok(list.as_chunks::<32>().0.to_vec())
}

const BLOCK: usize = BLOCK_SIZE as usize;

fn root(leaves: Vec<Digest>) -> Digest {
    tree::root_of(leaves).expect("no package is empty")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    #[test]
    fn a_file_is_spoiled_as_bytes_in_memory_are() {
        let folder = Scratch::new("package");
        let path = folder.join("package");
        let data: Vec<u8> = (0..10_000_u32).flat_map(u32::to_le_bytes).collect();
        let package = Package::honest(&data);
        std::fs::write(&path, &package.bytes).unwrap();
        let mut sealing = package.sealing.clone();
        sealing.spoil(&path, 3).unwrap();

        let mut expected = package.bytes;
        expected[3 * BLOCK] ^= 1;
        assert_eq!(std::fs::read(&path).unwrap(), expected);
        let payload = &expected[..data.len()];
        assert_eq!(sealing.sealed.root, root(payload.chunks(BLOCK).map(tree::leaf_hash).collect()));
        assert_eq!(sealing.plain, package.sealing.plain);
    }
}
