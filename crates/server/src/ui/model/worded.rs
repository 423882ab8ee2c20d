//! Enums whose every case has a word in the locales and an icon in the sprite.

/// Declares such an enum: `Name, "prefix" { Case => "word", "icon"; }`.
///
/// The text of a case is the key `prefix-word`; `word` is also its spelling in queries and forms.
/// The tests walk `ALL` and check that each key and each icon exists.
macro_rules! worded {
    ($(#[$meta:meta])* $name:ident, $prefix:literal {
        $($(#[$case_meta:meta])* $case:ident => $word:literal, $icon:literal;)*
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$case_meta])* $case,)* }

        impl $name {
            /// Every case, in the order of display.
            pub const ALL: &'static [Self] = &[$(Self::$case),*];

            /// The key of the case's text in the locales.
            pub const fn key(self) -> &'static str {
                match self { $(Self::$case => concat!($prefix, "-", $word),)* }
            }

            /// The name of the case's icon.
            pub const fn icon(self) -> &'static str {
                match self { $(Self::$case => $icon,)* }
            }

            /// The case as queries and forms spell it.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$case => $word,)* }
            }

            /// Reads the spelling of queries and forms.
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|case| case.word() == word)
            }
        }
    };
}
