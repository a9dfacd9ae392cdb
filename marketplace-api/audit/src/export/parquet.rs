//! Apache Parquet: typed columns, amounts as decimals, times as UTC timestamps.

use super::columns::{Cell, COLUMNS};
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
const ROWS_IN_GROUP: usize = 2048;
/// The first amount that a decimal of 38 digits does not hold.
const DECIMAL_LIMIT: Balance = 10u128.pow(38);

/// The schema, in the words of the format's own description.
fn schema() -> String {
    let fields = COLUMNS.iter().map(|(name, cell)| {
        let kind = match cell {
            Cell::Short(_) => "required int32 {} (INTEGER(32,false));",
            Cell::MaybeShort(_) => "optional int32 {} (INTEGER(32,false));",
            Cell::Number(_) => "required int64 {} (INTEGER(64,false));",
            Cell::MaybeNumber(_) => "optional int64 {} (INTEGER(64,false));",
            Cell::Time(_) => "required int64 {} (TIMESTAMP(MILLIS,true));",
            Cell::Amount(_) => "required fixed_len_byte_array(16) {} (DECIMAL(38,0));",
            Cell::Text(_) => "required binary {} (STRING);",
            Cell::Flag(_) => "required boolean {};",
        };
        kind.replace("{}", name)
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
        if [row.price, row.platform_fee, row.royalty_total].iter().any(|amount| *amount >= DECIMAL_LIMIT) {
            let text = format!("trade {} of {}: an amount of more than 38 digits", row.index, row.dataset);
            return Err(io::Error::new(io::ErrorKind::InvalidData, text));
        }
        self.rows.push(row.clone());
        if self.rows.len() == ROWS_IN_GROUP {
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
        for (_, cell) in &COLUMNS {
            write_column(&mut group, cell, &rows).map_err(failed)?;
        }
        group.close().map_err(failed)?;
        Ok(())
    }
}

fn write_column<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    cell: &Cell,
    rows: &[LedgerRow],
) -> Result<(), ParquetError> {
    let rows = rows.iter();
    // The bits of an unsigned number, as its type in the schema says.
    match cell {
        Cell::Short(of) => write::<Int32Type, W>(group, rows.map(|row| Some(of(row).cast_signed()))),
        Cell::MaybeShort(of) => write::<Int32Type, W>(group, rows.map(|row| of(row).map(u32::cast_signed))),
        Cell::Number(of) => write::<Int64Type, W>(group, rows.map(|row| Some(of(row).cast_signed()))),
        Cell::MaybeNumber(of) => write::<Int64Type, W>(group, rows.map(|row| of(row).map(u64::cast_signed))),
        Cell::Time(of) => {
            write::<Int64Type, W>(group, rows.map(|row| Some(of(row).try_into().unwrap_or(i64::MAX))))
        }
        Cell::Amount(of) => {
            let bytes = |row| FixedLenByteArray::from(of(row).to_be_bytes().to_vec());
            write::<FixedLenByteArrayType, W>(group, rows.map(|row| Some(bytes(row))))
        }
        Cell::Text(of) => {
            write::<ByteArrayType, W>(group, rows.map(|row| Some(ByteArray::from(of(row).into_bytes()))))
        }
        Cell::Flag(of) => write::<BoolType, W>(group, rows.map(|row| Some(of(row)))),
    }
}

fn write<T: DataType, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    cells: impl Iterator<Item = Option<T::T>>,
) -> Result<(), ParquetError> {
    // The levels, which only an optional column has, are 1 where there is a value.
    let (mut values, mut levels) = (Vec::new(), Vec::new());
    for cell in cells {
        levels.push(i16::from(cell.is_some()));
        values.extend(cell);
    }
    let column = group.next_column()?;
    let mut column =
        column.ok_or_else(|| ParquetError::General("the schema has fewer columns".to_owned()))?;
    column.typed::<T>().write_batch(&values, Some(&levels), None)?;
    column.close()
}
