//! The names of what happens: the Segment specs' and those that the project adds to them.

use crate::act::{CartStep, MailFate, Page, PurchaseStep, What};
use crate::town::Town;
use crate::write::put;

/// `type` and `event` (or a page's `name`) of a line.
pub(crate) struct Event {
    pub(crate) kind: &'static str,
    pub(crate) name: Option<&'static str>,
}

pub(crate) fn event(what: What) -> Event {
    let name = match what {
        What::Paged(page) => return Event { kind: "page", name: Some(page_name(page)) },
        What::Identified(_) => return Event { kind: "identify", name: None },
        What::Report(_) => return Event { kind: "heartbeat", name: None },
        What::AdClicked(_) => "Ad Clicked",
        What::ReviewSiteVisited => "Review Site Visited",
        What::SocialPosted => "Social Posted",
        What::PriceCompared(_) => "Price Compared",
        What::QrScanned(..) => "QR Scanned",
        What::StoreVisited { .. } => "Store Visited",
        What::ProductTried { .. } => "Product Tried",
        What::Searched(_) => "Products Searched",
        What::ListViewed(_) => "Product List Viewed",
        What::Viewed(_) => "Product Viewed",
        What::Wished(_) => "Product Added to Wishlist",
        What::Cart(step) => cart_event(step),
        What::Purchase(purchase) => purchase_event(purchase.step),
        What::TicketOpened(_) => "Ticket Opened",
        What::TicketClosed(_) => "Ticket Closed",
        What::Reviewed { .. } => "Product Reviewed",
        What::PointsEarned(_) => "Loyalty Points Earned",
        What::PointsRedeemed(_) => "Loyalty Points Redeemed",
        What::TierChanged => "Loyalty Tier Changed",
        What::Mailed(_, fate) => mail_event(fate),
        What::ConsentGiven(_) => "Consent Given",
        What::ConsentWithdrawn(_) => "Consent Withdrawn",
        What::AppInstalled => "Application Installed",
    };
    Event { kind: "track", name: Some(name) }
}

fn cart_event(step: CartStep) -> &'static str {
    match step {
        CartStep::Added { .. } => "Product Added",
        CartStep::Removed { .. } => "Product Removed",
        CartStep::Viewed { .. } => "Cart Viewed",
        CartStep::CheckoutStarted { .. } => "Checkout Started",
    }
}

fn purchase_event(step: PurchaseStep) -> &'static str {
    match step {
        PurchaseStep::Completed => "Order Completed",
        PurchaseStep::Refunded => "Order Refunded",
        PurchaseStep::Cancelled => "Order Cancelled",
    }
}

fn mail_event(fate: MailFate) -> &'static str {
    match fate {
        MailFate::Delivered => "Email Delivered",
        MailFate::Opened => "Email Opened",
        MailFate::Clicked => "Email Link Clicked",
        MailFate::Bounced => "Email Bounced",
        MailFate::Complained => "Email Marked as Spam",
        MailFate::Unsubscribed => "Unsubscribed",
    }
}

fn page_name(page: Page) -> &'static str {
    match page {
        Page::Home(_) => "Home",
        Page::Cart => "Cart",
        Page::Account => "Account",
    }
}

/// Writes the path of the page on which it happened.
pub(crate) fn write_path(town: &Town, what: What, out: &mut Vec<u8>) {
    if let What::Viewed(item)
    | What::Wished(item)
    | What::QrScanned(item, _)
    | What::PriceCompared(item) = what
    {
        put(out, "/products/");
        put(out, &town.catalogue.product(item.product).id);
        return;
    }
    let path = if let What::Paged(Page::Cart)
    | What::Cart(CartStep::Viewed { .. } | CartStep::Removed { .. }) = what
    {
        "/cart"
    } else if let What::Paged(Page::Account) | What::Identified(_) = what {
        "/account"
    } else if let What::Cart(CartStep::CheckoutStarted { .. }) | What::Purchase(_) = what {
        "/checkout"
    } else {
        "/"
    };
    put(out, path);
}
