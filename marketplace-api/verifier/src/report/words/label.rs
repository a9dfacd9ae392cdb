//! What fields, columns and findings are called: each once, in Korean and in English, for page and terminal alike.
//!
//! The English of a heading or a field begins with a capital, as on the page; the terminal writes it small
//! ([`super::in_a_line`]). What stands in the middle of a line begins small here.

use super::Words;

macro_rules! labels {
    ($($name:ident = $korean:literal, $english:literal;)+) => {
        $(pub(in crate::report) const $name: Words = ($korean, $english);)+
    };
}

// The document.
labels! {
    CERTIFICATE = "원본 증명서", "Certificate of origin";
    CERTIFICATE_OF = "원본 증명서", "Certificate of origin and trade history";
    UNTITLED = "제조데이터", "Manufacturing data";
    SEAL = "원본", "Original";
    QR = "증명서 지문", "SHA-256 of the certificate";
    WARNING = "경고", "Warning";
    REASON = "사유", "Reason";
    FILE_IS_DATASET =
        "확인한 파일은 이 데이터셋과 모든 바이트가 같습니다.", "The file given is this dataset, byte for byte.";
    OPEN_ORDERS =
        "진행 중인 판매 제안과 주문은 포함되지 않습니다.", "Open offers and open orders are not part of it.";
    NOTHING_PROVED =
        "아무것도 증명되지 않았습니다. 증명서의 내용을 신뢰하지 마십시오.",
        "Nothing is proved. Do not rely on what the certificate says.";
    NOT_MADE_BY =
        "이 증명서는 누가 데이터를 만들었는지가 아니라, 이 바이트를 누가 이곳에 처음 등록했는지를 말합니다.",
        "This certificate says who first registered these bytes here, not who made them.";
    CHECK_AGAIN =
        "wonbon-verify 명령과 컨소시엄의 신뢰 기준점만 있으면 네트워크 없이 누구나 다시 확인할 수 있습니다.",
        "Anyone can check it again without a network, with the command wonbon-verify and the consortium's trust anchor.";
    TIMES_AND_BLOCKS =
        "시각은 한국 시각이며, # 뒤의 수는 블록 번호입니다.",
        "Times are those in Korea; a number after # is a block.";
}

// The dataset and whose it is.
labels! {
    THE_DATASET = "데이터셋", "The dataset";
    TITLE = "제목", "Title";
    DATASET = "데이터셋", "Dataset";
    LENGTH = "크기", "Length";
    METADATA = "메타데이터 문서", "Metadata document";
    METHOD = "생성 방법", "Method";
    REGISTERED = "최초 등록", "First registered";
    PROVISIONAL = "잠정 등록", "PROVISIONAL";
    WITHDRAWN = "철회됨", "WITHDRAWN";
    FAIR_SAMPLE = "공정 표본", "Fair sample";
    FAIR_SAMPLE_FILE = "공정 표본 파일", "Fair sample file";
    FAIR_SAMPLE_CHECK = "파일은 wonbon sample로 확인", "check the file with wonbon sample";
    SAMPLE = "확인한 표본", "Sample given";
    SAMPLE_CHOSEN = "선택된 블록이며, 모두 이 데이터셋의 것입니다", "blocks that somebody chose, all of them the dataset's";
    SAMPLE_PROOF = "행의 증명이며, 모든 블록이 이 데이터셋의 것입니다", "a proof of rows, all blocks of it the dataset's";
    SAMPLE_FAIR = "체인이 추첨한 블록이며, 모두 이 데이터셋의 것입니다", "the blocks that the chain drew, all of them the dataset's";
    SAMPLE_ROWS = "추첨된 블록에서 시작하는 모든 행을 끝까지 보여 줍니다", "every row that begins in a drawn block is shown to its end";
    SAMPLE_NO_ROWS = "행에 대해서는 아무것도 말하지 않습니다", "nothing is said about rows";
    SAMPLE_PROMISE = "메타데이터 문서가 정한 대로입니다", "as the metadata document fixed it";
    SAMPLE_NO_PROMISE = "메타데이터 문서(--metadata)로 행의 약속을 확인하지 않았습니다", "what was promised of rows was not compared: give --metadata";
    ROWS_SHOWN = "보여 준 행", "Rows shown";
    CUT = "(이어짐)", "(goes on)";
    DRAW_UNANSWERED = "추첨에 응답하지 않음", "the draw is not answered";
    RECORDS = "기록", "Records";
    FILE = "파일 확인", "File";
    FILE_MATCHES = "일치", "matches, byte for byte";
    REGISTRANT = "최초 등록자", "First registered by";
    OWNER = "현재 보유자", "Held now by";
    REGISTRANT_AND_OWNER = "최초 등록자 · 현재 보유자", "First registered and held by";
    REGISTRATION_NUMBER = "사업자등록번호", "Registration";
    REGION_AND_INDUSTRY = "지역 · 업종", "Region, industry";
    SIZE = "규모", "Size";
    STANDING = "등록 상태", "Standing";
    RECOVERED = "복구", "Recovered";
    NO_COMPANY = "등록된 기업 없음", "no registered company";
}

