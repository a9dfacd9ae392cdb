//! What the stored values of a Parquet column mean, and how the ends of their range are written.

use ::parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type};
use ::parquet::schema::types::ColumnDescriptor;

use crate::{column::timestamp::DAY_IN_NANOSECONDS, ColumnType, Scalar};

/// How stored values are to be understood.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Meaning {
    Signed,
    Unsigned,
    Number,
    /// Whole numbers with so many digits behind the point.
    Decimal(i32),
    /// Ticks of so many nanoseconds since 1970.
    Time(i128),
    /// Of this type, and no range is told.
    NoRange(ColumnType),
}

impl Meaning {
    pub(super) fn of(descriptor: &ColumnDescriptor) -> Meaning {
        match descriptor.logical_type_ref() {
            Some(LogicalType::Timestamp(stamp)) => {
                return Meaning::Time(match stamp.unit {
                    TimeUnit::MILLIS => 1_000_000,
                    TimeUnit::MICROS => 1_000,
                    TimeUnit::NANOS => 1,
                });
            }
            Some(LogicalType::Date) => return Meaning::Time(DAY_IN_NANOSECONDS),
            Some(LogicalType::Decimal(decimal)) => return Meaning::Decimal(decimal.scale),
            Some(LogicalType::Integer(whole)) if !whole.is_signed => return Meaning::Unsigned,
            Some(LogicalType::Time(_)) => return Meaning::NoRange(ColumnType::Text),
            Some(LogicalType::Float16) => return Meaning::NoRange(ColumnType::Number),
            _ => {}
        }
        match descriptor.converted_type() {
            ConvertedType::TIMESTAMP_MILLIS => return Meaning::Time(1_000_000),
            ConvertedType::TIMESTAMP_MICROS => return Meaning::Time(1_000),
            ConvertedType::DATE => return Meaning::Time(DAY_IN_NANOSECONDS),
            ConvertedType::DECIMAL => return Meaning::Decimal(descriptor.type_scale()),
            ConvertedType::UINT_8
            | ConvertedType::UINT_16
            | ConvertedType::UINT_32
            | ConvertedType::UINT_64 => return Meaning::Unsigned,
            _ => {}
        }
        match descriptor.physical_type() {
            Type::BOOLEAN => Meaning::NoRange(ColumnType::Boolean),
            Type::INT32 | Type::INT64 => Meaning::Signed,
            Type::INT96 => Meaning::NoRange(ColumnType::Timestamp),
            Type::FLOAT | Type::DOUBLE => Meaning::Number,
            Type::BYTE_ARRAY | Type::FIXED_LEN_BYTE_ARRAY => Meaning::NoRange(ColumnType::Text),
        }
    }

    pub(super) fn column_type(self) -> ColumnType {
        match self {
            Meaning::Signed | Meaning::Unsigned => ColumnType::Integer,
            Meaning::Number | Meaning::Decimal(_) => ColumnType::Number,
            Meaning::Time(_) => ColumnType::Timestamp,
            Meaning::NoRange(kind) => kind,
        }
    }

    /// A value that is stored in 32 bits.
    pub(super) fn whole32(self, stored: i32) -> i128 {
        match self {
            Meaning::Unsigned => (stored as u32).into(),
            _ => stored.into(),
        }
    }

    /// A value that is stored in 64 bits.
    pub(super) fn whole64(self, stored: i64) -> i128 {
        match self {
            Meaning::Unsigned => (stored as u64).into(),
            _ => stored.into(),
        }
    }

    /// The ends of a range, of whole or of other numbers, as the profile writes them.
    pub(super) fn ends(
        self,
        wholes: Option<(i128, i128)>,
        numbers: Option<(f64, f64)>,
    ) -> (Option<Scalar>, Option<Scalar>) {
        let whole = |end: &dyn Fn(i128) -> Option<Scalar>| match wholes {
            Some((low, high)) => (end(low), end(high)),
            None => (None, None),
        };
        match self {
            Meaning::Signed | Meaning::Unsigned => whole(&|value| Some(Scalar::integer(value))),
            Meaning::Decimal(scale) => whole(&|value| Some(Scalar::number(value as f64 / 10f64.powi(scale)))),
            Meaning::Time(tick) => {
                whole(&|value| time_text(value.checked_mul(tick)?, tick).map(Scalar::Text))
            }
            Meaning::Number => match numbers {
                Some((low, high)) => (Some(Scalar::number(low)), Some(Scalar::number(high))),
                None => (None, None),
            },
            Meaning::NoRange(_) => (None, None),
        }
    }
}

/// Nanoseconds since 1970 as text; whole days as a date.
fn time_text(nanoseconds: i128, tick: i128) -> Option<String> {
    let instant = time::OffsetDateTime::from_unix_timestamp_nanos(nanoseconds).ok()?;
    if tick >= DAY_IN_NANOSECONDS {
        return Some(instant.date().to_string());
    }
    instant.format(&time::format_description::well_known::Rfc3339).ok()
}
