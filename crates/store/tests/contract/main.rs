//! What every backend of the store promises, run on each of them.
//!
//! A backend joins by an `impl Backend` and one line of `promises!`.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod acts;
mod backend;
mod batches;
mod calls;
mod changes;
mod embedded;
mod erase;
mod link_keys;
mod notices;
mod offers;
mod paced;
mod persons;
mod search;
mod shop;
mod sources;
mod timeline;

use embedded::{Directory, Memory};

/// Makes one module of tests for a backend, a test for every promise.
macro_rules! contract {
    ($module:ident, $backend:ty, $($group:ident: $($promise:ident)*;)*) => {
        mod $module {
            $($(#[test] fn $promise() { crate::$group::$promise::<$backend>(); })*)*
        }
    };
}

macro_rules! promises {
    ($module:ident, $backend:ty) => {
        contract! { $module, $backend,
            batches:
                a_fresh_store_knows_nothing
                an_accepted_message_is_seen_again
                a_new_version_is_the_one_that_is_seen
                a_gap_in_the_positions_is_a_conflict
                a_conflict_leaves_no_trace
                everything_is_there_after_opening_again
                many_batches_of_any_size_keep_every_event
                merging_small_rows_changes_nothing_that_is_read;
            persons:
                a_stale_version_refuses_the_whole_commit
                a_person_that_went_and_came_back_has_a_later_version
                a_retired_id_leads_to_whoever_holds_its_identifier
                due_persons_come_in_the_order_of_their_times
                an_advance_finds_who_waits_for_the_feed
                accounts_follow_every_change_of_an_enrollment;
            timeline:
                a_page_holds_the_latest_events_of_all_anchors
                a_merge_moves_no_event
                an_overtaken_event_names_its_new_version
                work_over_everybody_reads_what_it_asks_for;
            acts:
                decisions_are_found_by_person_journey_and_time
                decisions_stay_with_a_person_that_comes_and_goes
                totals_of_decisions_count_from_the_very_moment
                a_message_is_written_whole_and_found_by_its_state
                definitions_are_published_by_compare_and_set
                small_rows_are_kept_apart_by_space
                sending_is_off_where_somebody_says_so;
            changes:
                changes_are_numbered_without_gaps
                an_erased_person_is_in_no_change
                statements_of_staff_are_found;
            sources:
                feeds_counts_and_codes_come_back
                quarantine_rows_are_listed_and_settled;
            link_keys:
                cards_are_found_by_their_keys_the_smallest_first
                another_model_finds_nobody_by_former_keys
                a_card_that_is_gone_is_found_no_longer;
            notices:
                a_notice_is_open_until_somebody_has_done_it_and_goes_with_its_person;
            paced:
                counts_of_claims_are_kept_for_a_day;
            calls:
                what_another_program_is_told_waits_until_it_was_and_goes_with_its_person
                what_was_told_is_counted_and_thinned_out;
            offers:
                codes_are_changed_only_as_they_were_read
                a_pool_gives_its_codes_one_after_the_other
                counters_follow_every_code
                an_erased_person_is_taken_off_their_codes;
            erase:
                an_erased_person_is_nowhere
                what_others_did_stays_when_somebody_is_erased
                a_changed_row_of_others_refuses_the_erasure;
            search:
                names_are_found_in_spite_of_a_slip
                numbers_and_addresses_are_found_by_their_beginning
                a_changed_name_is_found_and_the_old_one_is_not;
        }
    };
}

promises!(directory, crate::Directory);
promises!(memory, crate::Memory);
