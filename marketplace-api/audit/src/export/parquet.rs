//! Apache Parquet: typed columns, amounts as decimals, times as UTC timestamps.

use super::{About, LedgerRow};
use parquet::basic::{Compression, ZstdLevel};
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, FixedLenByteArray, FixedLenByteArrayType, Int32Type,
    Int64Type,
};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use std::io::{self, Write};
use std::sync::Arc;
use wonbon_model::Balance;

/// Rows in memory before they are written.
const ROW_GROUP: usize = 2048;
/// The first amount that a decimal of 38 digits does not hold.
const TOO_MUCH: Balance = 10u128.pow(38);

/// What a column has of a row.
enum Cell {
    Block(u32),
    /// Optional in the schema.
    MaybeBlock(Option<u32>),
    Number(u64),
    /// Optional in the schema.
    MaybeNumber(Option<u64>),
    Time(u64),
    Amount(Balance),
    Text(String),
    Flag(bool),
}

struct Column {
    name: &'static str,
    cell: fn(&LedgerRow) -> Cell,
}

const fn column(name: &'static str, cell: fn(&LedgerRow) -> Cell) -> Column {
    Column { name, cell }
}

const COLUMNS: [Column; 27] = [
    column("block", |row| Cell::Block(row.block)),
    column("block_hash", |row| Cell::Text(row.block_hash.clone())),
    column("time", |row| Cell::Time(row.time_ms)),
    column("dataset", |row| Cell::Text(row.dataset.to_string())),
    column("index", |row| Cell::Block(row.index)),
    column("order", |row| Cell::Number(row.order)),
    column("offer", |row| Cell::Number(row.offer)),
    column("seller", |row| Cell::Text(row.seller.account.to_string())),
    column("seller_name", |row| Cell::Text(row.seller.name.clone())),
    column("seller_registration_number", |row| Cell::Text(row.seller.registration_number.clone())),
    column("buyer", |row| Cell::Text(row.buyer.account.to_string())),
    column("buyer_name", |row| Cell::Text(row.buyer.name.clone())),
    column("buyer_registration_number", |row| Cell::Text(row.buyer.registration_number.clone())),
    column("outcome", |row| Cell::Text(row.outcome.to_owned())),
    column("bad_block", |row| Cell::MaybeNumber(row.bad_block)),
    column("paid", |row| Cell::Flag(row.paid)),
    column("price", |row| Cell::Amount(row.price)),
    column("platform_fee", |row| Cell::Amount(row.platform_fee)),
    column("royalty_total", |row| Cell::Amount(row.royalty_total)),
    column("royalties", |row| Cell::Text(row.royalty_text())),
    column("derivation", |row| Cell::Text(row.derivation.clone())),
    column("licence", |row| Cell::Text(row.licence.clone())),
    column("nda", |row| Cell::Text(row.nda.clone())),
    column("terms", |row| Cell::Text(row.terms.clone())),
    column("placed_at", |row| Cell::Block(row.placed_at)),
    column("delivered_at", |row| Cell::MaybeBlock(row.delivered_at)),
    column("position", |row| Cell::Block(row.position)),
];

/// The schema, in the words of the format's own description.
fn schema() -> String {
    let empty = LedgerRow::empty();
    let fields = COLUMNS.iter().map(|column| {
        let kind = match (column.cell)(&empty) {
            Cell::Block(_) => "required int32 {} (INTEGER(32,false));",
            Cell::MaybeBlock(_) => "optional int32 {} (INTEGER(32,false));",
            Cell::Number(_) => "required int64 {} (INTEGER(64,false));",
            Cell::MaybeNumber(_) => "optional int64 {} (INTEGER(64,false));",
            Cell::Time(_) => "required int64 {} (TIMESTAMP(MILLIS,true));",
            Cell::Amount(_) => "required fixed_len_byte_array(16) {} (DECIMAL(38,0));",
            Cell::Text(_) => "required binary {} (STRING);",
            Cell::Flag(_) => "required boolean {};",
        };
        kind.replace("{}", column.name)
    });
    format!("message ledger {{ {} }}", fields.collect::<Vec<_>>().join(" "))
}

fn failed(error: ParquetError) -> io::Error {
    io::Error::other(error)
}

/// Writes rows as Parquet.
pub(crate) struct Writer<W: Write + Send> {
    out: SerializedFileWriter<W>,
    rows: Vec<LedgerRow>,
}

