//! Lineage with consequences, through the pallets that keep the records: rights, royalties and hash chains agree.

use crate::{
    support::{account, check_invariants, development, GENESIS_TIME},
    trading::{buy, company, deliver, order, pass, signed, Goods, PRICE},
};
use frame_support::{assert_noop, assert_ok, traits::UnfilteredDispatchable};
use sp_keyring::Ed25519Keyring::{self, Alice, Bob, Charlie, Dave, Eve};
use wonbon_primitives::{
    bounds::{MAX_LINEAGE, MAX_ROYALTIES},
    record::{next_head, trade_entry, Derivation},
    share::Share,
    DatasetId,
};
use wonbon_runtime::{Balance, Balances, Marketplace, Provenance, Runtime, System};

/// What a sale leaves after the platform's one per cent.
const REST: Balance = PRICE - 500;

fn permitted(royalty: u32) -> Derivation {
    Derivation::Permitted { royalty: Share::from_millionths(royalty).unwrap() }
}

fn companies() {
    let numbers = ["130-81-12349", "124-81-00998", "220-81-62517", "104-81-53190", "120-81-47521"];
    for (who, number) in [Alice, Bob, Charlie, Dave, Eve].into_iter().zip(numbers) {
        company(who, number);
    }
}

fn free(who: Ed25519Keyring) -> Balance {
    Balances::free_balance(account(who))
}

fn hand_over(dataset: DatasetId, from: Ed25519Keyring, to: Ed25519Keyring) {
    assert_ok!(Provenance::propose_handover(signed(from), dataset, account(to)));
    assert_ok!(Provenance::accept_handover(signed(to), dataset));
}

#[test]
fn what_was_made_from_others_data_is_sold_under_licence_and_pays_for_it() {
    development(|| {
        companies();
        let [source, made, remade] = [1, 2, 3].map(Goods::honest);
        source.register(Bob, &[]);
        made.register(Charlie, &[(source.dataset(), 100_000)]);
        let refused = made.offer_call(permitted(50_000)).dispatch_bypass_filter(signed(Charlie));
        assert_eq!(
            refused.map_err(|error| error.error),
            Err(pallet_marketplace::Error::<Runtime>::NoRightToDerive.into())
        );
        let first_offer = source.offer(Bob, permitted(100_000));
        buy(Charlie, first_offer, &source);
        let second_offer = made.offer(Charlie, permitted(50_000));

        // Three generations with a diamond: the last is made from the second and from the first as well.
        remade.register(Dave, &[(made.dataset(), 50_000), (source.dataset(), 200_000)]);
        buy(Dave, first_offer, &source);
        let before = free(Bob);
        buy(Dave, second_offer, &made);
        assert_eq!(free(Bob), before + REST / 10);
        let third_offer = remade.offer(Dave, Derivation::Forbidden);

        let (id, _) = order(Eve, third_offer);
        deliver(id, &remade.key);
        // Who holds the source at settlement did not hold it when the order was placed.
        hand_over(source.dataset(), Bob, Alice);
        let before = [Alice, Bob, Charlie].map(free);
        assert_ok!(Marketplace::accept(signed(Eve), id, MAX_ROYALTIES));
        let after = [Alice, Bob, Charlie].map(free);
        let gained: Vec<Balance> = after.iter().zip(before).map(|(after, before)| after - before).collect();
        assert_eq!(gained, [0, REST / 5, REST / 20]);
        check_invariants();
    });
}

#[test]
fn a_trade_takes_its_place_in_the_datasets_hash_chain() {
    development(|| {
        companies();
        let goods = Goods::honest(1);
        let dataset = goods.register(Bob, &[]);
        pass(10);
        // Of a dataset that small nothing is given away.
        assert_noop!(
            Provenance::answer_draw(signed(Bob), dataset, 1, [7; 32]),
            pallet_provenance::Error::<Runtime>::SampleOutOfRange
        );
        hand_over(dataset, Bob, Dave);
        hand_over(dataset, Dave, Bob);
        let before = pallet_provenance::Datasets::<Runtime>::get(dataset).unwrap();
        let offer = goods.offer(Bob, Derivation::Forbidden);
        buy(Charlie, offer, &goods);
        let trade = pallet_marketplace::Trades::<Runtime>::get(dataset, 0).unwrap();
        assert_eq!((trade.position, trade.ended.block), (2, System::block_number()));
        assert_eq!(trade.ended.time, GENESIS_TIME);
        let after = pallet_provenance::Datasets::<Runtime>::get(dataset).unwrap();
        assert_eq!((after.trade_count, after.records), (1, 3));
        assert_eq!(after.head, next_head(&before.head, &trade_entry(&dataset, 0, &trade)));

        // An old owner's offer is closed by anyone, and the new owner sells.
        hand_over(dataset, Bob, Dave);
        assert_ok!(Marketplace::close_offer(signed(Eve), offer, MAX_LINEAGE));
        let resealed = Goods::sealed(1, 1, 9);
        let offer = resealed.offer(Dave, Derivation::Forbidden);
        buy(Charlie, offer, &resealed);
        assert_eq!(
            pallet_marketplace::Trades::<Runtime>::get(dataset, 1).map(|trade| trade.position),
            Some(4)
        );
        check_invariants();
    });
}

#[test]
fn a_withdrawn_dataset_takes_the_trades_that_were_ordered() {
    development(|| {
        companies();
        let goods = Goods::honest(1);
        let dataset = goods.register(Bob, &[]);
        let offer = goods.offer(Bob, Derivation::Forbidden);
        let (id, _) = order(Charlie, offer);
        let reason = b"Made by mistake.".to_vec().try_into().unwrap();
        assert_ok!(Provenance::withdraw(signed(Bob), dataset, reason));
        deliver(id, &goods.key);
        assert_ok!(Marketplace::accept(signed(Charlie), id, MAX_ROYALTIES));
        assert_noop!(
            Marketplace::withdraw_offer(signed(Charlie), offer),
            pallet_marketplace::Error::<Runtime>::NotTheSeller
        );
        let close =
            Marketplace::close_offer(signed(Charlie), offer, MAX_LINEAGE).map_err(|error| error.error);
        assert_eq!(close.unwrap_err(), pallet_marketplace::Error::<Runtime>::OfferNotOpen.into());
        assert_eq!(pallet_marketplace::Finished::<Runtime>::get(id), Some((dataset, 0)));
        check_invariants();
    });
}
