//! What can stand on a timeline.

/// How precisely a moment is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// To the second or better.
    Instant,
    /// To the minute.
    Minute,
    /// The day only: no time is shown.
    Day,
}

worded! {
    /// What happened.
    EventKind, "event" {
        /// A page was seen.
        PageViewed => "page-viewed", "page";
        /// A product page was seen.
        ProductViewed => "product-viewed", "product";
        /// A list of products was seen.
        ListViewed => "list-viewed", "list";
        /// A search on the site or in the app.
        Searched => "searched", "search";
        /// A product was put into the cart.
        CartAdded => "cart-added", "cart-add";
        /// A product was taken out of the cart.
        CartRemoved => "cart-removed", "cart-remove";
        /// The cart was looked at.
        CartViewed => "cart-viewed", "cart-add";
        /// The checkout began, or went a step on.
        CheckoutStarted => "checkout-started", "checkout";
        /// A coupon was tried.
        CouponUsed => "coupon-used", "coupon";
        /// Staff gave a code of an offer.
        OfferGiven => "offer-given", "offer";
        /// Staff took a code of an offer back.
        OfferTakenBack => "offer-taken-back", "withdrawn";
        /// A product was put on the wish list.
        WishAdded => "wish-added", "heart";
        /// An order, in any channel.
        Ordered => "ordered", "order";
        /// An order was changed.
        OrderChanged => "order-changed", "trait";
        /// An order was cancelled.
        OrderCancelled => "order-cancelled", "cancelled";
        /// Goods came back, or money went back.
        Returned => "returned", "return";
        /// A visit to a store.
        StoreVisited => "store-visited", "visit";
        /// A product was tried on or tried out.
        ProductTried => "product-tried", "tried";
        /// A QR code was scanned.
        QrScanned => "qr-scanned", "qr";
        /// Prices were compared.
        PriceCompared => "price-compared", "compare";
        /// A post on a social network.
        SocialPosted => "social-posted", "social";
        /// An ad was clicked.
        AdClicked => "ad-clicked", "ad";
        /// A review site was visited.
        ReviewSiteVisited => "review-site-visited", "reviews";
        /// A review was written.
        Reviewed => "reviewed", "reviews";
        /// A service ticket was opened.
        TicketOpened => "ticket-opened", "ticket";
        /// A service ticket was closed.
        TicketClosed => "ticket-closed", "done";
        /// Loyalty points were earned.
        PointsEarned => "points-earned", "points";
        /// Loyalty points were spent.
        PointsRedeemed => "points-redeemed", "points";
        /// The loyalty tier changed.
        TierChanged => "tier-changed", "loyalty";
        /// A consent was given.
        ConsentGiven => "consent-given", "consent";
        /// A yes was confirmed.
        ConsentConfirmed => "consent-confirmed", "done";
        /// A consent was taken back.
        ConsentWithdrawn => "consent-withdrawn", "withdrawn";
        /// The person gave a login, address or card.
        Identified => "identified", "identified";
        /// A trait was set.
        TraitSet => "trait-set", "trait";
        /// The person signed up.
        SignedUp => "signed-up", "identified";
        /// The app was installed or opened.
        AppOpened => "app-opened", "app";
        /// We sent a message.
        MessageSent => "message-sent", "sent";
        /// A claimed message did not begin to leave in time, and does not count.
        MessageTakenBack => "message-taken-back", "minus";
        /// The site showed a message of ours.
        SiteShown => "site-shown", "eye";
        /// A message on the site was followed.
        SiteClicked => "site-clicked", "clicked";
        /// A message on the site was closed.
        SiteDismissed => "site-dismissed", "skipped";
        /// A browser takes push messages.
        PushSubscribed => "push-subscribed", "consent";
        /// A browser takes them no more.
        PushEnded => "push-ended", "withdrawn";
        /// A push message was closed.
        PushDismissed => "push-dismissed", "skipped";
        /// A message arrived.
        MessageDelivered => "message-delivered", "email";
        /// A message was opened.
        MessageOpened => "message-opened", "opened";
        /// A link of a message was clicked.
        MessageClicked => "message-clicked", "clicked";
        /// A message came back.
        MessageBounced => "message-bounced", "bounced";
        /// A message was reported as unwanted.
        MessageComplained => "message-complained", "bad";
        /// A message was not taken, this time or until now.
        MessageDeferred => "message-deferred", "late";
        /// A machine loaded a message's pictures.
        MessageFetched => "message-fetched", "custom";
        /// The shop asked that the person enter a journey.
        EntryRequested => "entry-requested", "list";
        /// The person asked for a break.
        BreakAsked => "break-asked", "paused";
        /// A list was narrowed.
        ListFiltered => "list-filtered", "list";
        /// A banner of our own was seen.
        PromotionViewed => "promotion-viewed", "ads";
        /// A banner of our own was clicked.
        PromotionClicked => "promotion-clicked", "ad";
        /// A product in a list was clicked.
        ProductClicked => "product-clicked", "ad";
        /// Payment details were typed in.
        PaymentEntered => "payment-entered", "checkout";
        /// A coupon was refused.
        CouponDenied => "coupon-denied", "coupon";
        /// A coupon was taken off.
        CouponRemoved => "coupon-removed", "coupon";
        /// A product left the wish list.
        WishRemoved => "wish-removed", "heart";
        /// A product or a cart was shown to somebody.
        Shared => "shared", "social";
        /// A chat with the service desk began.
        ChatStarted => "chat-started", "sms";
        /// A message in a chat.
        ChatMessage => "chat-message", "sms";
        /// A chat ended.
        ChatEnded => "chat-ended", "done";
        /// The app was installed.
        AppInstalled => "app-installed", "app";
        /// The app was removed.
        AppRemoved => "app-removed", "app";
        /// The person belongs to a group.
        JoinedGroup => "joined-group", "people";
        /// Two identifiers were said to be one person's.
        Linked => "linked", "link";
        /// Two identifiers were said to be two people's.
        Parted => "parted", "unlink";
        /// What was said of two identifiers was taken back.
        TakenBack => "taken-back", "replay";
        /// Nobody could tell whether two identifiers are one person's.
        Unsure => "unsure", "why";
        /// Staff said something of where two live.
        Household => "household", "people";
        /// The books were corrected.
        Adjusted => "adjusted", "trait";
        /// An event of the shop's own; its name stands in the label.
        Custom => "custom", "custom";
    }
}

