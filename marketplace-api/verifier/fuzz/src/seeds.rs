//! Writes the seeds: genuine certificates, and the records that they rest on, into `corpus`.

use std::{fs, io, path::Path};
use wonbon_verifier::{
    claims::{derive, Block, ReadError, StorageReader},
    Certificate,
};
use wonbon_verifier_fuzz::{samples, synthetic::sample::Sample};

fn main() -> io::Result<()> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    for (number, sample) in samples().into_iter().enumerate() {
        let (certificate, claims) = sample.make().expect("the samples are genuine");
        write(&corpus, "binary", number, Certificate::encode(&certificate))?;
        write(&corpus, "json", number, certificate.to_json(&claims).into_bytes())?;
        write(&corpus, "records", number, records(&sample))?;
    }
    Ok(())
}

fn write(corpus: &Path, target: &str, number: usize, seed: Vec<u8>) -> io::Result<()> {
    let folder = corpus.join(target);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join(format!("genuine-{number}")), seed)
}

/// Every value that deriving the claims reads, in order, as the target `records` takes it.
fn records(sample: &Sample) -> Vec<u8> {
    struct Writing<'a>(&'a Sample, Vec<u8>);
    impl StorageReader for Writing<'_> {
        fn read(&mut self, key: &[u8]) -> Result<Option<Vec<u8>>, ReadError> {
            let value = self.0.state.0.get(key).cloned();
            let length = value.as_ref().map_or(u16::MAX, |value| value.len() as u16);
            self.1.extend(length.to_le_bytes());
            self.1.extend(value.iter().flatten());
            Ok(value)
        }
    }
    let mut writing = Writing(sample, Vec::new());
    let block = Block { number: 1, hash: [1; 32].into() };
    derive(&mut writing, &sample.dataset, block).expect("the samples are genuine");
    writing.1
}
