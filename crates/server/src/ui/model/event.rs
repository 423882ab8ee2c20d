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
        /// An event of the shop's own; its name stands in the label.
        Custom => "custom", "custom";
    }
}
