//! AASX (IDTA 01005-3-0): the environment in an Open Packaging Conventions package, which is a zip file.
//!
//! The parts are stored in AAS JSON, without compression and without a time, so that the same record always gives
//! the same bytes.

use super::environment;
use crate::DatasetRecord;
use std::io::{Cursor, Write as _};
use thiserror::Error;
use zip::{write::SimpleFileOptions, CompressionMethod, ZipWriter};

const CONTENT_TYPES: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="json" ContentType="application/json"/><Override PartName="/aasx/aasx-origin" ContentType="text/plain"/></Types>
"#;

const ROOT: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="origin" Type="http://admin-shell.io/aasx/relationships/aasx-origin" Target="/aasx/aasx-origin"/></Relationships>
"#;

const ORIGIN: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="spec" Type="http://admin-shell.io/aasx/relationships/aas-spec" Target="/aasx/data.json"/></Relationships>
"#;

/// The package could not be written; in memory that means a part is larger than a package can hold.
#[derive(Debug, Error)]
#[error("the AASX package cannot be written: {0}")]
pub struct PackageError(String);

/// The dataset as an AASX package.
pub fn package(record: &DatasetRecord) -> Result<Vec<u8>, PackageError> {
    let environment = environment(record).to_string();
    let parts = [
        ("[Content_Types].xml", CONTENT_TYPES),
        ("_rels/.rels", ROOT),
        ("aasx/aasx-origin", "Intentionally empty"),
        ("aasx/_rels/aasx-origin.rels", ORIGIN),
        ("aasx/data.json", &environment),
    ];
    let fail = |error: &dyn std::fmt::Display| PackageError(error.to_string());
    let mut package = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, content) in parts {
        package.start_file(name, options).map_err(|error| fail(&error))?;
        package.write_all(content.as_bytes()).map_err(|error| fail(&error))?;
    }
    Ok(package.finish().map_err(|error| fail(&error))?.into_inner())
}
