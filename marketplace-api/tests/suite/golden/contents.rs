//! What companies of the golden market keep at the service: the bytes of the raw dataset and of the samples from it, its
//! metadata document, and the texts that offers name.

use sha2::{Digest as _, Sha256};
use wonbon_model::{DatasetId, Digest, Hash};
use wonbon_primitives::sample::{Kind, Sample};

use crate::samples::{fair_sample_of, sample_of};

pub(super) const SEED: Digest = [0x5e; 32];
/// Blocks of the raw dataset that its owner shows of those drawn.
pub(super) const SHOWN: u32 = 2;

pub(super) const LICENCE: &str = "Licence of the golden market: use it, do not pass it on.\n";
pub(super) const NDA: &str = "비밀유지협약서: 받은 자료를 밖에 내놓지 않는다.\n";

pub(super) fn rows() -> Vec<u8> {
    (0..120_000).map(|row| format!("{row},{},값\n", row * 31)).collect::<String>().into_bytes()
}

/// Some blocks of the raw dataset, with their proofs.
pub(super) fn shown(indices: Vec<u64>, kind: Kind) -> Sample {
    sample_of(&rows(), indices, kind)
}

pub(super) fn raw() -> DatasetId {
    shown(vec![0], Kind::Chosen).dataset
}

pub(super) fn fair() -> Sample {
    fair_sample_of(&rows(), SEED, SHOWN)
}

/// The raw dataset's metadata document, with every field, in canonical form.
pub(super) fn metadata() -> String {
    let (licence, nda) = (sha256(LICENCE.as_bytes()), sha256(NDA.as_bytes()));
    let column = |name: &str, rest: &str| format!(r#"{{{rest},"name":"{name}"#);
    let columns = [
        r#"{"distinct":120000,"max":119999,"min":0,"missing":0,"name":"row","type":"integer"}"#.to_owned(),
        r#"{"distinct":120000,"max":123969.5,"min":-0.25,"missing":3,"name":"spindle","type":"number"}"#
            .into(),
        r#"{"missing":120000,"name":"<b>empty</b>","type":"empty"}"#.into(),
        column("단위", r#""distinct":1,"max":"값","min":"값","missing":0"#) + r#"","type":"text"}"#,
    ];
    format!(
        r#"{{"description":"절삭 가공 스핀들 진동. <script>alert(1)</script>","file_name":"spindle.csv","keywords":["CNC","진동","spindle"],"language":"ko","length":{},"licence":{{"sha256":"{licence}","title":"표준 이용허락"}},"media_type":"text/csv","nda":{{"sha256":"{nda}","title":"비밀유지협약"}},"profile":{{"columns":[{}],"encoding":"cp949","format":"csv","rows":120000,"rows_are_lines":true,"warnings":["3 rows have no value in spindle"]}},"schema":"wonbon/metadata/1","title":"스핀들 진동 spindle vibration"}}"#,
        rows().len(),
        columns.join(","),
    )
}

/// The least that a metadata document has.
pub(super) const SMALL_METADATA: &str = r#"{"description":"","keywords":[],"length":8192,"schema":"wonbon/metadata/1","title":"Cleaned vibration"}"#;

pub(super) fn sha256(bytes: &[u8]) -> Hash {
    Hash(Sha256::digest(bytes).into())
}
