//! Calling codes: how a number that is written without its country reads in international form.

/// The calling code of a country or region: the digits behind the `+`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CallingCode(u16); // Invariant: one of `PLANS`.

impl CallingCode {
    /// Reads the digits, with or without a `+` before them; `None`: no country has this code.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.trim();
        let digits = digits.strip_prefix('+').unwrap_or(digits);
        let all = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
        let code = digits.parse().ok().filter(|_| all)?;
        plan(code).map(|plan| Self(plan.0))
    }

    /// The digits of a number in international form, of `digits` as they are written at home.
    ///
    /// What is dialled before a number within the country (the trunk prefix: `0` in Germany and the
    /// United Kingdom, `8` in Russia) goes; Italy and Spain have none, and keep every digit. A number
    /// that lost its `+` is found out by its length. `None`: it is too long or too short for the
    /// country, and may be anything.
    #[must_use]
    pub fn international(self, digits: &str) -> Option<String> {
        let plan = plan(self.0)?;
        let code = self.to_string();
        let national = match plan.bare(digits) {
            Some(rest) => Some(rest).filter(|rest| plan.fits(rest)),
            // The sign before the country's code may be lost: a program took it for a sum.
            None => {
                let rest = digits.strip_prefix(code.as_str()).filter(|rest| {
                    let surely = !plan.1.is_empty() && rest.len() >= WHOLE_MIN;
                    plan.fits(rest) && (digits.len() > plan.3 || surely)
                });
                rest.or(Some(digits).filter(|digits| plan.fits(digits)))
            }
        };
        national.map(|national| format!("{code}{national}"))
    }

    /// The beginnings that numbers may have in international form which begin with `digits` at home.
    #[must_use]
    pub fn beginnings(self, digits: &str) -> Vec<String> {
        let plan = plan(self.0);
        let trunks = plan.into_iter().flat_map(Plan::trunks);
        let dialled = trunks.filter_map(|trunk| digits.strip_prefix(trunk));
        [digits].into_iter().chain(dialled).map(|rest| format!("+{}{rest}", self.0)).collect()
    }

    /// What stands behind this code in the digits of an international number; `None`: it is another
    /// country's.
    #[must_use]
    pub fn behind(self, digits: &str) -> Option<&str> {
        digits.strip_prefix(self.to_string().as_str())
    }
}

impl std::fmt::Display for CallingCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A number in international form, of its digits as somebody wrote them: what is dialled at home is
/// often written behind the code, as in +44 (0)20 7946 0000.
pub(super) fn abroad(digits: &str) -> String {
    let bare = split(digits).and_then(|(plan, rest)| {
        let bare = plan.bare(rest).filter(|bare| plan.fits(bare))?;
        Some(format!("+{}{bare}", plan.0))
    });
    bare.unwrap_or_else(|| format!("+{digits}"))
}

/// The digits of an international number behind the code of its country: what it is called by at home.
pub(super) fn national(number: &str) -> Option<&str> {
    split(number.strip_prefix('+')?).map(|(_, rest)| rest)
}

/// The code of an international number's country.
pub(super) fn of_number(number: &str) -> Option<CallingCode> {
    split(number.strip_prefix('+')?).map(|(plan, _)| CallingCode(plan.0))
}

/// How an international number may be written at home.
pub(super) fn at_home(number: &str) -> Vec<String> {
    let Some((plan, rest)) = number.strip_prefix('+').and_then(split) else { return Vec::new() };
    let dialled = plan.trunks().map(|trunk| format!("{trunk}{rest}"));
    dialled.chain([rest.to_owned()]).collect()
}

/// The plan of an international number, and the digits behind its code.
fn split(digits: &str) -> Option<(&'static Plan, &str)> {
    // No code is the beginning of another.
    (1..=3).find_map(|length| {
        let (code, rest) = digits.split_at_checked(length)?;
        CallingCode::parse(code).and_then(|code| plan(code.0)).map(|plan| (plan, rest))
    })
}

/// Shorter numbers may begin with the digits of their country's code by chance.
const WHOLE_MIN: usize = 8;

/// Where numbers have nine digits and more, fewer than these are an extension, or cut off.
const WRITTEN_MIN: usize = 6;

