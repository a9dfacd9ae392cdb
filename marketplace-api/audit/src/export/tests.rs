//! Each format is written and read back.

use super::*;
use crate::{AsOf, Company};
use ::parquet::file::reader::{FileReader, SerializedFileReader};
use ::parquet::record::Field;
use bytes::Bytes;
use std::sync::{Arc, Mutex};
use wonbon_model::BlockRef;
use wonbon_model::{AccountId, DatasetId, Derivation, Moment, Outcome, Royalty, Share, Trade};

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn about() -> About {
    let as_of = AsOf::new(BlockRef { height: 9, hash: [9; 32] }, 1_700_000_000_000);
    About { genesis: "00".repeat(32), as_of, period: "block 1 – block 9".to_owned() }
}

fn row(index: u32, name: &str) -> LedgerRow {
    let royalty = |amount| Royalty { dataset: DatasetId([4; 32]), account: AccountId([5; 32]), amount };
    let trade = Trade {
        version: 1,
        order: 7,
        offer: 3,
        seller: AccountId([1; 32]),
        buyer: AccountId([2; 32]),
        price: 1_250_000,
        platform_fee: 25_000,
        royalties: vec![royalty(100), royalty(20)].try_into().unwrap(),
        licence: [1; 32],
        nda: [2; 32],
        derivation: Derivation::Permitted { royalty: Share::from_millionths(50_000).unwrap() },
        terms: [3; 32],
        placed_at: 4,
        delivered_at: index.is_multiple_of(2).then_some(5),
        ended: Moment { block: u32::MAX, time: 1_700_000_000_123 },
        outcome: if index.is_multiple_of(2) { Outcome::Accepted } else { Outcome::BadBlock(u64::MAX) },
        position: index,
    };
    let company =
        Company { name: name.to_owned(), registration_number: "1234567891".to_owned(), ..Default::default() };
    let block = BlockRef { height: u32::MAX, hash: [8; 32] };
    LedgerRow::new(DatasetId([6; 32]), index, &trade, block, Some(&company), None)
}

fn written(format: Format, rows: &[LedgerRow]) -> Vec<u8> {
    let out = Shared::default();
    let mut writer = LedgerWriter::new(format, &about(), out.clone()).unwrap();
    for row in rows {
        writer.row(row).unwrap();
    }
    writer.finish().unwrap();
    let bytes = out.0.lock().unwrap().clone();
    bytes
}

#[test]
fn csv_is_that_of_rfc_4180_and_holds_no_formula() {
    let names = ["=HYPERLINK(\"http://x\",\"y\")", "a, \"b\"\nc", "@SUM(1)", "한빛정밀", "-1+2", "\t=1"];
    let rows: Vec<_> = (0..).zip(names).map(|(index, name)| row(index, name)).collect();
    let bytes = written(Format::Csv, &rows);
    let text = std::str::from_utf8(&bytes).unwrap();
    // A Korean spreadsheet takes a file without the mark for CP949.
    assert!(text.starts_with("\u{feff}block,block_hash,time,dataset,"));
    assert_eq!(text.matches("\r\n").count(), names.len() + 1);
    let mut reader = ::csv::Reader::from_reader(&bytes[..]);
    let header = reader.headers().unwrap().clone();
    let at = |name: &str| header.iter().position(|column| column == name).unwrap();
    let found: Vec<_> = reader.records().map(Result::unwrap).collect();
    let expected =
        ["'=HYPERLINK(\"http://x\",\"y\")", "a, \"b\"\nc", "'@SUM(1)", "한빛정밀", "'-1+2", "'\t=1"];
    for (record, expected) in found.iter().zip(expected) {
        assert_eq!(&record[at("seller_name")], expected);
        assert!(record.iter().all(|field| !field.starts_with(['=', '+', '-', '@', '\t'])));
    }
    assert_eq!(&found[0][at("price")], "1250000");
    assert_eq!(&found[0][at("royalty_total")], "120");
    assert_eq!(&found[0][at("derivation")], "5 %");
    assert_eq!(&found[0][at("time")], "2023-11-15T07:13:20+09:00");
    assert_eq!((&found[0][at("delivered_at")], &found[1][at("delivered_at")]), ("5", ""));
    assert_eq!(&found[1][at("bad_block")], u64::MAX.to_string());
}

