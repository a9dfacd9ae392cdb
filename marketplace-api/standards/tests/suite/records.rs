//! The records that the tests write: a full one, the least one, and one whose author means no good.

use wonbon_model::{
    metadata::{Column, ColumnType, Metadata, Profile, Scalar, TextReference},
    AccountId, AttestationKind, DatasetId, Hash, Method, Relation,
};
use wonbon_standards::{
    iri::Site,
    record::{Attestation, Handover, Moment, Offer, Parent, Party, Sample, Withdrawal},
    DatasetRecord,
};

/// The file that [`full`] and [`hostile`] describe.
pub(crate) const CSV: &str = "time,\"spindle \"\"load\"\", %\",온도,ok\n\
    2025-11-21T01:00:00Z,41.5,21,true\n\
    2025-11-21T01:00:01Z,43.25,22,false\n";

pub(crate) fn id(byte: u8) -> DatasetId {
    DatasetId([byte; 32])
}

fn party(byte: u8, address: &str, name: Option<&str>) -> Party {
    Party { account: AccountId([byte; 32]), address: address.into(), name: name.map(Into::into) }
}

fn moment(block: u64) -> Option<Moment> {
    Some(Moment { block, time: 1_763_700_000_000 + 2_000 * block })
}

fn columns() -> Vec<Column> {
    let column = |name: &str, kind, min, max| Column {
        name: name.into(),
        kind,
        min: Some(min),
        max: Some(max),
        missing: Some(0),
        distinct: Some(2),
    };
    let text = |text: &str| Scalar::Text(text.into());
    vec![
        column("time", ColumnType::Timestamp, text("2025-11-21T01:00:00Z"), text("2025-11-21T01:00:01Z")),
        column("spindle \"load\", %", ColumnType::Number, Scalar::Number(41.5), Scalar::Number(43.25)),
        column("온도", ColumnType::Integer, Scalar::Integer(21), Scalar::Integer(22)),
        column("ok", ColumnType::Boolean, text("false"), text("true")),
    ]
}

fn reference(title: &str, byte: u8) -> Option<TextReference> {
    Some(TextReference { title: title.into(), sha256: Hash([byte; 32]) })
}

/// A record that knows everything.
pub(crate) fn full() -> DatasetRecord {
    let mut record = DatasetRecord { id: id(0xab), length: CSV.len() as u64, ..Default::default() };
    record.genesis = Some([0x9e; 32]);
    record.about = Metadata {
        title: "밀링 \"진동\" 데이터".into(),
        description: "CNC 가공 중 스핀들 부하.\n두 줄째 <b>설명</b>.".into(),
        keywords: vec!["CNC".into(), "진동".into()],
        language: Some("ko".into()),
        media_type: Some("text/csv".into()),
        file_name: Some("밀링 1.csv".into()),
        sha256: Some({
            use sha2::Digest as _;
            Hash(sha2::Sha256::digest(CSV).into())
        }),
        licence: reference("원본 표준 데이터 이용허락 1.0", 1),
        nda: reference("비밀유지협약", 2),
        profile: Some(Profile { rows: Some(2), columns: columns(), ..Default::default() }),
        ..Default::default()
    };
    record.metadata = Some([3; 32]);
    record.method = Some(Method::Cleaned);
    let maker = party(0x11, "5CPQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQ", Some("한빛정밀 주식회사"));
    let holder =
        party(0x22, "5CQRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRR", Some("Daesung \"Data\" & Co."));
    let inspector = party(0x33, "5CRSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSS", None);
    record.registrant = Some(maker.clone());
    record.registered = moment(10);
    record.owner = Some(holder.clone());
    record.parents = vec![
        Parent { dataset: id(0xcd), relation: Relation::CleanedFrom, title: Some("원시 데이터".into()) },
        Parent { dataset: id(0xce), relation: Relation::NewVersionOf, title: None },
    ];
    record.versions = vec![id(0xdd)];
    record.attestations = vec![
        Attestation {
            kind: AttestationKind::Quality,
            inspector: inspector.clone(),
            document: [4; 32],
            at: moment(20),
            revoked: None,
        },
        Attestation {
            kind: AttestationKind::SmartFactoryLevel,
            inspector,
            document: [5; 32],
            at: moment(21),
            revoked: moment(22),
        },
    ];
    record.handovers = vec![Handover { from: maker, to: holder, at: moment(30) }];
    record.withdrawn = Some(Withdrawal { at: moment(40), reason: Some("측정 오류".into()) });
    record.offers = vec![Offer { id: 7, price: 1_500_000 }, Offer { id: 8, price: u128::MAX }];
    record.samples = vec![Sample { fair: true, digest: Some([6; 32]) }, Sample { fair: false, digest: None }];
    record.site = Site::parse("https://market.example:8443/wonbon/");
    record
}

/// A record that knows nothing but id and length.
pub(crate) fn bare() -> DatasetRecord {
    DatasetRecord { id: id(0x01), length: u64::MAX, ..Default::default() }
}

/// Every text that an author may choose is one that breaks careless writers.
pub(crate) fn hostile() -> DatasetRecord {
    let nasty = "\u{0}\u{1b}[31m\"'`\\\"\"\" </script><img src=x> \u{202e}אבגד\u{2066} 한글 \
                 {{x}} <>&%22 \u{fffe}\u{ffff} 🏭\u{7f}\u{85}\u{2028}@en . <urn:x> \\u0000 ]]> --> \\";
    let mut record = full();
    let about = &mut record.about;
    about.title = nasty.into();
    about.description = format!("{nasty}\r\n\t{}", "가".repeat(20_000));
    about.keywords = vec![nasty.into(), String::new(), "\u{1}".into()];
    about.language = Some("ko\" . <x> <y> <z> . #".into());
    about.media_type = Some("text/csv>; \"x\"".into());
    about.file_name = Some(format!("../..\\{nasty}.csv"));
    about.sha256 = None;
    about.licence = reference(nasty, 0xff);
    about.nda = reference("\u{0}", 0xfe);
    let odd = [
        ("", ColumnType::Empty),
        (nasty, ColumnType::Text),
        (nasty, ColumnType::Number),
        ("@id", ColumnType::Integer),
    ];
    let columns = odd
        .into_iter()
        .map(|(name, kind)| Column {
            name: name.into(),
            kind,
            min: Some(Scalar::Number(f64::NEG_INFINITY)),
            max: Some(Scalar::Text(nasty.into())),
            missing: Some(u64::MAX),
            distinct: None,
        })
        .collect();
    about.profile = Some(Profile { rows: Some(u64::MAX), columns, ..Default::default() });
    record.registrant = Some(party(0, nasty, Some(nasty)));
    record.owner = Some(party(0xff, "<x>", Some("\u{7}")));
    record.registered = Some(Moment { block: u64::MAX, time: u64::MAX });
    record.parents[0].title = Some(nasty.into());
    record.withdrawn = Some(Withdrawal { at: None, reason: Some(nasty.into()) });
    record.attestations[0].inspector = party(0x44, nasty, Some(""));
    record.attestations[0].at = None;
    record.attestations[0].revoked = Some(Moment { block: 1, time: u64::MAX });
    record
}

/// All of them, with a name for each.
pub(crate) fn all() -> [(&'static str, DatasetRecord); 3] {
    [("full", full()), ("bare", bare()), ("hostile", hostile())]
}
