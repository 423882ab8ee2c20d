//! Event names: every spelling a source may use, and the kind it means.
//!
//! Case, spaces, underscores and hyphens do not count: `order_completed` is `Order Completed`.

use std::sync::LazyLock;

use regulars_engine::event::Kind;

/// Names that mean a kind beside its own: the first Segment e-commerce spec, common spellings.
const ALIASES: &[(&str, Kind)] = &[
    ("Completed Order", Kind::OrderCompleted),
    ("Order Placed", Kind::OrderCompleted),
    ("Placed Order", Kind::OrderCompleted),
    ("Updated Order", Kind::OrderUpdated),
    ("Refunded Order", Kind::OrderRefunded),
    ("Order Returned", Kind::OrderRefunded),
    ("Cancelled Order", Kind::OrderCancelled),
    ("Canceled Order", Kind::OrderCancelled),
    ("Order Canceled", Kind::OrderCancelled),
    ("Viewed Product", Kind::ProductViewed),
    ("Clicked Product", Kind::ProductClicked),
    ("Added Product", Kind::ProductAdded),
    ("Added to Cart", Kind::ProductAdded),
    ("Add to Cart", Kind::ProductAdded),
    ("Product Added to Cart", Kind::ProductAdded),
    ("Removed Product", Kind::ProductRemoved),
    ("Removed from Cart", Kind::ProductRemoved),
    ("Remove from Cart", Kind::ProductRemoved),
    ("Product Removed from Cart", Kind::ProductRemoved),
    ("Viewed Cart", Kind::CartViewed),
    ("Viewed Product List", Kind::ProductListViewed),
    ("Viewed Product Category", Kind::ProductListViewed),
    ("Product Category Viewed", Kind::ProductListViewed),
    ("Filtered Product List", Kind::ProductListFiltered),
    ("Searched Products", Kind::ProductsSearched),
    ("Product Searched", Kind::ProductsSearched),
    ("Viewed Promotion", Kind::PromotionViewed),
    ("Clicked Promotion", Kind::PromotionClicked),
    ("Started Checkout", Kind::CheckoutStarted),
    ("Checkout Begun", Kind::CheckoutStarted),
    ("Viewed Checkout Step", Kind::CheckoutStepViewed),
    ("Completed Checkout Step", Kind::CheckoutStepCompleted),
    ("Entered Payment Info", Kind::PaymentInfoEntered),
    ("Entered Coupon", Kind::CouponEntered),
    ("Applied Coupon", Kind::CouponApplied),
    ("Denied Coupon", Kind::CouponDenied),
    ("Removed Coupon", Kind::CouponRemoved),
    ("Wishlist Product Added", Kind::ProductAddedToWishlist),
    ("Shared Product", Kind::ProductShared),
    ("Shared Cart", Kind::CartShared),
    ("Reviewed Product", Kind::ProductReviewed),
    ("Loaded a Page", Kind::PageViewed),
    ("Viewed Page", Kind::PageViewed),
    ("Loaded a Screen", Kind::ScreenViewed),
    ("Viewed Screen", Kind::ScreenViewed),
    ("Email Clicked", Kind::EmailLinkClicked),
    ("Email Spam Reported", Kind::EmailMarkedAsSpam),
    ("Email Unsubscribed", Kind::Unsubscribed),
    ("Consent Revoked", Kind::ConsentWithdrawn),
    ("QR Code Scanned", Kind::QrScanned),
];

/// Kinds that no `track` call may claim by name: they have a message type of their own, are our own
/// commitments, or are statements of staff, which whoever has a write key must not make. A source's
/// event of such a name is a custom one.
const RESERVED: &[Kind] = &[
    Kind::Identify,
    Kind::Group,
    Kind::Alias,
    Kind::Heartbeat,
    Kind::Watermark,
    Kind::MessageSent,
    Kind::MessageTakenBack,
    Kind::TraitsSet,
    Kind::EnrollmentRequested,
    Kind::PauseAsked,
    Kind::ConsentConfirmed,
    Kind::OfferGiven,
    Kind::OfferTakenBack,
    Kind::OfferRedeemed,
    Kind::SamePersonStated,
    Kind::DifferentPersonsStated,
    Kind::StatementTakenBack,
    Kind::UnsureStated,
    Kind::SameHouseholdStated,
    Kind::DifferentHouseholdsStated,
    Kind::HouseholdTakenBack,
    Kind::SiteMessageShown,
    Kind::SiteMessageClicked,
    Kind::SiteMessageDismissed,
    Kind::PushClicked,
    Kind::PushDismissed,
];

/// The longest spelling that is looked up; longer names are custom.
const LENGTH_MAX: usize = 48;

static NAMES: LazyLock<Vec<(String, Kind)>> = LazyLock::new(|| {
    let own = Kind::ALL
        .iter()
        .filter(|kind| !RESERVED.contains(kind))
        .map(|kind| (kind.name().to_owned(), kind.clone()));
    let aliases = ALIASES.iter().map(|(name, kind)| ((*name).to_owned(), kind.clone()));
    let mut names: Vec<(String, Kind)> = own
        .chain(aliases)
        .map(|(name, kind)| {
            let mut buffer = [0; LENGTH_MAX];
            let letters = letters(&name, &mut buffer).expect("our own names are short");
            (String::from_utf8_lossy(letters).into_owned(), kind)
        })
        .collect();
    names.sort();
    names
});

/// The kind that an event of this name has.
pub(crate) fn kind(name: &str) -> Kind {
    let mut buffer = [0; LENGTH_MAX];
    letters(name, &mut buffer)
        .and_then(|letters| NAMES.binary_search_by(|(known, _)| known.as_bytes().cmp(letters)).ok())
        .map_or_else(|| Kind::Custom(name.to_owned()), |index| NAMES[index].1.clone())
}

/// The letters and digits of `name` in lower case; `None` if it is longer than any name we know.
fn letters<'b>(name: &str, buffer: &'b mut [u8; LENGTH_MAX]) -> Option<&'b [u8]> {
    let mut length = 0;
    for byte in name.bytes() {
        if matches!(byte, b' ' | b'_' | b'-' | b'\t') {
            continue;
        }
        *buffer.get_mut(length)? = byte.to_ascii_lowercase();
        length += 1;
    }
    Some(&buffer[..length])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_does_not_count() {
        for name in ["Order Completed", "order_completed", "ORDER-COMPLETED", "Completed Order"] {
            assert_eq!(kind(name), Kind::OrderCompleted, "{name}");
        }
        assert_eq!(kind("Órder Completed"), Kind::Custom("Órder Completed".into()));
    }

    #[test]
    fn every_kind_answers_to_its_name_but_the_reserved() {
        for own in Kind::ALL {
            let expected =
                if RESERVED.contains(own) { Kind::Custom(own.name().into()) } else { own.clone() };
            assert_eq!(kind(own.name()), expected);
        }
    }

    #[test]
    fn spellings_are_unique() {
        for pair in NAMES.windows(2) {
            assert_ne!(pair[0].0, pair[1].0);
        }
    }
}
