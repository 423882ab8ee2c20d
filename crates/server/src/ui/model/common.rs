//! What several pages share.

/// An amount in the smallest unit of its currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Money {
    /// The amount in minor units (cents for EUR); may be negative.
    pub minor: i64,
    /// The currency's code (ISO 4217), such as `EUR`.
    pub currency: String,
}

/// How a sign feels; it always stands beside a word, never alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Nothing to do.
    Neutral,
    /// Worth a look, without being good or bad.
    Accent,
    /// As it should be.
    Good,
    /// Someone should look.
    Warn,
    /// Something is wrong.
    Bad,
}

worded! {
    /// Where a person and the brand met, or how a message goes out.
    Channel, "channel" {
        /// The web shop or site.
        Web => "web", "web";
        /// The app.
        App => "app", "app";
        /// A physical store: till, staff, visit.
        Store => "store", "store";
        /// E-mail.
        Email => "email", "email";
        /// Text messages.
        Sms => "sms", "sms";
        /// Push messages.
        Push => "push", "push";
        /// Paid ads and audiences.
        Ads => "ads", "ads";
        /// Social networks.
        Social => "social", "social";
        /// Search engines.
        Search => "search", "search";
        /// The service desk.
        Service => "service", "service";
        /// Review sites and reviews.
        Reviews => "reviews", "reviews";
        /// The loyalty programme.
        Loyalty => "loyalty", "loyalty";
        /// A webhook to another system.
        Webhook => "webhook", "webhook";
        /// Anything else.
        Other => "other", "other";
    }
}

worded! {
    /// Why a message is sent; consent is asked by purpose.
    Purpose, "purpose" {
        /// Needed for an order or an account.
        Transactional => "transactional", "order";
        /// Help with what was bought.
        Care => "care", "heart";
        /// Anything that wants to sell.
        Promotion => "promotion", "offer";
    }
}

worded! {
    /// What the last action did, told once at the top of the next page.
    Notice, "notice" {
        /// One row left quarantine and was accepted.
        Replayed => "replayed", "good";
        /// Several rows were offered again.
        ReplayedMany => "replayed-many", "good";
        /// A replayed row was refused again; its reason is on the row.
        StillRefused => "still-refused", "warn";
        /// Sending was paused.
        SendingPaused => "sending-paused", "paused";
        /// Sending goes on.
        SendingResumed => "sending-resumed", "good";
        /// A row of the quarantine that was put aside is back.
        BroughtBack => "brought-back", "good";
        /// A row could not be brought back any more.
        TooLate => "too-late", "warn";
        /// Two records are one person by staff's word.
        Joined => "joined", "good";
        /// Two records are kept apart by staff's word.
        KeptApart => "kept-apart", "good";
        /// A segment was saved and is being computed.
        SegmentSaved => "segment-saved", "good";
        /// A segment was taken away.
        SegmentRemoved => "segment-removed", "good";
        /// What a journey asked staff to see to is done.
        NotedDone => "noted-done", "good";
        /// What a journey asked staff to see to is open again.
        NotedOpen => "noted-open", "replay";
        /// People are being moved to another version of their journey.
        PeopleMoved => "people-moved", "good";
        /// A draft was published.
        DraftPublished => "draft-published", "good";
        /// The draft of a template was published.
        TemplatePublished => "template-published", "good";
        /// A draft was taken away.
        DraftDiscarded => "draft-discarded", "good";
        /// A person was erased for good.
        PersonErased => "person-erased", "withdrawn";
        /// What staff say of where two live is noted.
        HouseholdSaid => "household-said", "good";
        /// Who may sign in was changed.
        UserChanged => "user-changed", "good";
        /// What staff said was taken back.
        TakenBack => "taken-back", "good";
        /// The form was too old or came from elsewhere, and nothing was done.
        FormExpired => "form-expired", "warn";
    }
}

impl Notice {
    /// How the notice feels.
    pub const fn tone(self) -> Tone {
        match self {
            Self::Replayed
            | Self::ReplayedMany
            | Self::SendingResumed
            | Self::BroughtBack
            | Self::Joined
            | Self::KeptApart
            | Self::SegmentSaved
            | Self::SegmentRemoved
            | Self::NotedDone
            | Self::NotedOpen
            | Self::PeopleMoved
            | Self::DraftPublished
            | Self::DraftDiscarded
            | Self::PersonErased
            | Self::HouseholdSaid
            | Self::UserChanged
            | Self::TemplatePublished
            | Self::TakenBack => Tone::Good,
            Self::StillRefused | Self::SendingPaused | Self::FormExpired | Self::TooLate => {
                Tone::Warn
            }
        }
    }
}
