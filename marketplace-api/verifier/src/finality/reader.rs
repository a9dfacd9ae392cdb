//! The few SCALE forms that headers and justifications are made of, read without copying and without believing a
//! length.

use codec::{Compact, Decode};

/// What was wrong with the bytes, for a person.
pub(super) type Wrong = &'static str;

/// Bytes that are still to be read.
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(super) fn read_bytes(&mut self, count: usize) -> Result<&'a [u8], Wrong> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or("it ends too early")?;
        self.0 = rest;
        Ok(taken)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], Wrong> {
        let mut array = [0; N];
        array.copy_from_slice(self.read_bytes(N)?);
        Ok(array)
    }

    pub(super) fn byte(&mut self) -> Result<u8, Wrong> {
        self.array().map(|[byte]| byte)
    }

    pub(super) fn number(&mut self) -> Result<u32, Wrong> {
        self.array().map(u32::from_le_bytes)
    }

    pub(super) fn long(&mut self) -> Result<u64, Wrong> {
        self.array().map(u64::from_le_bytes)
    }

    /// A number in compact form; each has one, others are refused.
    pub(super) fn compact(&mut self) -> Result<u32, Wrong> {
        Compact::<u32>::decode(&mut self.0).map(u32::from).map_err(|_| "a compact number is wrong")
    }

    /// Bytes with their length.
    pub(super) fn bytes(&mut self) -> Result<&'a [u8], Wrong> {
        let length = self.compact()?;
        self.read_bytes(length as usize)
    }

    /// What `read` reads, and the bytes that it read.
    pub(super) fn with_bytes<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Wrong>,
    ) -> Result<(T, &'a [u8]), Wrong> {
        let before = self.0;
        let value = read(self)?;
        Ok((value, &before[..before.len() - self.0.len()]))
    }

    pub(super) fn expect_end(self) -> Result<(), Wrong> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err("there are bytes after its end")
        }
    }
}