impl<W: Write + Send> Writer<W> {
    pub(crate) fn new(about: &About, out: W) -> io::Result<Self> {
        let schema = Arc::new(parse_message_type(&schema()).map_err(failed)?);
        let about = serde_json::to_string(about)?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_created_by("wonbon".to_owned())
            .set_key_value_metadata(Some(vec![KeyValue::new("wonbon.ledger".to_owned(), about)]))
            .build();
        let out = SerializedFileWriter::new(out, schema, Arc::new(properties)).map_err(failed)?;
        Ok(Self { out, rows: Vec::new() })
    }

    pub(crate) fn row(&mut self, row: &LedgerRow) -> io::Result<()> {
        if [row.price, row.platform_fee, row.royalty_total].iter().any(|amount| *amount >= TOO_MUCH) {
            let text = format!("trade {} of {}: an amount of more than 38 digits", row.index, row.dataset);
            return Err(io::Error::new(io::ErrorKind::InvalidData, text));
        }
        self.rows.push(row.clone());
        if self.rows.len() == ROW_GROUP {
            self.write_group()?;
        }
        Ok(())
    }

    pub(crate) fn finish(mut self) -> io::Result<()> {
        if !self.rows.is_empty() {
            self.write_group()?;
        }
        self.out.close().map_err(failed)?;
        Ok(())
    }

    fn write_group(&mut self) -> io::Result<()> {
        let rows = std::mem::take(&mut self.rows);
        let mut group = self.out.next_row_group().map_err(failed)?;
        for column in &COLUMNS {
            write_column(&mut group, rows.iter().map(column.cell)).map_err(failed)?;
        }
        group.close().map_err(failed)?;
        Ok(())
    }
}

/// A column's values of a group, by their type.
#[derive(Default)]
struct Values {
    ints: Vec<i32>,
    longs: Vec<i64>,
    texts: Vec<ByteArray>,
    amounts: Vec<FixedLenByteArray>,
    flags: Vec<bool>,
    /// For an optional column: 1 where there is a value.
    levels: Vec<i16>,
}

fn write_column<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    cells: impl Iterator<Item = Cell>,
) -> Result<(), ParquetError> {
    let mut values = Values::default();
    let mut kind = None;
    for cell in cells {
        kind = Some(std::mem::discriminant(&cell));
        match cell {
            // The bits of an unsigned number, as its type in the schema says.
            Cell::Block(number) => values.ints.push(number.cast_signed()),
            Cell::Number(number) => values.longs.push(number.cast_signed()),
            Cell::MaybeBlock(number) => {
                values.levels.push(number.is_some().into());
                values.ints.extend(number.map(u32::cast_signed));
            }
            Cell::MaybeNumber(number) => {
                values.levels.push(number.is_some().into());
                values.longs.extend(number.map(u64::cast_signed));
            }
            Cell::Time(ms) => values.longs.push(i64::try_from(ms).unwrap_or(i64::MAX)),
            Cell::Amount(amount) => {
                values.amounts.push(FixedLenByteArray::from(amount.to_be_bytes().to_vec()));
            }
            Cell::Text(text) => values.texts.push(ByteArray::from(text.into_bytes())),
            Cell::Flag(flag) => values.flags.push(flag),
        }
    }
    let is = |cell: Cell| kind == Some(std::mem::discriminant(&cell));
    if is(Cell::Text(String::new())) {
        write::<ByteArrayType, W>(group, &values.texts, None)
    } else if is(Cell::Amount(0)) {
        write::<FixedLenByteArrayType, W>(group, &values.amounts, None)
    } else if is(Cell::Flag(false)) {
        write::<BoolType, W>(group, &values.flags, None)
    } else if is(Cell::Block(0)) {
        write::<Int32Type, W>(group, &values.ints, None)
    } else if is(Cell::MaybeBlock(None)) {
        write::<Int32Type, W>(group, &values.ints, Some(&values.levels))
    } else if is(Cell::MaybeNumber(None)) {
        write::<Int64Type, W>(group, &values.longs, Some(&values.levels))
    } else {
        write::<Int64Type, W>(group, &values.longs, None)
    }
}

fn write<T: DataType, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: &[T::T],
    levels: Option<&[i16]>,
) -> Result<(), ParquetError> {
    let column = group.next_column()?;
    let mut column =
        column.ok_or_else(|| ParquetError::General("the schema has fewer columns".to_owned()))?;
    column.typed::<T>().write_batch(values, levels, None)?;
    column.close()
}