impl EventKind {
    /// The kind of an event by its public name, such as `Order Completed`; a name of the shop's own is custom.
    pub fn named(name: &str) -> Self {
        match name {
            "Identify" | "Traits Set" => Self::TraitSet,
            "Signed Up" | "Account Created" => Self::SignedUp,
            "Group" => Self::JoinedGroup,
            "Alias" | "Same Person Stated" => Self::Linked,
            "Different Persons Stated" => Self::Parted,
            "Statement Taken Back" => Self::TakenBack,
            "Unsure Stated" => Self::Unsure,
            "Same Household Stated" | "Different Households Stated" | "Household Taken Back" => {
                Self::Household
            }
            "Page Viewed" | "Screen Viewed" => Self::PageViewed,
            "Products Searched" => Self::Searched,
            "Product List Viewed" => Self::ListViewed,
            "Product List Filtered" => Self::ListFiltered,
            "Promotion Viewed" => Self::PromotionViewed,
            "Promotion Clicked" => Self::PromotionClicked,
            "Product Clicked" => Self::ProductClicked,
            "Product Viewed" => Self::ProductViewed,
            "Product Added" | "Wishlist Product Added to Cart" => Self::CartAdded,
            "Product Removed" => Self::CartRemoved,
            "Cart Viewed" => Self::CartViewed,
            "Checkout Started" | "Checkout Step Viewed" | "Checkout Step Completed" => {
                Self::CheckoutStarted
            }
            "Payment Info Entered" => Self::PaymentEntered,
            "Coupon Entered" | "Coupon Applied" => Self::CouponUsed,
            "Coupon Denied" => Self::CouponDenied,
            "Coupon Removed" => Self::CouponRemoved,
            "Product Added to Wishlist" => Self::WishAdded,
            "Product Removed from Wishlist" => Self::WishRemoved,
            "Product Shared" | "Cart Shared" => Self::Shared,
            _ => Self::named_later(name),
        }
    }

    /// The second half of the names: from the order on.
    fn named_later(name: &str) -> Self {
        match name {
            "Order Completed" => Self::Ordered,
            "Order Updated" => Self::OrderChanged,
            "Order Refunded" => Self::Returned,
            "Order Cancelled" => Self::OrderCancelled,
            "Adjustment" => Self::Adjusted,
            "Product Reviewed" => Self::Reviewed,
            "Store Visited" => Self::StoreVisited,
            "Product Tried" => Self::ProductTried,
            "QR Scanned" => Self::QrScanned,
            "Price Compared" => Self::PriceCompared,
            "Social Posted" => Self::SocialPosted,
            "Ad Clicked" => Self::AdClicked,
            "Review Site Visited" => Self::ReviewSiteVisited,
            "Ticket Opened" => Self::TicketOpened,
            "Ticket Closed" => Self::TicketClosed,
            "Loyalty Points Earned" => Self::PointsEarned,
            "Loyalty Points Redeemed" => Self::PointsRedeemed,
            "Loyalty Tier Changed" => Self::TierChanged,
            "Consent Given" => Self::ConsentGiven,
            "Consent Confirmed" => Self::ConsentConfirmed,
            "Consent Withdrawn" | "Unsubscribed" => Self::ConsentWithdrawn,
            "Message Sent" => Self::MessageSent,
            "Site Message Shown" => Self::SiteShown,
            "Site Message Clicked" => Self::SiteClicked,
            "Site Message Dismissed" => Self::SiteDismissed,
            "Message Taken Back" => Self::MessageTakenBack,
            "Offer Given" => Self::OfferGiven,
            "Offer Taken Back" => Self::OfferTakenBack,
            "Offer Redeemed" => Self::CouponUsed,
            "Email Delivered" => Self::MessageDelivered,
            "Email Opened" => Self::MessageOpened,
            "Email Link Clicked" | "Push Clicked" => Self::MessageClicked,
            "Push Subscribed" => Self::PushSubscribed,
            "Push Subscription Ended" => Self::PushEnded,
            "Push Dismissed" => Self::PushDismissed,
            "Enrollment Requested" => Self::EntryRequested,
            "Pause Asked" => Self::BreakAsked,
            "Email Bounced" | "SMS Bounced" => Self::MessageBounced,
            "Email Deferred" => Self::MessageDeferred,
            "Email Fetched" => Self::MessageFetched,
            "Email Marked as Spam" => Self::MessageComplained,
            "Live Chat Conversation Started" => Self::ChatStarted,
            "Live Chat Message Sent" | "Live Chat Message Received" => Self::ChatMessage,
            "Live Chat Conversation Ended" => Self::ChatEnded,
            "Application Installed" => Self::AppInstalled,
            "Application Opened" => Self::AppOpened,
            "Application Uninstalled" => Self::AppRemoved,
            _ => Self::Custom,
        }
    }
}
