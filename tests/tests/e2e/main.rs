//! End to end: real nodes, a real service and the real command, one module a subject.
//!
//! Tests that neither crash nor configure anything share one market and take companies of their own in it; the
//! others start what they need. Most of each test is waiting for blocks, so more of them run at a time than
//! there are cores.

// What is not as expected here is a failed test.
#![allow(missing_docs, clippy::unwrap_used)]

mod audit;
mod certificates;
mod cheats;
mod commands;
mod companies;
mod crashes;
mod exports;
mod hostile;
mod lasting;
mod money;
mod networks;
mod orders;
mod samples;
mod trades;
mod uploads;

use std::{future::Future, process::ExitCode};

use libtest_mimic::{Arguments, Failed, Trial};
use wonbon_tests::scratch;

/// How many tests run at a time, unless `--test-threads` says otherwise.
const THREADS: usize = 8;

/// The tests of these names. One that is left out is dead code, which the compiler reports.
macro_rules! trials {
    ($( $module:ident :: { $( $test:ident ),* $(,)? } )*) => {
        vec![ $( $( Trial::test(
            concat!(stringify!($module), "::", stringify!($test)),
            || run($module::$test()),
        ) ),* ),* ]
    };
}

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads.get_or_insert(THREADS);
    let trials = trials! {
        networks::{
            trade_without_one_validator_and_wait_without_two,
        }
        audit::{
            reads_from_the_chain_what_the_service_tells,
        }
        certificates::{
            lead_across_a_change_of_the_validators,
            convince_somebody_who_has_no_network,
            that_cannot_be_are_refused,
            are_made_by_the_service,
            show_lineage_and_what_it_paid,
            need_a_chain,
        }
        crashes::{
            of_the_service_lose_nothing,
            of_the_node_lose_nothing,
            of_the_whole_chain_are_noticed,
            of_the_command_lose_nothing,
        }
        exports::{
            say_what_the_service_says,
        }
        trades::{
            by_the_command_alone,
            of_files_of_awkward_sizes,
            of_known_bytes_are_refused,
        are_delivered_many_at_a_time, of_bytes_announced_earlier_by_another_are_displaced,
            that_cannot_be_are_refused,
            of_a_corrupted_download_are_not_paid,
        }
        hostile::{
            with_changed_proofs_is_believed_by_nobody,
            cannot_make_up_an_order,
            cannot_withhold_an_order,
            needs_the_validators_signatures,
            that_misleads_about_a_transaction_costs_no_second_order,
            that_is_silent_is_given_up,
            beside_an_honest_one_is_left,
            is_not_asked_more_than_needed,
        }
        cheats::{
            who_seal_one_block_wrongly_lose_the_dispute,
            who_deliver_a_wrong_key_lose_the_dispute,
        }
        commands::{
            refuse_a_wrong_check_digit,
            refuse_a_wrong_passphrase,
            refuse_a_chain_that_is_not_there_or_another,
            take_no_other_chain_than_the_first_unless_told,
            start_no_service_that_could_not_work,
            take_announcements_back,
            describe_csv_files_as_they_are,
        }
        companies::{
            sell_and_buy_through_their_people,
            open_and_deliver_for_their_colleagues,
            apply_through_the_service,
            permit_their_people_no_more_than_they_say,
            refuse_files_that_say_something_else,
            are_recovered_unless_somebody_objects,
        }
        lasting::{
            chains_are_made_from_forms_that_are_checked,
            orders_wait_for_what_the_council_announces,
            validators_change_their_keys_rarely,
        }
        money::{
            is_locked_only_after_a_yes,
            of_records_is_said_before_they_are_made,
            that_is_missing_stops_a_publication_before_it_begins,
            comes_in_as_royalties_that_are_shown,
            goes_out_to_the_bank_account_that_its_holder_named,
            of_a_company_goes_out_by_its_people,
            that_was_credited_by_mistake_is_taken_back,
        }
        orders::{
            at_a_stale_price_are_refused,
            of_an_unverified_company_are_refused,
            for_a_withdrawn_offer_are_refused,
            without_the_money_are_refused,
            for_an_own_offer_are_refused,
            are_delivered_once_and_by_the_seller,
            that_are_not_delivered_in_time_expire,
            are_taken_again_once_a_paused_offer_is_resumed,
            are_refused_by_their_seller,
            are_paid_back_as_both_agree,
            keep_their_terms_when_the_offer_is_amended,
            are_disputed_by_the_buyer_with_a_reason_and_in_time,
        }
        samples::{
            are_checked_by_who_looks_at_them,
            that_are_withheld_are_seen,
            of_small_datasets_are_not_given,
        }
        uploads::{
            begin_after_the_dataset_is_registered,
            that_were_tampered_with_are_refused_and_removed,
            of_a_leaf_list_that_does_not_fold_are_refused_and_removed,
            of_another_file_than_announced_are_refused_and_removed,
            that_are_cut_off_go_on_where_they_were,
            beyond_the_quota_are_refused,
            too_large_for_the_service_are_not_announced,
            of_an_unverified_company_are_refused,
        }
    };
    let conclusion = libtest_mimic::run(&arguments, trials);
    if !conclusion.has_failed() {
        scratch::remove_all();
    }
    conclusion.exit_code()
}

/// Runs one test to its end on a runtime of its own.
fn run(test: impl Future<Output = ()>) -> Result<(), Failed> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(test);
    Ok(())
}