/// A code, what is dialled before a number within the country (several of them parted by a space),
/// and the fewest and most digits of a number there, without it.
struct Plan(u16, &'static str, usize, usize);

impl Plan {
    fn trunks(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.1.split_ascii_whitespace()
    }

    fn fits(&self, digits: &str) -> bool {
        let Self(_, _, shortest, longest) = *self;
        let shortest = if longest > WHOLE_MIN { shortest.max(WRITTEN_MIN) } else { shortest };
        (shortest..=longest).contains(&digits.len())
    }

    /// A number without what is dialled before it; `None`: nothing is.
    fn bare<'d>(&self, digits: &'d str) -> Option<&'d str> {
        let rest = self.trunks().find_map(|trunk| digits.strip_prefix(trunk))?;
        // No number begins with a zero where a zero is dialled before it.
        let dialled = digits.starts_with('0') || self.fits(rest) && !self.fits(digits);
        dialled.then_some(rest)
    }
}

fn plan(code: u16) -> Option<&'static Plan> {
    let at = PLANS.binary_search_by_key(&code, |plan| plan.0).ok()?;
    PLANS.get(at)
}

/// The national numbering plans, by code. Of codes that several countries share, the largest's.
///
/// Source: the metadata of libphonenumber 9.0.43, lengths of fixed and mobile numbers, at most 15
/// digits with the code (ITU-T E.164). Italian numbers of twelve digits are left out, since they
/// look like shorter ones with their code. In Belarus 80 is dialled, and a zero is written; in
/// Lithuania an 8 was dialled until 2023, and is still written.
#[rustfmt::skip]
const PLANS: &[Plan] = &[
    Plan(1, "1", 10, 10), Plan(7, "8", 10, 10), Plan(20, "0", 8, 10), Plan(27, "0", 5, 9), Plan(30, "", 10, 10),
    Plan(31, "0", 9, 11), Plan(32, "0", 8, 9), Plan(33, "0", 9, 9), Plan(34, "", 9, 9), Plan(36, "06", 8, 9),
    Plan(39, "", 6, 11), Plan(40, "0", 6, 9), Plan(41, "0", 9, 9), Plan(43, "0", 4, 13), Plan(44, "0", 9, 10),
    Plan(45, "", 8, 8), Plan(46, "0", 7, 9), Plan(47, "", 8, 8), Plan(48, "", 7, 9), Plan(49, "0", 5, 13),
    Plan(51, "0", 8, 9), Plan(52, "", 10, 10), Plan(53, "0", 6, 10), Plan(54, "0", 10, 11), Plan(55, "0", 10, 11),
    Plan(56, "", 9, 9), Plan(57, "0", 8, 10), Plan(58, "0", 10, 10), Plan(60, "0", 8, 10), Plan(61, "0", 9, 9),
    Plan(62, "0", 7, 12), Plan(63, "0", 6, 10), Plan(64, "0", 8, 10), Plan(65, "", 8, 8), Plan(66, "0", 8, 9),
    Plan(81, "0", 9, 10), Plan(82, "0", 5, 10), Plan(84, "0", 9, 10), Plan(86, "0", 7, 11), Plan(90, "0", 10, 10),
    Plan(91, "0", 10, 10), Plan(92, "0", 9, 10), Plan(93, "0", 9, 9), Plan(94, "0", 9, 9), Plan(95, "0", 6, 10),
    Plan(98, "0", 6, 10), Plan(211, "0", 9, 9), Plan(212, "0", 9, 9), Plan(213, "0", 8, 9), Plan(216, "", 8, 8),
    Plan(218, "0", 9, 9), Plan(220, "", 7, 9), Plan(221, "", 9, 9), Plan(222, "", 8, 8), Plan(223, "", 8, 8),
    Plan(224, "", 8, 9), Plan(225, "", 10, 10), Plan(226, "", 8, 8), Plan(227, "", 8, 8), Plan(228, "", 8, 8),
    Plan(229, "", 10, 10), Plan(230, "", 7, 8), Plan(231, "0", 7, 9), Plan(232, "0", 8, 8), Plan(233, "0", 9, 9),
    Plan(234, "0", 10, 10), Plan(235, "", 8, 8), Plan(236, "", 8, 8), Plan(237, "", 9, 9), Plan(238, "", 7, 7),
    Plan(239, "", 7, 7), Plan(240, "", 9, 9), Plan(241, "", 7, 8), Plan(242, "", 9, 9), Plan(243, "0", 7, 10),
    Plan(244, "", 9, 9), Plan(245, "", 9, 9), Plan(246, "", 7, 7), Plan(247, "", 5, 5), Plan(248, "", 7, 7),
    Plan(249, "0", 9, 9), Plan(250, "0", 8, 9), Plan(251, "0", 9, 9), Plan(252, "0", 6, 9), Plan(253, "", 8, 8),
    Plan(254, "0", 7, 9), Plan(255, "0", 9, 9), Plan(256, "0", 9, 9), Plan(257, "", 8, 8), Plan(258, "", 8, 9),
    Plan(260, "0", 9, 9), Plan(261, "0", 9, 9), Plan(262, "0", 9, 9), Plan(263, "0", 9, 9), Plan(264, "0", 8, 9),
    Plan(265, "0", 7, 9), Plan(266, "", 8, 8), Plan(267, "", 7, 8), Plan(268, "", 8, 8), Plan(269, "", 7, 7),
    Plan(290, "", 4, 5), Plan(291, "0", 7, 7), Plan(297, "", 7, 7), Plan(298, "", 6, 6), Plan(299, "", 6, 6),
    Plan(350, "", 8, 8), Plan(351, "", 9, 9), Plan(352, "", 4, 11), Plan(353, "0", 7, 10), Plan(354, "", 7, 9),
    Plan(355, "0", 8, 9), Plan(356, "", 8, 8), Plan(357, "", 8, 8), Plan(358, "0", 5, 10), Plan(359, "0", 6, 9),
    Plan(370, "0 8", 8, 8), Plan(371, "", 8, 8), Plan(372, "", 7, 8), Plan(373, "0", 8, 8), Plan(374, "0", 8, 8),
    Plan(375, "80 0", 9, 9), Plan(376, "", 6, 9), Plan(377, "0", 8, 9), Plan(378, "", 8, 10), Plan(380, "0", 9, 9),
    Plan(381, "0", 7, 12), Plan(382, "0", 8, 8), Plan(383, "0", 8, 12), Plan(385, "0", 8, 9), Plan(386, "0", 8, 8),
    Plan(387, "0", 8, 9), Plan(389, "0", 8, 8), Plan(420, "", 9, 9), Plan(421, "0", 6, 9), Plan(423, "0", 7, 9),
    Plan(500, "", 5, 5), Plan(501, "", 7, 7), Plan(502, "", 8, 8), Plan(503, "", 8, 8), Plan(504, "", 8, 8),
    Plan(505, "", 8, 8), Plan(506, "", 8, 8), Plan(507, "", 7, 8), Plan(508, "0", 6, 9), Plan(509, "", 8, 8),
    Plan(590, "0", 9, 9), Plan(591, "0", 8, 8), Plan(592, "", 7, 7), Plan(593, "0", 8, 9), Plan(594, "0", 9, 9),
    Plan(595, "0", 7, 9), Plan(596, "0", 9, 9), Plan(597, "", 6, 7), Plan(598, "0", 8, 8), Plan(599, "", 7, 8),
    Plan(670, "", 7, 8), Plan(672, "", 6, 6), Plan(673, "", 7, 7), Plan(674, "", 7, 7), Plan(675, "", 7, 8),
    Plan(676, "", 5, 7), Plan(677, "", 5, 7), Plan(678, "", 5, 7), Plan(679, "", 7, 7), Plan(680, "", 7, 7),
    Plan(681, "", 6, 6), Plan(682, "", 5, 5), Plan(683, "", 4, 7), Plan(685, "", 5, 10), Plan(686, "0", 5, 8),
    Plan(687, "", 6, 6), Plan(688, "", 5, 7), Plan(689, "", 8, 8), Plan(690, "", 4, 7), Plan(691, "", 7, 7),
    Plan(692, "1", 7, 7), Plan(850, "0", 8, 10), Plan(852, "", 8, 8), Plan(853, "", 8, 8), Plan(855, "0", 8, 9),
    Plan(856, "0", 8, 10), Plan(880, "0", 6, 10), Plan(886, "0", 8, 9), Plan(960, "", 7, 7), Plan(961, "0", 7, 8),
    Plan(962, "0", 8, 9), Plan(963, "0", 8, 9), Plan(964, "0", 8, 10), Plan(965, "", 8, 8), Plan(966, "0", 9, 9),
    Plan(967, "0", 7, 9), Plan(968, "", 8, 8), Plan(970, "0", 8, 9), Plan(971, "0", 8, 9), Plan(972, "0", 8, 12),
    Plan(973, "", 8, 8), Plan(974, "", 8, 8), Plan(975, "", 7, 8), Plan(976, "0", 8, 10), Plan(977, "0", 8, 10),
    Plan(992, "", 9, 9), Plan(993, "8", 8, 8), Plan(994, "0", 9, 9), Plan(995, "0", 9, 9), Plan(996, "0", 9, 9),
    Plan(998, "", 9, 9),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(code: &str, digits: &str, international: &str) {
        let found = CallingCode::parse(code).unwrap().international(digits);
        assert_eq!(found.as_deref().unwrap_or("as it is"), international, "{digits} in +{code}");
    }

    #[test]
    fn codes_are_in_order_and_none_begins_another() {
        let text: Vec<String> = PLANS.iter().map(|plan| plan.0.to_string()).collect();
        assert!(PLANS.is_sorted_by(|left, right| left.0 < right.0));
        for code in &text {
            let begun = text.iter().filter(|other| other.starts_with(code.as_str()));
            assert_eq!(begun.count(), 1, "{code}");
        }
        assert_eq!(CallingCode::parse("+34").map(|code| code.to_string()).as_deref(), Some("34"));
        for wrong in ["", "034", "999", "3 4", "es", "+", "70000"] {
            assert_eq!(CallingCode::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_dialled_at_home_goes_where_there_is_such_a_thing() {
        reads("34", "610000043", "34610000043");
        reads("39", "0612345678", "390612345678");
        reads("39", "3331234567", "393331234567");
        reads("49", "015112345678", "4915112345678");
        reads("49", "15112345678", "4915112345678");
        reads("44", "07911123456", "447911123456");
        reads("33", "0612345678", "33612345678");
        reads("7", "89161234567", "79161234567");
        reads("7", "8005553535", "78005553535");
        reads("1", "6175550123", "16175550123");
        reads("1", "16175550123", "16175550123");
        reads("36", "06301234567", "36301234567");
        reads("375", "80291234567", "375291234567");
        reads("375", "0291234567", "375291234567");
        reads("370", "861234567", "37061234567");
        reads("370", "061234567", "37061234567");
        reads("225", "0712345678", "2250712345678");
    }

    #[test]
    fn a_number_that_lost_its_plus_is_found_out() {
        reads("34", "34610000043", "34610000043");
        reads("39", "393331234567", "393331234567");
        reads("49", "4915112345678", "4915112345678");
        reads("44", "447911123456", "447911123456");
        reads("7", "79161234567", "79161234567");
    }

    #[test]
    fn what_is_no_number_of_the_country_stays_as_it_is() {
        reads("34", "4915112345678", "as it is");
        reads("34", "900123", "as it is");
        reads("44", "123456", "as it is");
        reads("33", "061234567", "as it is");
        reads("43", "12345", "as it is");
        reads("49", "01234", "as it is");
        reads("682", "22000", "68222000");
    }

    #[test]
    fn what_is_dialled_at_home_goes_behind_the_code_too() {
        assert_eq!(abroad("4402079460000"), "+442079460000");
        assert_eq!(abroad("442079460000"), "+442079460000");
        assert_eq!(abroad("390612345678"), "+390612345678");
        assert_eq!(abroad("3606301234567"), "+36301234567");
        assert_eq!(abroad("2250712345678"), "+2250712345678");
        assert_eq!(abroad("4915551234"), "+4915551234");
        assert_eq!(abroad("99901234567"), "+99901234567");
    }

    #[test]
    fn a_beginning_is_found_at_home_and_abroad() {
        let of = |code: &str, digits: &str| CallingCode::parse(code).unwrap().beginnings(digits);
        assert_eq!(of("34", "61000"), ["+3461000"]);
        assert_eq!(of("44", "07911"), ["+4407911", "+447911"]);
        assert_eq!(national("+34610000043"), Some("610000043"));
        assert_eq!(national("+16175550123"), Some("6175550123"));
        assert_eq!(at_home("+447911123456"), ["07911123456", "7911123456"]);
        assert_eq!(national("610000043"), None);
        assert_eq!(of_number("+34610000043"), CallingCode::parse("34"));
        assert_eq!((of_number("610000043"), of_number("+99961000")), (None, None));
    }
}
