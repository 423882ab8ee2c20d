//! The names of scores, as conditions, files, the API and pages use them.

use crate::event::Channel;

/// A score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScoreName {
    /// 0 to 100, over one channel or over all.
    Engagement(Option<Channel>),
    /// Probability, 0 to 1, that somebody still buys.
    Alive,
    /// Probability, 0 to 1, that somebody buys nothing within the horizon of the model.
    Churn,
    /// Orders to expect in so many days.
    Orders(u16),
    /// Money to expect in so many days, in units of the shop's currency.
    Value(u16),
    /// 1 to 5.
    Recency,
    /// 1 to 5.
    Frequency,
    /// 1 to 5.
    Money,
    /// The mean of frequency and money, rounded up: 1 to 5.
    RfmValue,
}

/// The horizons of expectations, in days.
pub const HORIZONS: [u16; 3] = [30, 90, 365];

impl ScoreName {
    /// The score of this name, in any case; `None`: there is none.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.trim().to_lowercase();
        Self::all().into_iter().find(|score| score.text() == name).or_else(|| {
            // Short forms that people write.
            Some(match name.as_str() {
                "alive" => Self::Alive,
                "churn" => Self::Churn,
                "expected orders" => Self::Orders(90),
                "expected value" => Self::Value(365),
                _ => return None,
            })
        })
    }

    /// The name.
    #[must_use]
    pub fn text(self) -> String {
        match self {
            Self::Engagement(None) => "engagement".to_owned(),
            Self::Engagement(Some(channel)) => {
                let on = if matches!(channel, Channel::Web | Channel::Social | Channel::Ads) {
                    "on"
                } else if matches!(channel, Channel::Store | Channel::App) {
                    "in"
                } else {
                    "by"
                };
                format!("engagement {on} {}", channel.word())
            }
            Self::Alive => "probability alive".to_owned(),
            Self::Churn => "churn risk".to_owned(),
            Self::Orders(days) => format!("expected orders in {days} days"),
            Self::Value(days) => format!("expected value in {days} days"),
            Self::Recency => "rfm recency".to_owned(),
            Self::Frequency => "rfm frequency".to_owned(),
            Self::Money => "rfm money".to_owned(),
            Self::RfmValue => "rfm value".to_owned(),
        }
    }

    /// Every score.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let mut all = vec![Self::Engagement(None)];
        all.extend(Channel::ALL.map(|channel| Self::Engagement(Some(channel))));
        all.extend([Self::Alive, Self::Churn]);
        all.extend(HORIZONS.map(Self::Orders));
        all.extend(HORIZONS.map(Self::Value));
        all.extend([Self::Recency, Self::Frequency, Self::Money, Self::RfmValue]);
        all
    }
}
