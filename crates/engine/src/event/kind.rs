//! The vocabulary: what an event says, and over which channel.

use minicbor::{Decode, Encode};

macro_rules! kinds {
    ($($n:literal $variant:ident $name:literal $doc:literal;)*) => {
        /// What an event says. Names follow the Segment specs, extended by what they lack.
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
        pub enum Kind {
            $(#[doc = $doc] #[n($n)] $variant,)*
            /// Anything else, by the name its source gave: the one door for what we have no word for.
            #[n(255)]
            Custom(#[n(0)] String),
        }

        impl Kind {
            /// Every kind that has a word of its own.
            pub const ALL: &'static [Kind] = &[$(Kind::$variant,)*];

            /// The name in event files and on pages.
            #[must_use]
            pub fn name(&self) -> &str {
                match self {
                    $(Self::$variant => $name,)*
                    Self::Custom(name) => name,
                }
            }

            /// The kind that bears exactly this name, else the custom one.
            #[must_use]
            pub fn named(name: &str) -> Self {
                match name {
                    $($name => Self::$variant,)*
                    other => Self::Custom(other.to_owned()),
                }
            }
        }
    };
}

kinds! {
    0 Identify "Identify" "Traits and identifiers of a person.";
    1 Group "Group" "A person belongs to a group, such as a company or a club.";
    2 Alias "Alias" "Two identifiers of one person, stated by the source.";
    3 PageViewed "Page Viewed" "A page of the site was opened.";
    4 ScreenViewed "Screen Viewed" "A screen of the app was opened.";
    5 ProductsSearched "Products Searched" "A search on the site.";
    6 ProductListViewed "Product List Viewed" "A category or list was opened.";
    7 ProductListFiltered "Product List Filtered" "A list was narrowed.";
    8 PromotionViewed "Promotion Viewed" "A banner of our own was seen.";
    9 PromotionClicked "Promotion Clicked" "A banner of our own was clicked.";
    10 ProductClicked "Product Clicked" "A product in a list was clicked.";
    11 ProductViewed "Product Viewed" "A product's page was opened.";
    12 ProductAdded "Product Added" "A product went into the cart.";
    13 ProductRemoved "Product Removed" "A product left the cart.";
    14 CartViewed "Cart Viewed" "The cart was opened; lists the whole cart.";
    15 CheckoutStarted "Checkout Started" "The checkout was begun; lists the whole cart.";
    16 CheckoutStepViewed "Checkout Step Viewed" "A step of the checkout was opened.";
    17 CheckoutStepCompleted "Checkout Step Completed" "A step of the checkout was done.";
    18 PaymentInfoEntered "Payment Info Entered" "Payment details were typed in.";
    19 OrderCompleted "Order Completed" "A purchase, online or at a till.";
    20 OrderUpdated "Order Updated" "A new version of an order.";
    21 OrderRefunded "Order Refunded" "A return, of the whole order or of the lines it lists.";
    22 OrderCancelled "Order Cancelled" "An order that will not be delivered.";
    23 CouponEntered "Coupon Entered" "A code was typed in.";
    24 CouponApplied "Coupon Applied" "A code was accepted.";
    25 CouponDenied "Coupon Denied" "A code was refused.";
    26 CouponRemoved "Coupon Removed" "A code was taken off.";
    27 ProductAddedToWishlist "Product Added to Wishlist" "A product was put on the wish list.";
    28 ProductRemovedFromWishlist "Product Removed from Wishlist" "A product left the wish list.";
    29 WishlistProductAddedToCart "Wishlist Product Added to Cart" "From the wish list to the cart.";
    30 ProductShared "Product Shared" "A product was shown to somebody.";
    31 CartShared "Cart Shared" "A cart was shown to somebody.";
    32 ProductReviewed "Product Reviewed" "A review was written.";
    33 StoreVisited "Store Visited" "The person was in a store.";
    34 ProductTried "Product Tried" "Something was tried on or out.";
    35 QrScanned "QR Scanned" "A QR code was scanned.";
    36 PriceCompared "Price Compared" "The person compared prices.";
    37 SocialPosted "Social Posted" "A post about us.";
    38 AdClicked "Ad Clicked" "An ad was clicked.";
    39 ReviewSiteVisited "Review Site Visited" "Came by way of a review site.";
    40 TicketOpened "Ticket Opened" "The person asked the service desk.";
    41 TicketClosed "Ticket Closed" "The service desk is done.";
    42 LoyaltyPointsEarned "Loyalty Points Earned" "Points came in.";
    43 LoyaltyPointsRedeemed "Loyalty Points Redeemed" "Points were spent.";
    44 LoyaltyTierChanged "Loyalty Tier Changed" "A new tier of the loyalty programme.";
    45 ConsentGiven "Consent Given" "A yes by channel and purpose.";
    46 ConsentWithdrawn "Consent Withdrawn" "A no by channel and purpose.";
    47 EmailDelivered "Email Delivered" "The receiving server took a message.";
    48 EmailOpened "Email Opened" "A message's pictures were loaded, perhaps by a machine.";
    49 EmailLinkClicked "Email Link Clicked" "A link of a message was followed.";
    50 EmailBounced "Email Bounced" "The receiving server refused a message for good.";
    51 EmailMarkedAsSpam "Email Marked as Spam" "The person complained.";
    52 Unsubscribed "Unsubscribed" "A no to e-mail promotion.";
    53 MessageSent "Message Sent" "We sent a message: our own commitment, seen as an event.";
    54 ChatStarted "Live Chat Conversation Started" "A chat with the service desk began.";
    55 ChatMessage "Live Chat Message Sent" "A chat message by the person.";
    56 ChatEnded "Live Chat Conversation Ended" "A chat with the service desk ended.";
    57 ChatReceived "Live Chat Message Received" "A chat message to the person.";
    58 Heartbeat "Heartbeat" "A feed says that it lives, and so that it has told everything until then.";
    59 Watermark "Watermark" "A feed says up to which moment it has told everything.";
    60 ApplicationInstalled "Application Installed" "The app was installed.";
    61 ApplicationOpened "Application Opened" "The app was opened.";
    62 ApplicationUninstalled "Application Uninstalled" "The app was removed.";
    64 SamePersonStated "Same Person Stated" "Staff say that two identifiers are one person's.";
    65 DifferentPersonsStated "Different Persons Stated" "Staff say that two identifiers are two people's.";
    66 StatementTakenBack "Statement Taken Back" "Staff take back what they said of two identifiers.";
    67 UnsureStated "Unsure Stated" "Staff looked at two identifiers and could not tell whether they are one person's.";
    68 SameHouseholdStated "Same Household Stated" "Staff say that whoever bears two identifiers lives together.";
    69 DifferentHouseholdsStated "Different Households Stated" "Staff say that whoever bears two identifiers does not live together.";
    70 HouseholdTakenBack "Household Taken Back" "Staff take back what they said of where two live.";
    81 TraitsSet "Traits Set" "A journey stated something of the person: our own commitment.";
    80 MessageTakenBack "Message Taken Back" "A message that was claimed and did not go out: it does not count.";
    82 EmailDeferred "Email Deferred" "The receiving server did not take a message, this time or until now.";
    83 EmailFetched "Email Fetched" "A machine loaded a message's pictures or followed its links: no sign of a reader.";
    84 PauseAsked "Pause Asked" "The person wants no care and no promotion until a moment.";
    93 OfferGiven "Offer Given" "Staff gave the person a code of an offer: our own commitment.";
    94 OfferTakenBack "Offer Taken Back" "Staff took a code back that they had given the person: our own commitment.";
    91 OfferRedeemed "Offer Redeemed" "A code of ours was used: seen by a till or the shop that asked us.";
    95 EnrollmentRequested "Enrollment Requested" "The shop asked that the person enter a journey, by the API or with a file.";
    92 ConsentConfirmed "Consent Confirmed" "A yes, confirmed by whoever reads the address: seen by a page of ours.";
    101 SmsBounced "SMS Bounced" "A text message cannot be delivered to this number, for good.";
    110 SiteMessageShown "Site Message Shown" "The site showed a message of a journey: told by our own script.";
    111 SiteMessageClicked "Site Message Clicked" "A message on the site was followed.";
    112 SiteMessageDismissed "Site Message Dismissed" "A message on the site was closed.";
    120 PushSubscribed "Push Subscribed" "A browser takes push messages from here on, with a yes to them.";
    121 PushSubscriptionEnded "Push Subscription Ended" "A browser takes no push messages any more: its own word, or that of its push service.";
    122 PushClicked "Push Clicked" "A push message was followed.";
    123 PushDismissed "Push Dismissed" "A push message was closed.";
    63 Adjustment "Adjustment" "A correction of the books that is no sale and no return.";
}

impl Kind {
    /// Whether it moves or shows a cart, and so counts as the cart's activity.
    #[must_use]
    pub fn touches_cart(&self) -> bool {
        matches!(
            self,
            Self::ProductAdded
                | Self::ProductRemoved
                | Self::CartViewed
                | Self::CheckoutStarted
                | Self::CheckoutStepViewed
                | Self::CheckoutStepCompleted
                | Self::PaymentInfoEntered
                | Self::WishlistProductAddedToCart
        )
    }

    /// Whether it tells of an order: a sale, a new version, a return, a cancellation.
    #[must_use]
    pub fn touches_orders(&self) -> bool {
        matches!(
            self,
            Self::OrderCompleted | Self::OrderUpdated | Self::OrderRefunded | Self::OrderCancelled
        )
    }

    /// Whether it is the word of a feed about itself and tells of no person.
    #[must_use]
    pub fn speaks_of_feed(&self) -> bool {
        matches!(self, Self::Heartbeat | Self::Watermark)
    }

    /// Whether it tells what became of a message: what mail servers and providers know, and nobody
    /// else.
    #[must_use]
    pub fn told_of_mail(&self) -> bool {
        matches!(
            self,
            Self::EmailDelivered
                | Self::EmailOpened
                | Self::EmailLinkClicked
                | Self::EmailBounced
                | Self::EmailMarkedAsSpam
                | Self::EmailDeferred
                | Self::EmailFetched
                | Self::SmsBounced
        )
    }

    /// Whether it stops an address for good: it came back, or its reader complained.
    #[must_use]
    pub fn stops_address(&self) -> bool {
        matches!(self, Self::EmailBounced | Self::EmailMarkedAsSpam | Self::SmsBounced)
    }

    /// Whether it is what staff said of two identifiers.
    #[must_use]
    pub fn stated_by_staff(&self) -> bool {
        matches!(
            self,
            Self::SamePersonStated
                | Self::DifferentPersonsStated
                | Self::StatementTakenBack
                | Self::UnsureStated
                | Self::SameHouseholdStated
                | Self::DifferentHouseholdsStated
                | Self::HouseholdTakenBack
        )
    }

    /// Whether it is a contact of the person with the brand, and so a step of the person's path.
    #[must_use]
    pub fn touchpoint(&self) -> bool {
        !matches!(
            self,
            Self::Identify
                | Self::Group
                | Self::Alias
                | Self::ConsentGiven
                | Self::ConsentWithdrawn
                | Self::PushSubscribed
                | Self::PushSubscriptionEnded
                | Self::Heartbeat
                | Self::Watermark
                | Self::Adjustment
                | Self::SamePersonStated
                | Self::DifferentPersonsStated
                | Self::StatementTakenBack
                | Self::UnsureStated
                | Self::SameHouseholdStated
                | Self::DifferentHouseholdsStated
                | Self::HouseholdTakenBack
                | Self::MessageSent
                | Self::MessageTakenBack
                | Self::PauseAsked
                | Self::ConsentConfirmed
                | Self::EmailDeferred
                | Self::EmailFetched
                | Self::OfferGiven
                | Self::OfferTakenBack
                | Self::OfferRedeemed
                | Self::TraitsSet
                | Self::EnrollmentRequested
                | Self::LoyaltyTierChanged
                | Self::OrderUpdated
                | Self::Custom(_)
        )
    }
}

/// The channel over which something happened or a message goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Channel {
    /// The web shop.
    #[default]
    #[n(0)]
    Web,
    /// The app.
    #[n(1)]
    App,
    /// A store: tills, staff, visits.
    #[n(2)]
    Store,
    /// E-mail.
    #[n(3)]
    Email,
    /// Text messages.
    #[n(4)]
    Sms,
    /// Push messages.
    #[n(5)]
    Push,
    /// The service desk.
    #[n(6)]
    Service,
    /// Social networks.
    #[n(7)]
    Social,
    /// Paid ads.
    #[n(8)]
    Ads,
    /// Anything else.
    #[n(9)]
    Other,
}

impl Channel {
    /// Those that messages go over.
    pub const OF_MESSAGES: [Self; 3] = [Self::Email, Self::Sms, Self::Push];

    /// Every channel.
    pub const ALL: [Self; 10] = [
        Self::Web,
        Self::App,
        Self::Store,
        Self::Email,
        Self::Sms,
        Self::Push,
        Self::Service,
        Self::Social,
        Self::Ads,
        Self::Other,
    ];

    /// The word used in files and on pages.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::App => "app",
            Self::Store => "store",
            Self::Email => "email",
            Self::Sms => "sms",
            Self::Push => "push",
            Self::Service => "service",
            Self::Social => "social",
            Self::Ads => "ads",
            Self::Other => "other",
        }
    }

    /// The channel of this word in any case, with the words shops commonly use for it.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        let word = word.trim().to_ascii_lowercase();
        Some(match word.as_str() {
            "web" | "online" | "site" | "website" | "browser" => Self::Web,
            "app" | "mobile" | "ios" | "android" => Self::App,
            "store" | "pos" | "till" | "shop" | "retail" | "offline" => Self::Store,
            "email" | "e-mail" | "mail" => Self::Email,
            "sms" | "text" => Self::Sms,
            "push" => Self::Push,
            "service" | "helpdesk" | "support" | "phone" => Self::Service,
            "social" => Self::Social,
            "ads" | "ad" | "paid" => Self::Ads,
            "other" => Self::Other,
            _ => return None,
        })
    }
}
