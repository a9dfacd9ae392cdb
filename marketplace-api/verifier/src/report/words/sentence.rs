//! Findings with numbers in them, as sentences in Korean and in English.

use super::Said;
use crate::{
    claims::Recovered, finality::Finality, shown::ShownSample, value::Time, verify::Warning, BlockNumber,
};
use wonbon_model::words::amount::{number, share};

/// As of when everything holds. The English has no time yet.
pub(in crate::report) fn as_of(block: BlockNumber, time: Time) -> Said {
    (format!("블록 {block}, {} (한국 시각) 기준", time.korean()), format!("As of block {block}"))
}

/// On whose word the page stands, and that nothing is left out.
pub(in crate::report) fn proved(finality: &Finality) -> Said {
    let (signers, validators) = (finality.signers.len(), finality.validators);
    (
        format!(
            "아래 내용은 컨소시엄 검증인 {validators}곳 가운데 {signers}곳이 확정한 위 블록의 기록이며, 빠진 기록이 \
             없음이 함께 증명되었습니다."
        ),
        format!(
            "What follows stood in the state of that block, which {signers} of {validators} validators of the \
             consortium finalized, and nothing is left out of it."
        ),
    )
}

/// What to know before relying on it.
pub(in crate::report) fn warning(warning: &Warning) -> Said {
    let korean = match warning {
        Warning::ValidatorsReplaced { by_block } => {
            format!("서명한 검증인들은 블록 {by_block}까지는 교체되었습니다. 새 증명서를 요청하십시오.")
        }
    };
    (korean, format!("{warning}."))
}

/// What it means that a registration is provisional, and until when it is.
pub(in crate::report) fn provisional(until: BlockNumber) -> Said {
    (
        format!("이 등록은 블록 {until} 전까지 잠정이며, 더 먼저 예고한 다른 기업의 등록으로 바뀔 수 있습니다."),
        format!(
            "Until block {until} this registration may give way to that of another company which announced the same \
             bytes earlier."
        ),
    )
}

/// That a company's record may have changed since.
pub(in crate::report) fn company_as_of(block: BlockNumber) -> Said {
    (format!("블록 {block} 기준 기업 정보"), format!("company as of block {block}"))
}

/// That a company lost its keys, and was given another admin.
pub(in crate::report) fn recovered(recovered: &Recovered) -> Said {
    let Recovered { times, last } = recovered;
    let often = if *times == 1 { "once".to_owned() } else { format!("{times} times") };
    (
        format!("열쇠를 잃어 관리자가 {times}회 새로 정해짐 · 마지막 블록 {last}"),
        format!("its keys were lost and it was given another admin {often}, last in block {last}"),
    )
}

/// What the list of accounts is.
pub(in crate::report) fn whose_accounts(block: BlockNumber) -> Said {
    (format!("블록 {block} 기준 계정별 기업"), format!("Whose account it is, as of block {block}"))
}

/// The owner's word about the fair sample: the chain does not know what a file shows.
pub(in crate::report) fn draw_answered(blocks: &str) -> Said {
    (
        format!("소유자가 {blocks}개 블록을 공개했다고 응답함"),
        format!("the owner answered for {blocks} blocks"),
    )
}

/// How many trades there were, and what was paid.
pub(in crate::report) fn trades(count: &str, paid: &str, turnover: &str) -> Said {
    (
        format!("종결된 거래 {count}건 전부 · 대금 지급 {paid}건 · 합계 {turnover}"),
        format!("All {count} trades that have ended; {paid} paid, {turnover} in all"),
    )
}

/// That the graph does not show every ancestor.
pub(in crate::report) fn left_out(count: usize) -> Said {
    (
        format!("그림은 가까운 세대만 보여 주며, 나머지 {count}개는 아래 표에 있습니다."),
        format!("The graph shows the nearest; {count} more are in the table."),
    )
}

/// How much a sample shows.
pub(in crate::report) fn sample_shows(sample: &ShownSample) -> Said {
    let [blocks, all] = [sample.blocks, sample.of_blocks].map(number);
    let given = share(u32::try_from(sample.given_away).unwrap_or(u32::MAX));
    match sample.drawn {
        Some(drawn) => (
            format!("전체 {all}개 블록 중 {blocks}개(추첨 {}개), 전체의 {given}", number(drawn)),
            format!("{blocks} of {all} blocks, {} of them drawn; {given} of the dataset", number(drawn)),
        ),
        None => (
            format!("전체 {all}개 블록 중 {blocks}개, 전체의 {given}"),
            format!("{blocks} of {all} blocks; {given} of the dataset"),
        ),
    }
}

/// What a fair sample rules out, if what it shows is good.
pub(in crate::report) fn sample_rules_out(millionths: u32) -> Said {
    let share = share(millionths.div_ceil(1000) * 1000);
    (
        format!("이 블록들이 온전하면, 불량 블록이 {share} 이상일 가능성은 99 % 신뢰도로 배제됩니다"),
        format!(
            "if they are good, they rule out with 99 % confidence that {share} or more of all blocks are bad"
        ),
    )
}
