//! A chain's storage, record by record: what each read gives is taken from the input in order.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wonbon_primitives::DatasetId;
use wonbon_verifier::claims::{derive, Block, Claims, ReadError, StorageReader};

/// Two bytes of length before each value; the largest length stands for nothing there.
struct Input<'a>(&'a [u8]);

impl StorageReader for Input<'_> {
    fn read(&mut self, _: &[u8]) -> Result<Option<Vec<u8>>, ReadError> {
        let (length, rest) = self.0.split_first_chunk().ok_or(ReadError::NotCovered)?;
        let length = u16::from_le_bytes(*length);
        if length == u16::MAX {
            self.0 = rest;
            return Ok(None);
        }
        let (value, rest) = rest.split_at_checked(length.into()).ok_or(ReadError::NotCovered)?;
        self.0 = rest;
        Ok(Some(value.to_vec()))
    }
}

fuzz_target!(|storage: &[u8]| {
    let block = Block { number: 1, hash: [1; 32].into() };
    let id = DatasetId(wonbon_verifier_fuzz::synthetic::digest(1));
    if let Ok(claims) = derive(&mut Input(storage), &id, block) {
        let json = claims.canonical();
        let back: Claims = serde_json::from_slice(&json).expect("claims read back");
        assert_eq!(back, claims);
    }
});
