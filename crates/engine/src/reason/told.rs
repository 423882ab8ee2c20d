//! What a fact says: one closed list, each entry with its values and its English.

use std::fmt;

use minicbor::{Decode, Encode};

use super::detail::{Detail, Goods, Messages, Sort, Span, Whereabouts, filled};
use crate::condition::{Day, Stage};
use crate::event::{Channel, Kind, Money, Purpose};
use crate::identity::IdentifierKind;
use crate::identity::link::Points;
use crate::source::FeedName;

macro_rules! told {
    ($($n:literal $kind:literal $variant:ident $code:literal $english:literal $({ $($f:literal $field:ident: $type:ty),+ })?;)*) => {
        /// What is so. The codes are public: the API shows them, and pages find their texts by them.
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
        pub enum Told {
            $(#[doc = $english] #[n($n)] $variant $({
                $(#[doc = concat!("The ", stringify!($field), " in the sentence.")] #[n($f)] $field: $type,)+
            })?,)*
        }

        impl Told {
            /// Every code with its English, whose places bear the names of the values.
            pub const ALL: &'static [(&'static str, &'static str)] = &[$(($code, $english),)*];

            /// Every kind, some of them more than once.
            pub const KINDS: &'static [&'static str] = &[$($kind,)*];

            /// The code in the API and in the texts of pages.
            #[must_use]
            pub const fn code(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $code,)* }
            }

            /// What kind of fact it is: `order`, `cart`, `feed`, ...
            #[must_use]
            pub const fn kind(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $kind,)* }
            }

            /// The English, with places for the values.
            #[must_use]
            pub const fn english(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $english,)* }
            }

            /// The values by name.
            #[must_use]
            pub fn details(&self) -> Vec<(&'static str, Detail<'_>)> {
                match self {
                    $(Self::$variant $({ $($field),+ })? => {
                        vec![$($((stringify!($field), Detail::from($field))),+)?]
                    })*
                }
            }
        }
    };
}