// What it was made from, and what was made from it.
labels! {
    LINEAGE = "계보", "Lineage";
    NO_LINEAGE =
        "원천 데이터셋과 새 버전이 없습니다.",
        "No dataset is named as its origin, and none as its new version.";
    ANCESTOR = "원천 데이터셋", "Ancestor";
    BY_AND_OWNER = "등록자 → 현재 보유자", "By → held now by";
    BYTES = "크기", "Bytes";
    ID = "식별자 (해시)", "Id (hash)";
    BOX_REGISTRANT = "등록", "by";
    BOX_OWNER = "보유", "held by";
    ROYALTY_TO = "로열티를 받는 원천", "Royalty to the owner of";
    RELATION = "관계", "Relation";
    OF_EACH_SALE = "매출 대비", "Of each sale";
    NEW_VERSION = "새 버전", "New version";
    NEW_VERSIONS = "새 버전", "New versions";
}

// Trades.
labels! {
    TRADES = "거래이력", "Trade history";
    NO_TRADES = "종결된 거래가 없습니다.", "No trade of it has ended.";
    NUMBER = "번호", "No.";
    ENDED = "종결", "Ended";
    SELLER_AND_BUYER = "판매자 → 구매자", "Seller → buyer";
    PRICE = "가격", "Price";
    OUTCOME = "결과", "Outcome";
    LICENCE_AND_NDA = "이용허락 · 비밀유지", "Licence, NDA";
    SELLER = "판매자", "seller";
    BUYER = "구매자", "buyer";
    ORDER = "주문", "order";
    BLOCK = "블록", "block";
    ROYALTY = "로열티", "royalty";
    FEE = "수수료", "fee";
    NOT_PAID = "지급되지 않음", "not paid";
    TERMS = "약정", "terms";
    LICENCE = "이용허락 문서", "Licence text";
    NDA = "비밀유지협약 문서", "NDA text";
}

// Attestations and handovers.
labels! {
    ATTESTATIONS_AND_HANDOVERS = "확인과 양도", "Attestations and handovers";
    NO_ATTESTATIONS = "확인서가 없습니다.", "There is no attestation.";
    ATTESTATIONS = "확인", "Attestations";
    ATTESTATION = "확인 내용", "Attestation";
    WHEN = "일시", "When";
    INSPECTOR = "검증기관", "Inspector";
    DOCUMENT = "문서", "Document (SHA-256)";
    REVOKED = "취소됨", "REVOKED";
    NO_HANDOVERS = "양도된 적이 없습니다.", "It was never handed over.";
    HANDOVERS = "양도", "Handovers";
    HANDOVER = "양도", "Handover";
    FROM_AND_TO = "양도인 → 양수인", "From → to";
}

// On whose word it stands, and in full what is short elsewhere.
labels! {
    FINALITY = "확정", "Finality";
    VALIDATOR_SET = "검증인단", "Validator set";
    ROUND = "라운드", "round";
    SIGNED_BY = "서명한 검증인", "Signed by";
    WEIGHT = "서명 가중치", "Weight";
    WANTED = "필요", "wanted";
    HAND_OFFS = "따라간 교체", "Hand-offs followed";
    ANCHOR = "기준 블록", "Trust anchor";
    BLOCK_HASH = "블록 해시", "Block hash";
    ANCHOR_TIME = "시각", "Time";
    ANCHOR_ROLE = "역할", "Role";
    DIGESTS_AND_ACCOUNTS = "지문과 계정", "Digests and accounts";
    CERTIFICATE_DIGEST = "증명서", "Certificate";
    CLAIMS_DIGEST = "증명 내용", "Claims";
    ROOT = "데이터셋 (해시 트리의 뿌리)", "Dataset (root of its tree)";
    HEAD = "기록 사슬의 끝", "Head of its records";
    CHAIN = "체인 (첫 블록)", "Chain (first block)";
    AS_OF_BLOCK = "기준 블록", "Block";
}
