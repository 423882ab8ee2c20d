//! Three-valued logic (Kleene): true, false, or unknown.

use minicbor::{Decode, Encode};

/// The answer to a question asked for certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Truth {
    /// Surely not.
    #[n(0)]
    False,
    /// It depends on what we do not know.
    #[n(1)]
    Unknown,
    /// Surely so.
    #[n(2)]
    True,
}

impl Truth {
    /// True where both are: the smaller of the two.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// True where one is: the larger of the two.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }

    /// Whether this is [`Truth::True`].
    #[must_use]
    pub fn holds(self) -> bool {
        self == Self::True
    }

    /// The word used in files and on pages.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::False => "false",
            Self::Unknown => "unknown",
            Self::True => "true",
        }
    }
}

impl std::ops::Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
            Self::True => Self::False,
        }
    }
}

impl From<bool> for Truth {
    fn from(yes: bool) -> Self {
        if yes { Self::True } else { Self::False }
    }
}
