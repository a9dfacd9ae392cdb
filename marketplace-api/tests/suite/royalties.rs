//! Royalties that were paid: listed and added up for whoever got them and for what they were paid.

use std::sync::Arc;

use marketplace_api::{
    kv::{KvStore, MemoryStore},
    read_model::{
        queries::{self, PageRequest},
        ReadModel,
    },
    testing::{self, fingerprint, Put as _},
};
use wonbon_client::chain::{BlockChanges, LedgerChange};
use wonbon_model::{
    AccountId, Balance, BlockRef, DatasetId, Hash, Outcome, Relation, Royalties, Royalty, Standing,
};

use crate::common::Service;

const MAKER: AccountId = AccountId([1; 32]);
const SELLER: AccountId = AccountId([2; 32]);
const BUYER: AccountId = AccountId([3; 32]);
const RAW: DatasetId = DatasetId([5; 32]);
const CLEAN: DatasetId = DatasetId([6; 32]);

fn royalty(dataset: DatasetId, account: AccountId, amount: Balance) -> Royalty {
    Royalty { dataset, account, amount }
}

/// A sale of the clean dataset that pays these royalties.
fn sale(index: u32, outcome: Outcome, at: u32, royalties: Vec<Royalty>) -> LedgerChange {
    let mut trade = testing::trade(CLEAN, index, SELLER, BUYER, outcome, at);
    trade.record.royalties = Royalties::truncate_from(royalties);
    trade.put()
}

fn sums(kv: &dyn KvStore) -> [(Balance, u64); 3] {
    let of = |found: wonbon_model::json::RoyaltiesReceived| {
        (found.royalties_received, found.royalties_received_count)
    };
    [
        of(queries::received_by(kv, MAKER).unwrap()),
        of(queries::received_by(kv, SELLER).unwrap()),
        of(queries::received_for(kv, RAW).unwrap()),
    ]
}

/// Two sales in one batch of blocks, one of which pays the same company twice; and one that was refunded.
fn history(kv: &dyn KvStore) {
    testing::apply(kv, vec![]);
    let first = testing::next_block(
        kv,
        vec![sale(0, Outcome::Accepted, 1, vec![royalty(RAW, MAKER, 61_250), royalty(CLEAN, MAKER, 1_000)])],
    );
    let second = BlockChanges {
        block: BlockRef { height: first.block.height + 1, hash: [0xc2; 32] },
        parent: first.block.hash,
        changes: vec![
            sale(1, Outcome::Lapsed, 2, vec![royalty(RAW, MAKER, 30_000)]),
            sale(2, Outcome::BadBlock(17), 2, vec![royalty(RAW, MAKER, 99_999)]),
        ],
        ..first.clone()
    };
    assert!(testing::apply_all(kv, &[first.clone(), second.clone()]).unwrap());
    // Told once more, as after a crash.
    assert!(!testing::apply_all(kv, &[first, second]).unwrap());
}

#[test]
fn what_was_paid_is_added_up_and_what_was_refunded_is_not() {
    let kv = MemoryStore::new();
    assert_eq!(sums(&kv), [(0, 0); 3]);
    history(&kv);
    assert_eq!(sums(&kv), [(92_250, 3), (0, 0), (91_250, 2)]);
    // In another batch.
    testing::apply(&kv, vec![sale(3, Outcome::Accepted, 3, vec![royalty(RAW, SELLER, 7)])]);
    assert_eq!(sums(&kv), [(92_250, 3), (7, 1), (91_257, 3)]);
}

#[test]
fn lists_are_newest_first_in_pages_and_add_up() {
    let kv = MemoryStore::new();
    history(&kv);
    let (mut after, mut amounts) = (None, Vec::new());
    loop {
        let page = queries::royalties_to(&kv, MAKER, &PageRequest { after, limit: 1 }).unwrap();
        amounts.extend(page.items.iter().map(|paid| paid.royalty.amount));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(amounts, [30_000, 1_000, 61_250]);
    let all = PageRequest { after: None, limit: 9 };
    let paid = queries::royalties_for(&kv, RAW, &all).unwrap().items;
    let found: Vec<_> = paid.iter().map(|paid| (paid.key.index, paid.royalty.amount)).collect();
    assert_eq!(found, [(1, 30_000), (0, 61_250)]);
    assert!(queries::royalties_to(&kv, SELLER, &all).unwrap().items.is_empty());
}

#[tokio::test]
async fn royalties_can_be_rebuilt() {
    let kv = Arc::new(MemoryStore::new());
    history(&*kv);
    let before = fingerprint(&*kv).unwrap();
    let read_model = ReadModel::new(kv.clone()).unwrap();
    read_model.reset().await.unwrap();
    assert_eq!(sums(&*kv), [(0, 0); 3]);
    history(&*kv);
    assert_eq!(fingerprint(&*kv).unwrap(), before);
}

#[tokio::test]
async fn endpoints_and_pages_show_them() {
    let service = Service::new().await;
    service.apply(vec![
        testing::participant(MAKER, "한빛정밀", Standing::Verified).put(),
        testing::participant(SELLER, "대한공구", Standing::Verified).put(),
        testing::dataset(RAW, MAKER, 0, Hash([7; 32])).put(),
        testing::dataset(CLEAN, SELLER, 0, Hash([7; 32])).put(),
        testing::parents(CLEAN, &[(RAW, Relation::CleanedFrom, 50_000)]),
    ]);
    let nothing = service.get(&format!("/v1/participants/{MAKER}")).await.json();
    assert_eq!(
        (&nothing["royalties_received"], &nothing["royalties_received_count"]),
        (&0.into(), &0.into())
    );
    let empty = service.get(&format!("/companies/{MAKER}")).await.text();
    assert!(empty.contains("받은 로열티가 없습니다. None received."), "{empty}");
    service.apply(vec![sale(0, Outcome::Accepted, 1, vec![royalty(RAW, MAKER, 61_250)])]);

    let company = service.get(&format!("/v1/participants/{MAKER}")).await.json();
    assert_eq!(company["royalties_received"], 61_250);
    let dataset = service.get(&format!("/v1/datasets/{RAW}")).await.json();
    assert_eq!(
        (&dataset["royalties_received"], &dataset["royalties_received_count"]),
        (&61_250.into(), &1.into())
    );
    // What it pays is another matter.
    let sold = service.get(&format!("/v1/datasets/{CLEAN}")).await.json();
    assert_eq!(sold["royalties_received"], 0);
    for path in [format!("/v1/participants/{MAKER}/royalties"), format!("/v1/datasets/{RAW}/royalties")] {
        let list = service.get(&path).await.json();
        let item = &list["items"][0];
        assert_eq!(list["items"].as_array().unwrap().len(), 1, "{path}");
        assert_eq!((&item["amount"], &item["price"]), (&61_250.into(), &1_250_000.into()));
        assert_eq!((&item["dataset"], &item["sold"]), (&RAW.to_string().into(), &CLEAN.to_string().into()));
        assert_eq!(item["account"], MAKER.to_string());
    }
    for path in [format!("/companies/{MAKER}"), format!("/datasets/{RAW}")] {
        let page = service.get(&path).await.text();
        assert!(page.contains("받은 로열티 Royalties received") && page.contains("₩61,250"), "{page}");
        assert!(page.contains(&format!("/datasets/{CLEAN}")), "{page}");
    }
    let seller = service.get(&format!("/companies/{SELLER}")).await.text();
    assert!(seller.contains("None received."), "{seller}");
}
