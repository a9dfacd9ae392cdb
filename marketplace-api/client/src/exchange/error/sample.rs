//! Why a sample is not given.

use thiserror::Error;
use wonbon_model::words::amount::number;
use wonbon_model::Share;
use wonbon_primitives::bounds::MIN_SAMPLED;

/// Why nothing of that size is shown.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[allow(missing_docs)]
pub enum SampleRefusal {
    /// Of a small dataset no fair sample is given.
    #[error(
        "the dataset has {} bytes, and no fair sample is given of one below {}: hardly anything would be left to sell",
        number(*length), number(MIN_SAMPLED)
    )]
    TooSmall { length: u64 },
    /// Everything would be shown.
    #[error("this shows the whole dataset, and a sample never does")]
    Everything,
    /// More would be shown than is allowed.
    #[error("this shows {share} of the dataset, and at most {most} is allowed")]
    TooMuch { share: Share, most: Share },
    /// More drawn blocks than can be shown, with the ends of their rows.
    #[error("{} drawn blocks with the ends of their rows take more than {most} blocks of the dataset, the most that are shown; {} fit", number(*wanted), number(*fitting))]
    TooManyBlocks { wanted: u64, fitting: u64, most: u64 },
    /// Not even one drawn block with the end of its rows.
    #[error(
        "one drawn block, with the end of its last row, takes more than {most} blocks of the dataset, the most that are shown"
    )]
    NothingFits { most: u64 },
    /// More blocks than a fair sample of this dataset can have would be needed for this share.
    #[error(
        "to rule out that more than {share} of the blocks are bad takes more blocks than may be shown; {least} is possible at most"
    )]
    ShareTooSmall { share: Share, least: Share },
}
