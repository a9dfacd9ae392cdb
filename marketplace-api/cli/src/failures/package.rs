//! What can go wrong with a package or a proof, and what to do then.

use wonbon_package::files::FileError;
use wonbon_package::PackageError;

use crate::exit::{Code, Failure};

impl From<FileError> for Failure {
    fn from(error: FileError) -> Self {
        let message = error.to_string();
        let (code, advice) = match error {
            FileError::Package(cause) => return cause.into(),
            FileError::Cancelled => (Code::Interrupted, "nothing was written"),
            FileError::Io { .. } => (Code::Failure, "check the disk, its free space and the permissions"),
            FileError::SameFile(_) | FileError::OtherFile(_) => (Code::Refused, "nothing was written"),
            FileError::Changed(_) => {
                (Code::Refused, "make sure that nothing writes to the file, and run the command again")
            }
            _ => return Failure::new(Code::Failure, message),
        };
        Failure::new(code, message).advise(advice)
    }
}

impl From<PackageError> for Failure {
    fn from(error: PackageError) -> Self {
        let (code, advice) = match &error {
            PackageError::Length(_)
            | PackageError::Growth(_)
            | PackageError::NoSuchBlock(_)
            | PackageError::TooManyBlocks(_) => (Code::Refused, "nothing was written"),
            PackageError::PackageLength { .. } | PackageError::Payload | PackageError::LeafList => {
                (Code::Verification, "the package is damaged, or it is another one; get it again")
            }
            PackageError::WrongKey => (Code::Verification, "the key belongs to another package"),
            PackageError::BadBlock(_) => {
                (Code::Verification, "what was sealed is not the dataset; nothing was written")
            }
            _ => return Failure::new(Code::Failure, error.to_string()),
        };
        Failure::new(code, error.to_string()).advise(advice)
    }
}
