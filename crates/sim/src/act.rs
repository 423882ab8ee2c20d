//! What happens, before it is written down: one compact value per line of the event file.

use crate::opaque::Key;
use crate::people::{Contact, Device};

/// A product in a cart or on a receipt.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Item {
    pub(crate) product: u16,
    pub(crate) variant: u8,
    pub(crate) quantity: u8,
}

/// Up to four items.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Basket {
    length: u8,
    items: [Item; 4],
}

impl Basket {
    pub(crate) fn of(item: Item) -> Self {
        let mut basket = Self::default();
        basket.put(item);
        basket
    }

    pub(crate) fn items(&self) -> &[Item] {
        &self.items[..usize::from(self.length)]
    }

    /// Adds `item` unless the basket is full or has the product in it; says whether it did.
    pub(crate) fn put(&mut self, item: Item) -> bool {
        let length = usize::from(self.length);
        let fits = length < self.items.len()
            && self.items().iter().all(|other| other.product != item.product);
        if fits {
            self.items[length] = item;
            self.length += 1;
        }
        fits
    }

    pub(crate) fn take_last(&mut self) -> Option<Item> {
        self.length = self.length.checked_sub(1)?;
        Some(self.items[usize::from(self.length)])
    }
}

/// The system that reports.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Via {
    Web,
    App,
    Kiosk(u32),
    /// The web shop's server.
    Shop,
    /// The associates' tablets of a store.
    Floor(u32),
    /// A till, by its number over all stores.
    Till(u32),
    /// The old customer list, read once.
    Customers,
    Loyalty,
    Mail,
    Desk,
    Reviews,
    Social,
}

/// Who a line says it was.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Who {
    pub(crate) device: Option<Device>,
    pub(crate) logged_in: bool,
    pub(crate) contact: Contact,
}

impl Who {
    pub(crate) fn on(device: Device, logged_in: bool) -> Self {
        Self { device: Some(device), logged_in, contact: Contact::None }
    }

    pub(crate) fn by(contact: Contact) -> Self {
        Self { device: None, logged_in: false, contact }
    }
}

/// The advertisement or mail that led here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Campaign {
    Search,
    Banner,
    Newsletter,
}

/// What happened.
#[derive(Clone, Copy, Debug)]
pub(crate) enum What {
    Paged(Page),
    AdClicked(Campaign),
    ReviewSiteVisited,
    SocialPosted,
    PriceCompared(Item),
    QrScanned(Item, u32),
    StoreVisited { store: u32, staff: Option<u32> },
    ProductTried { item: Item, store: u32, staff: u32 },
    Searched(u8),
    ListViewed(u16),
    Viewed(Item),
    Wished(Item),
    Cart(CartStep),
    Purchase(Purchase),
    TicketOpened(Key),
    TicketClosed(Key),
    Reviewed { item: Item, stars: u8 },
    PointsEarned(u32),
    PointsRedeemed(u32),
    TierChanged,
    Mailed(Mailing, MailFate),
    ConsentGiven(Channel),
    ConsentWithdrawn(Channel),
    Identified(Traits),
    AppInstalled,
    Report(Report),
}

/// A step of a cart.
#[derive(Clone, Copy, Debug)]
pub(crate) enum CartStep {
    Added { cart: Key, item: Item },
    Removed { cart: Key, item: Item },
    Viewed { cart: Key, basket: Basket },
    CheckoutStarted { order: Key, basket: Basket },
}

/// A purchase, or its undoing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Purchase {
    pub(crate) step: PurchaseStep,
    /// The key of the order or, if it was in a store, of the receipt.
    pub(crate) order: Key,
    pub(crate) in_store: bool,
    /// What is bought or brought back.
    pub(crate) basket: Basket,
    pub(crate) discount_per_mille: u16,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum PurchaseStep {
    Completed,
    Refunded,
    Cancelled,
}

/// What a system says of itself.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Report {
    Heartbeat,
    Watermark { complete_through: i64 },
}

/// A page or a screen.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Page {
    Home(Option<Campaign>),
    Cart,
    Account,
}

/// Which mail it was.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Mailing {
    /// The newsletter of a day.
    Newsletter(u32),
    /// The answer to an abandoned cart.
    Cart(Key),
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum MailFate {
    Delivered,
    Opened,
    Clicked,
    Bounced,
    Complained,
    Unsubscribed,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Channel {
    Email,
    Sms,
}

/// Which traits an identify call bears.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Traits {
    pub(crate) email: bool,
    pub(crate) phone: bool,
    pub(crate) card: bool,
    pub(crate) name: bool,
}

/// One line to be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Act {
    pub(crate) received_at: i64,
    /// The true time.
    pub(crate) occurred_at: i64,
    /// The time by the reporter's clock, which may be wrong.
    pub(crate) told_at: i64,
    /// When the reporter sent it, by the same clock; only SDKs say so.
    pub(crate) sent_at: Option<i64>,
    /// `None` for lines of the systems themselves.
    pub(crate) message: Option<Key>,
    /// The abandoned cart whose outcome without a message this is.
    pub(crate) hinges_on: Option<Key>,
    /// The local day on which it happened.
    pub(crate) day: u32,
    /// 0 is the first delivery, 1 its repetition.
    pub(crate) copy: u8,
    pub(crate) via: Via,
    pub(crate) who: Who,
    pub(crate) what: What,
}
