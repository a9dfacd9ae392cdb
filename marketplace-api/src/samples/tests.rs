//! Tests of who waits for whom.

use std::time::Duration;

use futures::FutureExt;

use super::*;
use crate::{model::Change, read_model::MemoryLedger, testing};

#[tokio::test]
async fn a_company_that_sends_slowly_keeps_only_itself_waiting() {
    let ledger: Arc<dyn Ledger> = Arc::new(MemoryLedger::new());
    let read_model = ReadModel::new(ledger.clone()).unwrap();
    let quota = Arc::new(Quota::new(1 << 20));
    let samples = Arc::new(Samples::new(Store::in_memory(), read_model, quota, Status::default()));
    let numbers = 1..=(AT_ONCE as u8 + 2);
    let (id, owner) = (|number| Hash([number; 32]), |number| Account([number; 32]));
    let dataset = |number| Change::Dataset(testing::dataset(id(number), owner(number), 0, Hash([0; 32])));
    testing::apply(&*ledger, numbers.clone().map(dataset).collect());

    // More than are checked at once: a body that is on its way takes nobody's turn.
    let mut sending = Vec::new();
    for number in numbers {
        sending.push(samples.receive(owner(number), id(number), Kind::Chosen).await.unwrap());
    }
    assert_eq!(samples.arrived.available_permits(), AT_ONCE);
    let again = samples.receive(owner(1), id(1), Kind::Chosen);
    let mut again = std::pin::pin!(again);
    assert!(tokio::time::timeout(Duration::from_millis(50), &mut again).await.is_err());
    sending.remove(0);
    drop(again.await.unwrap());
    assert!(samples.senders.lock(owner(1)).now_or_never().is_some());
}