#[test]
fn parquet_is_read_back_over_several_groups() {
    let rows: Vec<_> = (0..5_000).map(|index| row(index, "한빛정밀")).collect();
    let bytes = written(Format::Parquet, &rows);
    let reader = SerializedFileReader::new(Bytes::from(bytes)).unwrap();
    let about = reader.metadata().file_metadata();
    assert_eq!((about.num_rows(), reader.num_row_groups()), (5_000, 3));
    let notes = about.key_value_metadata().unwrap();
    assert!(notes
        .iter()
        .any(|note| note.key == "wonbon.ledger" && note.value.as_ref().unwrap().contains("block 1")));
    for (index, found) in reader.get_row_iter(None).unwrap().enumerate() {
        let found = found.unwrap();
        let field = |name: &str| {
            let mut columns = found.get_column_iter();
            columns.find(|(column, _)| *column == name).map(|(_, field)| field.clone()).unwrap()
        };
        assert_eq!(field("index"), Field::UInt(index as u32));
        assert_eq!(field("block"), Field::UInt(u32::MAX));
        assert_eq!(field("seller_name"), Field::Str("한빛정밀".to_owned()));
        assert_eq!(field("time"), Field::TimestampMillis(1_700_000_000_123));
        // The reader writes a decimal without places with its point.
        assert_eq!(field("price").to_string().trim_end_matches('.'), "1250000");
        assert_eq!(field("paid"), Field::Bool(index % 2 == 0));
        let (delivered, bad) = if index % 2 == 0 {
            (Field::UInt(5), Field::Null)
        } else {
            (Field::Null, Field::ULong(u64::MAX))
        };
        assert_eq!((field("delivered_at"), field("bad_block")), (delivered, bad));
    }
}

#[test]
fn json_ends_with_its_count() {
    let rows = [row(0, "\"</script>"), row(1, "b")];
    let document: serde_json::Value = serde_json::from_slice(&written(Format::Json, &rows)).unwrap();
    assert_eq!(document["count"], 2);
    assert_eq!(document["about"]["as_of"]["block"], 9);
    assert_eq!(document["trades"][0]["seller"]["name"], "\"</script>");
    assert_eq!(document["trades"][0]["royalties"][1]["amount"], 20);
    assert_eq!(document["trades"][1]["outcome"], "bad_block");
}

#[test]
fn an_empty_ledger_is_a_whole_file() {
    assert_eq!(written(Format::Csv, &[]).split(|byte| *byte == b'\n').count(), 2);
    let reader = SerializedFileReader::new(Bytes::from(written(Format::Parquet, &[]))).unwrap();
    assert_eq!(reader.metadata().file_metadata().num_rows(), 0);
    let document: serde_json::Value = serde_json::from_slice(&written(Format::Json, &[])).unwrap();
    assert_eq!(document["count"], 0);
}

#[test]
fn an_amount_that_does_not_fit_is_refused_and_not_cut_off() {
    let mut large = row(0, "a");
    large.price = u128::MAX;
    let mut writer = LedgerWriter::new(Format::Parquet, &about(), Shared::default()).unwrap();
    assert_eq!(writer.row(&large).unwrap_err().kind(), io::ErrorKind::InvalidData);
    let digits = u128::MAX.to_string();
    assert!(String::from_utf8(written(Format::Csv, &[large.clone()])).unwrap().contains(&digits));
    let json = String::from_utf8(written(Format::Json, &[large])).unwrap();
    assert!(json.contains(&format!("\"price\":{digits},")));
}
