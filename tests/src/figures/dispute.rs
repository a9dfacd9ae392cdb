//! The size of a dispute: one block of a large sealed file is wrong, and the buyer proves it on the chain.

use std::path::PathBuf;

use wonbon_client::chain::{Call, Until};
use wonbon_model::Outcome;
use wonbon_package::files::{block_fault, seal_file, Watch};
use wonbon_primitives::{
    delivery::{deliver, prove_shared},
    dispute::{DisputeProof, Fault},
    seal::ContentKey,
    OsRng,
};

use super::{
    report::{Figure, Target},
    say, Bench, Stage,
};
use crate::{
    listing::{self, Conditions},
    package::{leaves_of, Sealing},
    rpc,
};

/// Sells a package with a bad block and wins the dispute; returns the package too, which is as long as any.
pub async fn measure(bench: &Bench, stage: &Stage) -> (Figure, (PathBuf, Sealing)) {
    say("Sealing the file with one wrong block, and offering it");
    let path = bench.folder.join("bad-package");
    let key = ContentKey::generate(&mut OsRng);
    let sealed = seal_file(&bench.file, &path, &key, &Watch::none()).expect("the file can be sealed");
    let leaves = leaves_of(&path, sealed.plain.length).expect("the package can be read");
    let mut sealing = Sealing { plain: sealed.plain, leaves, sealed: sealed.sealed, key };
    let bad = sealing.plain.blocks() / 3;
    sealing.spoil(&path, bad).expect("the package can be changed");
    let (chain, seller, buyer) = (&stage.chain, stage.seller_key(), stage.buyer_key());
    let conditions = Conditions { dispute_window: Some(1_000), ..Conditions::default() };
    let listing =
        listing::list_sealing(chain, seller, &sealing, conditions).await.expect("it can be offered");

    say("Ordering, delivering and disputing it");
    let placed = listing::order(chain, buyer, listing.offer).await.expect("it can be ordered");
    let order_key = placed.secret.order_key();
    let genesis = chain.genesis();
    let delivery =
        deliver(&genesis, placed.order, &order_key, &sealing.key, &mut OsRng).expect("the key is a point");
    chain
        .submit(seller, &Call::deliver(placed.order, delivery), Until::Best)
        .await
        .expect("it can be delivered");
    let block = block_fault(&path, &sealing.sealed, &sealing.plain.root, bad, &Watch::none());
    let shared = prove_shared(&genesis, placed.order, &placed.secret, &delivery, &mut OsRng);
    let proof = DisputeProof {
        shared: shared.expect("the delivery is a point"),
        fault: Fault::BadBlock(block.expect("the package can be read")),
    };
    let call = Call::dispute(placed.order, proof);
    let included = chain.submit(buyer, &call, Until::Best).await.expect("the dispute holds");
    let trade = chain.best().await.expect("the chain answers").trade_of(placed.order).await;
    let trade = trade.expect("the chain answers").expect("a dispute that is won ends the order");
    assert_eq!(trade.record.outcome, Outcome::BadBlock(bad));

    let block = rpc::extrinsics(&stage.market.node.address(), included.block.height).await;
    let place = usize::try_from(included.index).expect("an index is small");
    let figure = Figure {
        name: "dispute extrinsic",
        value: block[place].bytes.len() as f64,
        unit: "bytes",
        target: Target::Below(6_000.0),
        detail: format!("block {bad} of {} MiB, submitted and won", bench.size >> 20),
    };
    (figure, (path, sealing))
}
