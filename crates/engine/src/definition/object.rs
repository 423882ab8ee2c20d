//! Objects: what a shop defines, each with its name, its canonical form and its version.

use std::fmt;

/// What can be defined, in the order in which it is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectKind {
    /// The shop as a whole; there is one.
    Shop,
    /// A source of events.
    Source,
    /// The rules of identity; there is one.
    Identity,
    /// A product.
    Product,
    /// A trait that is computed.
    Trait,
    /// A segment.
    Segment,
    /// An offer.
    Offer,
    /// A part that templates share.
    Partial,
    /// A template.
    Template,
    /// A journey.
    Journey,
}

impl ObjectKind {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::Shop,
        Self::Source,
        Self::Identity,
        Self::Product,
        Self::Trait,
        Self::Segment,
        Self::Offer,
        Self::Partial,
        Self::Template,
        Self::Journey,
    ];

    /// The word used in files and on pages.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Shop => "shop",
            Self::Source => "source",
            Self::Identity => "identity",
            Self::Product => "product",
            Self::Trait => "trait",
            Self::Segment => "segment",
            Self::Offer => "offer",
            Self::Partial => "partial",
            Self::Template => "template",
            Self::Journey => "journey",
        }
    }

    /// The first key of a document that defines such an object, which tells it from others.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Product => "products",
            Self::Shop
            | Self::Source
            | Self::Identity
            | Self::Trait
            | Self::Segment
            | Self::Offer
            | Self::Partial
            | Self::Template
            | Self::Journey => self.word(),
        }
    }
}

/// Names an object: its kind and its name among those of its kind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectName {
    /// What it is.
    pub kind: ObjectKind,
    /// Its name; of a product its id; empty for the rules of identity.
    pub name: String,
}

impl fmt::Display for ObjectName {
    /// `journey "cart"`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.kind == ObjectKind::Identity {
            return f.write_str("identity");
        }
        write!(f, "{} \"{}\"", self.kind.word(), self.name)
    }
}

/// An object's canonical form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// The form as one YAML document without a document marker; of a product one item of the list.
    pub canonical: String,
    /// The hash of the form.
    pub version: u64,
}