told! {
    0 "erased" Erased "erased" "erased with the person";

    1 "segment" SegmentIn "segment_in" "is in segment {segment}" { 0 segment: String };
    2 "segment" SegmentNotIn "segment_not_in" "is not in segment {segment}" { 0 segment: String };
    3 "segment" SegmentCircle "segment_circle" "segment {segment} names itself through others" { 0 segment: String };
    4 "segment" SegmentMissing "segment_missing" "there is no segment {segment}" { 0 segment: String };

    70 "segment" SegmentEntered "segment_entered" "entered segment {segment}" { 0 segment: String };
    71 "segment" SegmentLeft "segment_left" "left segment {segment}" { 0 segment: String };

    5 "trait" TraitHolds "trait_holds" "{condition}" { 0 condition: String };
    6 "trait" TraitDiffers "trait_differs" "trait {name} is something else" { 0 name: String };
    7 "trait" TraitUnknown "trait_unknown" "trait {name} is not known" { 0 name: String };

    8 "consent" SaidYes "said_yes" "said yes to {purpose} by {channel}" { 0 purpose: Purpose, 1 channel: Channel };
    9 "consent" SaidNo "said_no" "said no to {purpose} by {channel}" { 0 purpose: Purpose, 1 channel: Channel };
    230 "consent" SaidYesUnconfirmed "said_yes_unconfirmed" "said yes to {purpose} by {channel} and has not confirmed it" { 0 purpose: Purpose, 1 channel: Channel };
    10 "consent" NeverSaidYes "never_said_yes" "never said yes to {purpose} by {channel}" { 0 purpose: Purpose, 1 channel: Channel };

    11 "address" AddressFound "address_found" "there is an address for {channel}" { 0 channel: Channel };
    12 "address" AddressStopped "address_stopped" "every address is under a hard stop for {channel}" { 0 channel: Channel };
    242 "address" AddressUnreached "address_unreached" "the provider reaches no address by {channel}" { 0 channel: Channel };
    295 "address" NumberBegins "number_begins" "the number begins with +{code}" { 0 code: String };
    13 "address" AddressMissing "address_missing" "there is no address for {channel}" { 0 channel: Channel };
    14 "suppression" Bounced "bounced" "the address bounced";
    94 "suppression" Complained "complained" "there was a complaint at the address";
    95 "consent" AskedForBreak "asked_for_break" "asked for a break of {span}" { 0 span: Span };

    15 "ticket" TicketOpen "ticket_open" "a question to the service desk is open";
    16 "ticket" TicketNone "ticket_none" "no question to the service desk is open";

    17 "touchpoint" FirstSeen "first_seen" "first seen through {channel}" { 0 channel: Channel };
    18 "touchpoint" NeverSeen "never_seen" "never seen";
    19 "touchpoint" SeenOver "seen_over" "seen over {channel}" { 0 channel: Channel };
    20 "touchpoint" NotSeenOver "not_seen_over" "not seen over {channel}" { 0 channel: Channel };
    21 "visit" LastSeen "last_seen" "the person was last seen";

    22 "event" Happened "happened" "{event}" { 0 event: Kind };
    23 "event" NotHappened "not_happened" "{event} is not known to have happened" { 0 event: Kind };
    24 "event" TimesInAll "times_in_all" "{count} times in all, at least" { 0 count: u64 };
    25 "event" OlderThan "older_than" "it is more than {span} old" { 0 span: Span };
    26 "enrollment" EnteredBefore "entered_before" "may enter again after {span}; last entered" { 0 span: Span };
    240 "clock" CountsUntil "counts_until" "what came after that counts until";
    27 "entry" SinceEntryOutside "since_entry_outside" "\"since entry\" has a meaning inside a journey only";

    28 "cart" CartTouched "cart_touched" "the cart was touched";
    29 "cart" CartUntouched "cart_untouched" "nothing has happened to the cart since";
    30 "cart" CartEmpty "cart_empty" "nothing was in the cart";
    31 "cart" NotInCart "not_in_cart" "nothing of the kind is in the cart";
    32 "cart" InCart "in_cart" "{product} is in the cart" { 0 product: String };
    33 "cart" CartLineNotBought "cart_line_not_bought" "no purchase of {product} is known" { 0 product: String };
    34 "cart" CartLineUnmapped "cart_line_unmapped" "{product} leads to no product" { 0 product: String };
    35 "cart" PriceUnknown "price_unknown" "the price of {product} is not known" { 0 product: String };
    59 "cart" PriceInAnotherCurrency "price_in_another_currency" "the price of {product} is {price}, another currency" { 0 product: String, 1 price: Money };

    36 "order" Bought "bought" "bought {goods}{place}" { 0 goods: Goods, 1 place: Whereabouts };
    37 "order" Ordered "ordered" "ordered {goods}{place}" { 0 goods: Goods, 1 place: Whereabouts };
    38 "return" Returned "returned" "returned {goods}{place}" { 0 goods: Goods, 1 place: Whereabouts };
    39 "order" NoPurchase "no_purchase" "no purchase{of} is known" { 0 of: Sort };
    40 "order" NoPurchaseKept "no_purchase_kept" "no purchase{of} that was kept is known" { 0 of: Sort };
    41 "order" NoReturn "no_return" "no return{of} is known" { 0 of: Sort };
    42 "order" NoOrder "no_order" "no such order is known";
    43 "order" OrdersInAll "orders_in_all" "{count} orders in all" { 0 count: u64 };
    44 "order" SpentInAll "spent_in_all" "{amount} in all" { 0 amount: Money };
    45 "order" OrderUnmapped "order_unmapped" "an order{place} holds a code that leads to no product" { 0 place: Whereabouts };
    46 "order" OrderWithoutLines "order_without_lines" "an order{place} does not say what was bought" { 0 place: Whereabouts };
    47 "order" SaleMissing "sale_missing" "of an order{place} only the return is known" { 0 place: Whereabouts };
    48 "order" OtherCurrency "other_currency" "an order of {amount} is in another currency" { 0 amount: Money };
    49 "order" CurrencyUnknown "currency_unknown" "an order is in another currency";

    50 "computing" NotKept "not_kept" "how many of the events lie in that time is not kept";

    51 "feed" FeedSilent "feed_silent" "{feed} has not reported since {since}" { 0 feed: FeedName, 1 since: String };
    52 "feed" FeedNeverHeard "feed_never_heard" "{feed} has never reported" { 0 feed: FeedName };

    53 "twin" TwinShares "twin_shares" "{percent} % likely the same person: the same {identifier}, which {users} people use" { 0 percent: u8, 1 identifier: IdentifierKind, 2 users: u64 };

    250 "twin" TwinAlike "twin_alike" "{percent} % likely the same person: alike in {points}" { 0 percent: u8, 1 points: Points };

    54 "condition" ConditionSays "condition_says" "{condition}" { 0 condition: String };
    55 "offer" OfferLeftOut "offer_left_out" "without its offer, {offer}" { 0 offer: String };
    210 "offer" OfferMissing "offer_missing" "there is no offer {offer} any more" { 0 offer: String };
    211 "offer" OfferNotNow "offer_not_now" "the offer {offer} is not given at this time" { 0 offer: String };
    212 "offer" OfferPoolEmpty "offer_pool_empty" "no code of the offer {offer} is left" { 0 offer: String };
    213 "offer" OfferBudgetSpent "offer_budget_spent" "the budget of the offer {offer} is spent" { 0 offer: String };
    214 "offer" OfferHad "offer_had" "was given the offer {offer}" { 0 offer: String };
    215 "offer" OfferExcludes "offer_excludes" "the offer is not for {product}" { 0 product: String };
    216 "offer" OfferBought "offer_bought" "{product} was bought before: nobody gets an offer on that" { 0 product: String };
    60 "score" ScoreIs "score_is" "the score {score} is {value}" { 0 score: String, 1 value: String };
    61 "score" ScoreUnfitted "score_unfitted" "the score {score} has not been computed yet" { 0 score: String };
    62 "stage" StageIs "stage_is" "the stage is {stage}" { 0 stage: Stage };
    63 "stage" StageIsNot "stage_is_not" "the stage is not {stage}" { 0 stage: Stage };
    64 "stage" StageUnknown "stage_unknown" "the stage has not been computed yet";
    65 "list" InList "in_list" "is on the list {list}" { 0 list: String };
    66 "list" NotInList "not_in_list" "is not on the list {list}" { 0 list: String };
    67 "list" ListMissing "list_missing" "there is no list {list}" { 0 list: String };

    80 "figure" FigureSum "figure_sum" "{field} in all: {value}" { 0 field: String, 1 value: String };
    81 "figure" FigureAverage "figure_average" "{field} on average: {value}" { 0 field: String, 1 value: String };
    82 "figure" FigureSmallest "figure_smallest" "the smallest {field}: {value}" { 0 field: String, 1 value: String };
    83 "figure" FigureLargest "figure_largest" "the largest {field}: {value}" { 0 field: String, 1 value: String };
    84 "figure" FigureDifferent "figure_different" "different values of {field}: {value}" { 0 field: String, 1 value: String };
    85 "figure" FigureFirst "figure_first" "the first {field}: {value}" { 0 field: String, 1 value: String };
    86 "figure" FigureLast "figure_last" "the last {field}: {value}" { 0 field: String, 1 value: String };
    87 "figure" FigureMostFrequent "figure_most_frequent" "the most frequent {field}: {value}" { 0 field: String, 1 value: String };
    88 "figure" FigureTime "figure_time" "from one to the next it takes {span} on average" { 0 span: Span };
    89 "figure" FigureNothing "figure_nothing" "nothing is known to reckon {field} from" { 0 field: String };
    90 "order" OrderUndated "order_undated" "an order{place} is dated too roughly" { 0 place: Whereabouts };

    91 "clock" TodayIs "today_is" "it is {weekday} for the person" { 0 weekday: Day };
    92 "trait" AnniversaryOn "anniversary_on" "the next anniversary is on {day}" { 0 day: String };
    93 "trait" NoAnniversary "no_anniversary" "there is no anniversary yet";

    56 "wait" DueFor "due_for" "it had been due for {span}" { 0 span: Span };
    57 "cap" MessagesLately "messages_lately" "{messages} in {window}, the latest" { 0 messages: Messages, 1 window: Span };
    58 "clock" LocalTime "local_time" "it is {clock} for the person" { 0 clock: String };

    170 "experiment" DrawnInto "drawn_into" "{experiment}: {way}" { 0 experiment: String, 1 way: String };
    172 "experiment" KeptOutByShop "kept_out_by_shop" "the shop keeps {permille} of 1,000 people out" { 0 permille: u64 };
    173 "journey" HigherDue "higher_due" "{journey} has a higher priority and is due" { 0 journey: String };
    174 "cap" PromotionsInARow "promotions_in_a_row" "{messages} in a row that asked for something in {window}, the latest" { 0 messages: Messages, 1 window: Span };
    270 "cap" PaceToAll "pace_to_all" "at most {messages} in {window}" { 0 messages: Messages, 1 window: Span };
    271 "cap" PaceTo "pace_to" "at most {messages} in {window} to {provider}" { 0 messages: Messages, 1 window: Span, 2 provider: String };
    272 "cap" PaceToOthers "pace_to_others" "at most {messages} in {window} to each other provider" { 0 messages: Messages, 1 window: Span };
    273 "cap" WarmUpTo "warm_up_to" "day {day} of the warm-up allows {messages} a day to {provider}" { 0 day: u64, 1 messages: Messages, 2 provider: String };
    274 "cap" WarmUpToOthers "warm_up_to_others" "day {day} of the warm-up allows {messages} a day to each provider" { 0 day: u64, 1 messages: Messages };
    175 "clock" MostlyHereAt "mostly_here_at" "the person is mostly here around {clock}" { 0 clock: String };
    180 "clock" DateCome "date_come" "{date} has come" { 0 date: String };
    176 "trait" TraitStated "trait_stated" "trait {name} was set" { 0 name: String };
    177 "trait" TraitComputed "trait_computed" "{name} is computed: {figure}" { 0 name: String, 1 figure: String };
    179 "journey" MovedBy "moved_by" "{by} said so; the step was {step}" { 0 by: String, 1 step: String };
    181 "journey" StepWas "step_was" "the step was {step}" { 0 step: String };
    260 "webhook" ToldTo "told_to" "it is told to {destination}" { 0 destination: String };
    178 "notice" NoticeSays "notice_says" "{text}" { 0 text: String };
    190 "ticket" TicketAsked "ticket_asked" "asked the service desk something";
    191 "ticket" TicketClosed "ticket_closed" "the service desk was done with a question";
    192 "ticket" TicketNeverAsked "ticket_never_asked" "no question to the service desk of that time is known";
    194 "consent" NoYesForAddress "no_yes_for_address" "no yes to {purpose} by {channel} holds for any of the addresses" { 0 purpose: Purpose, 1 channel: Channel };
    193 "ticket" TicketNeverClosed "ticket_never_closed" "no question that the service desk was done with in that time is known";
    171 "enrollment" EnteredSince "entered_since" "entered, which may be {span} ago at most" { 0 span: Span };
}

impl fmt::Display for Told {
    /// The sentence in English, without a full stop.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&filled(self.english(), &self.details()))
    }
}
