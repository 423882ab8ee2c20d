//! The languages the pages are written in, and how one is chosen for a visitor.

/// A language the pages are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// English, and what is used where nothing else fits.
    #[default]
    English,
    /// Spanish.
    Spanish,
    /// Russian.
    Russian,
}

impl Language {
    /// Every language, in the order of the language switch.
    pub const ALL: [Self; 3] = [Self::English, Self::Spanish, Self::Russian];

    /// The code of the language (ISO 639-1): what cookies, forms and `lang` attributes carry.
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
            Self::Russian => "ru",
        }
    }

    /// The name of the language in the language itself.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Spanish => "Español",
            Self::Russian => "Русский",
        }
    }

    /// Reads a code such as `es` or `es-AR`, in any case; `None` if the language is not spoken here.
    pub fn parse(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(primary))
    }

    /// The language an `Accept-Language` header asks for most, English when it asks for none of ours.
    pub fn negotiate(accept_language: &str) -> Self {
        let mut best: Option<(Self, f32)> = None;
        for part in accept_language.split(',') {
            let mut pieces = part.split(';');
            let Some(language) = pieces.next().and_then(Self::parse) else { continue };
            let weight = pieces
                .find_map(|piece| piece.trim().strip_prefix("q="))
                .map_or(1.0, |weight| weight.trim().parse::<f32>().unwrap_or(0.0));
            // The first of equals wins, as browsers list them by preference.
            if weight > 0.0 && best.is_none_or(|(_, highest)| weight > highest) {
                best = Some((language, weight));
            }
        }
        best.map(|(language, _)| language).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn the_highest_weight_wins_and_unknown_languages_are_passed_over() {
        assert_eq!(Language::negotiate("fr-FR,fr;q=0.9,ru;q=0.5,es;q=0.7"), Language::Spanish);
        assert_eq!(Language::negotiate("es-AR,es;q=0.9,en;q=0.8"), Language::Spanish);
        assert_eq!(Language::negotiate("ru;q=0,en;q=0.1"), Language::English);
        assert_eq!(Language::negotiate("pt-BR"), Language::English);
        assert_eq!(Language::negotiate(""), Language::English);
    }
}
