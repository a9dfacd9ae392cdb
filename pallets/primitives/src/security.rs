//! Why sealing, delivery and disputes can be trusted, attack by attack, and where they cannot.
//!
//! This module holds no code. Each attack names the test in which the cheater loses: of this
//! crate, or under `files` of `wonbon-package`.
//!
//! # What is claimed
//!
//! 1. *Nobody is paid for wrong data.* If what a buyer can open is not the dataset of his order, he holds a proof
//!    that the chain accepts, and his money is still in escrow.
//! 2. *Nobody gets data unpaid.* Before delivery no one but the seller can open the payload; delivery happens
//!    after the money is in escrow, and the key on the chain is of use to the buyer alone.
//! 3. *An honest seller never loses a dispute*, whatever a buyer submits.
//!
//! The construction follows FairSwap (Dziembowski, Eckey, Faust, CCS 2018): the seller commits to a ciphertext
//! and a key, and cheating has a short proof. OptiSwap (Eckey, Faust, Schlosser, ePrint 2019/1330) is the source
//! of the seller's deposit. Two things differ. The property that is sold is "these bytes have this root", so the
//! proof is one block and two paths instead of a gate of a circuit. And the key is not published but delivered to
//! one buyer under Diffie–Hellman, because a dataset is sold many times; a dispute then has to show what was
//! delivered, which takes a proof of equal discrete logarithms (Chaum and Pedersen, CRYPTO 1992).
//!
//! # What is assumed
//!
//! - SHA-256 is collision-resistant, SHA-256 and SHA-512 behave like random functions where a label is hashed.
//! - ChaCha20 (RFC 8439) is a pseudo-random function of block counter and key.
//! - Computational Diffie–Hellman is hard in Ristretto255 (RFC 9496), a group of prime order.
//! - The chain is final and live within the windows of the order, and the buyer looks at it within his.
//! - The seller's and the buyer's own machines keep their secrets.
//!
//! # Content
//!
//! The order fixes both roots, the length and the key commitment. By collision resistance they fix the sealed
//! bytes, the key, the opened bytes, and the bytes of the dataset; the last two are equal, or some block differs.
//!
//! - *An inner node passed off as a leaf, or a tree of another size.* Leaves and nodes have different prefixes (RFC
//!   9162 section 2.1), and the number of leaves comes from the committed length and never from a proof; a path
//!   is exactly as long as index and size imply. `tree::an_inner_node_is_no_leaf`, `dispute::paths_have_the_right_length`.
//! - *A leaf list that is short or false*, so that the buyer opens garbage and has no leaf to prove it with. Service
//!   and buyer check before the order that it has one entry for each block and folds to the dataset's root.
//!   `leaf_list::a_list_that_does_not_fold_is_refused`, `files::a_leaf_list_that_does_not_fold_is_told`.
//! - *A payload that is not the offered one*, or withheld. The buyer downloads and checks it before he orders, and
//!   keeps it: what cannot be had costs him nothing. `files::a_corrupted_payload_is_no_ones_fault_yet`.
//! - *Growth that is none.* `growth::a_changed_block_is_found`. A growth proof speaks of the whole blocks of the old
//!   version and not of its short tail.
//!
//! # Samples
//!
//! - *Blocks of another file, or at another place.* A range of blocks has one path, of the one length that the place and
//!   the committed length imply. `range::a_range_proves_one_thing_only`, `range::a_block_is_as_long_as_the_files_length_says`,
//!   `range::an_inner_node_is_no_leaf_of_a_range`.
//! - *A seller who shows only the good part.* The fair sample is the beginning of one permutation of all blocks, drawn
//!   once for a root from a block hash that came after the registration. `sample::a_seller_cannot_pick_what_is_fair`,
//!   `sample::a_draw_is_uniform`, `sample::a_draw_is_for_one_chain_one_seed_and_one_root`.
//! - *A seller who draws until he likes it.* One changed byte is another root and another draw, and a block author can
//!   hold back a block whose hash he does not like. 2^40 tries are granted to both together: that is in what a
//!   sample is said to rule out, `sample::what_a_sample_rules_out`. It is a claim about blocks and not about rows,
//!   and what makes a block bad is for the reader to judge.
//!
//! # Sealing
//!
//! One key seals one file once: block i under counters 64·i to 64·i + 63, at most 2^32 in all, so no counter
//! comes twice. There is no authentication tag; the sealed tree authenticates every block.
//!
//! - *A second sealing under the same key* would give away the XOR of two files. The tool generates the key for the
//!   sealing, and the chain refuses a key commitment that this seller used before. A seller who goes around both
//!   harms himself.
//! - *A block in another place.* A block opens to itself only under its own counter, and its index is in both paths.
//!   `dispute::a_block_is_the_sealed_payloads_own`.
//!
//! # Delivery
//!
//! The buyer's key B = b·G is fresh for each order. The seller sends E = r·G and key ⊕ H(label, genesis, order,
//! E, B, r·B). Who knows neither b nor r would have to compute b·r·G.
//!
//! - *Reading someone else's delivery.* `delivery::no_one_else_reads_the_key`.
//! - *Copying a delivery.* The mask binds order and chain, so a copied (E, wrapped) unmasks to another key: a wrong
//!   key, which loses. `delivery::a_copied_delivery_is_another_key`.
//! - *A copied and shifted E.* A seller puts E + t·G, with another seller's E, into his own order with the same
//!   buyer; the dispute shows S' = b'·(E + t·G), so he learns b'·E. With a long-lived delivery key (b' = b) that is
//!   the other order's shared point, and he has the other seller's key. With b' fresh it is useless. The test shows
//!   both. `delivery::a_copied_and_shifted_delivery_gives_nothing_away`. For the same reason a dispute is no oracle
//!   for b: it shows b·E for the one E of its order, and b is used nowhere else.
//! - *Bad points and scalars.* The group has prime order, so there is no small subgroup to confine a secret to. The
//!   identity, for which the mask would be known to all, and every non-canonical encoding are refused when an order
//!   is placed, when it is delivered, and again in a dispute. `delivery::bad_points_are_refused_everywhere`,
//!   `delivery::scalars_are_canonical`.
//! - *A key commitment without a key.* The seller can then deliver only wrong keys.
//! - *A bad generator.* r is a hash of fresh randomness with key, chain, order and B; the nonce of a proof is a hash of
//!   fresh randomness with b and the statement. If the generator repeats itself, no two orders share r and no two
//!   statements share a nonce. `delivery::a_generator_that_repeats_itself_betrays_nothing`.
//!
//! # Disputes
//!
//! The buyer shows S with a proof that log_G B = log_E S. From S everyone computes the mask and so the key that was
//! delivered; the rest is recomputation. The proof is sound: two accepting answers to one pair (R₁, R₂) give b, and
//! the challenge is a 64-byte hash, reduced, of everything the proof speaks of and of R₁ and R₂, so that none can be
//! chosen after it. It is zero-knowledge about b beyond S.
//!
//! - *A wrong block beside a true leaf list.* `dispute::a_wrong_block_with_a_true_leaf_list_loses`, and through files
//!   `files::a_bad_block_is_found_and_proved`.
//! - *A wrong key.* `dispute::a_wrong_key_loses`. A block cannot be disputed under a wrong key: it would look bad in a
//!   good sealing, and brand it for everyone.
//! - *A forged S*, to make a right key look wrong. `delivery::a_buyer_cannot_show_another_point`,
//!   `delivery::the_challenge_binds_the_shared_point_and_the_commitments`, `delivery::any_changed_byte_breaks_the_proof`.
//! - *A replayed proof*, of another order, chain, order key or delivery. `delivery::a_proof_is_for_one_order_on_one_chain`,
//!   `dispute::a_dispute_is_for_one_order_on_one_chain`.
//! - *A false showing of a true order*: another block, index, leaf, path or length. `dispute::no_showing_beats_an_honest_seller`
//!   and the tests beside it.
//! - *A proof made to be costly.* Every part is bounded by its type; the check does the same work for all.
//!   `dispute::encoding_is_bounded`.
//!
//! # What is not claimed
//!
//! - *A dispute makes the content key public, even one that fails*, because S does. Whoever holds the sealed payload
//!   can then open it. A client therefore checks its own proof before it sends it. A buyer could as well publish the
//!   file; nothing here stops a buyer from passing on what he bought.
//! - *Roots let whoever has a file recognise it.* The root of a very small or very regular file can be found by
//!   guessing its content; so can a very short last block from the leaf list, which also shows which blocks are
//!   equal. The tool warns of a short last block.
//! - *Correct bytes are not good data.* What is proved is that the buyer got the bytes of this root.
//! - *Keys on the chain stay there.* Who can compute discrete logarithms one day, as a large quantum computer could,
//!   can read every delivery ever made and open the payloads that he has.
//! - *Secrets in memory* are wiped when they are dropped, as far as Rust allows: copies that the compiler or the system
//!   made may remain. Multiplications with secrets take constant time; those of the public checks do not and need not.
