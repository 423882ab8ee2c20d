//! Why, as a code and as a sentence.

use minicbor::{Decode, Encode};

use super::Fact;
use crate::identity::PersonId;

macro_rules! reasons {
    ($($n:literal $variant:ident $code:literal $doc:literal;)*) => {
        /// Why. The codes are public: files, pages and the API use them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
        #[cbor(index_only)]
        pub enum ReasonCode {
            $(#[doc = $doc] #[n($n)] $variant,)*
        }

        impl ReasonCode {
            /// Every code.
            pub const ALL: &'static [ReasonCode] = &[$(ReasonCode::$variant,)*];

            /// The code in files and on pages.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// What it means, in plain English.
            #[must_use]
            pub const fn words(self) -> &'static str {
                match self { $(Self::$variant => $doc,)* }
            }
        }
    };
}

reasons! {
    0 ConsentMissing "consent_missing" "The person has not said yes to this.";
    1 ConsentWithdrawn "consent_withdrawn" "The person has said no.";
    2 Suppressed "suppressed" "The address is under a hard stop.";
    3 NoAddress "no_address" "There is no address to send to.";
    4 QuietHours "quiet_hours" "It is night where the person lives.";
    5 InVisit "in_visit" "The person is in the middle of a visit.";
    6 FrequencyCap "frequency_cap" "The person has had enough messages lately.";
    7 Holdout "holdout" "The person is kept out to measure.";
    8 OpenTicket "open_ticket" "A question to the service desk is open.";
    9 FeedBehind "feed_behind" "A feed that could change the answer has not reported yet.";
    10 TwinMaybe "twin_maybe" "Somebody who may be the same person could change the answer.";
    11 UnmappedCode "unmapped_code" "A receipt holds a code that leads to no product.";
    12 OrderWithoutLines "order_without_lines" "An order does not say what was bought.";
    13 Bought "bought" "It has been bought.";
    14 CartEmpty "cart_empty" "Nothing is in the cart any more.";
    15 ConditionFalse "condition_false" "The condition does not hold.";
    16 ConditionUnknown "condition_unknown" "Whether the condition holds is not known.";
    17 Expired "expired" "The message's time is over.";
    18 PatienceEnded "patience_ended" "The longest wait is over.";
    19 SendingPaused "sending_paused" "Sending is switched off.";
    20 Backfill "backfill" "History starts nothing.";
    21 ExitRule "exit_rule" "An exit rule of the journey came true.";
    22 JourneyDone "journey_done" "The journey is at its end.";
    23 ReEntry "re_entry" "The person was in this journey too short a time ago.";
    24 EntryTooOld "entry_too_old" "The event is too old to start anything.";
    25 Erased "erased" "The person was erased.";
    26 Uncertain "uncertain" "Whether the message went out is not known.";
    27 Computing "computing" "The answer is being computed.";
    28 Entered "entered" "What starts the journey happened.";
    29 ConditionTrue "condition_true" "The condition holds.";
    30 WaitOver "wait_over" "The wait is over.";
    31 AllClear "all_clear" "Everything that must hold does.";
    32 SentNotKnowing "sent_not_knowing" "The journey lets it go without that being known.";
    33 GuardCapacity "capacity" "Other messages are on their way first.";
    34 AlreadyIn "already_in" "The person is in this journey already.";
    35 JoinedWithTwin "merged" "The joined person goes on with the earlier entry.";
    160 Drawn "drawn" "Chance chose the way.";
    162 HigherFirst "higher_first" "A message that matters more is due and needs the room.";
    163 CareFirst "care_first" "After so much promotion it is the turn of a message that cares.";
    164 BetterHour "better_hour" "Another hour of the day suits the person better.";
    165 SetByJourney "set_by_journey" "The journey states it.";
    167 StaffAsked "staff_asked" "The journey asks somebody of the shop to see to it.";
    260 WebhookAsked "webhook_asked" "The journey tells another program.";
    168 MovedToVersion "moved_to_version" "Staff moved the person to another version of the journey.";
    169 StepGone "step_gone" "The step where the person was is gone from the journey.";
    166 BreakAsked "break_asked" "The person asked for a break.";
    210 OfferRefused "offer_refused" "The offer may not be given.";
    241 OtherChannel "other_channel" "A channel that comes first cannot be taken.";
    295 CountryNotTexted "country_not_texted" "This country is not among those that are texted.";
    240 NotTaken "not_taken" "The mail server or provider did not take it this time.";
    296 NotBegun "not_begun" "It had not begun to leave in time.";
    297 HeardSince "heard_since" "Something was heard of the person before it began to leave.";
    230 ConsentUnconfirmed "consent_unconfirmed" "The person has said yes and not confirmed it yet.";
    231 NothingToConfirm "nothing_to_confirm" "No yes waits to be confirmed.";
    270 Paced "paced" "So many messages are all that may leave in that time.";
    271 WarmingUp "warming_up" "The sending domain is new, and sends a little more every day.";
    161 GoalReached "goal_reached" "The goal of the journey was reached.";
}

/// One reason with the facts that make it so.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Reason {
    /// Which.
    #[n(0)]
    pub code: ReasonCode,
    /// What makes it so, in the order of their weight.
    #[n(1)]
    pub facts: Vec<Fact>,
    /// The possible twin meant, where there is one.
    #[n(2)]
    pub person: Option<PersonId>,
}

impl Reason {
    /// A reason that speaks for itself.
    #[must_use]
    pub fn bare(code: ReasonCode) -> Self {
        Self { code, facts: Vec::new(), person: None }
    }

    /// A reason with its facts.
    #[must_use]
    pub fn with(code: ReasonCode, facts: Vec<Fact>) -> Self {
        Self { code, facts, person: None }
    }

    /// The reason as files and the API show it.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        let mut json = serde_json::json!({
            "code": self.code.code(),
            "text": self.text(),
            "facts": self.facts.iter().map(Fact::to_json).collect::<Vec<_>>(),
        });
        if let Some(person) = self.person {
            json["person"] = person.to_string().into();
        }
        json
    }

    /// The reason as one sentence of plain English with its facts.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = self.code.words().trim_end_matches('.').to_owned();
        for (index, fact) in self.facts.iter().enumerate() {
            text.push_str(if index == 0 { ": " } else { "; " });
            text.push_str(&fact.text());
        }
        text.push('.');
        text
    }
}
