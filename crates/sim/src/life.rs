//! What happens around shopping: the old customer list, cards, newsletters, consent, posts.

use crate::act::{Campaign, Channel, MailFate, Mailing, Traits, Via, What, Who};
use crate::calendar::DAY;
use crate::people::Contact;
use crate::plan::Pen;
use crate::rng::{Purpose, Rng};
use crate::shopping;

/// Newsletters go out on Tuesdays at ten.
const NEWSLETTER_WEEKDAY: usize = 1;

/// Everything of this day that is not a visit.
pub(crate) fn plan(pen: &mut Pen<'_>) {
    let mut rng = pen.rng(Purpose::Life);
    let rng = &mut rng;
    let (person, day) = (pen.person, pen.day);
    let today = Some(day.cast_signed());
    if day == 0 {
        read_customer_list(pen, rng);
    }
    if person.account_from == today {
        let at = pen.town.calendar.at(day, rng.between(9 * 3600, 22 * 3600));
        shopping::browse(pen, rng, at, None);
    }
    if person.card_from == today {
        take_card(pen, rng, person.account_from.is_none());
    }
    if person.card_replaced == today {
        take_card(pen, rng, false);
    }
    if person.withdraws == today && day > 0 && person.welcomes_mail(day - 1) {
        withdraw(pen, rng);
    }
    if pen.town.calendar.weekday(day) == NEWSLETTER_WEEKDAY && person.welcomes_mail(day) {
        newsletter(pen, rng);
    }
    if rng.chance(1) {
        let at = pen.town.calendar.at(day, rng.between(8 * 3600, 23 * 3600));
        pen.put(at, Via::Social, Who::by(Contact::Email), What::SocialPosted);
    }
}

/// Who was a customer before the period is read from the old list on its first night.
pub(crate) fn read_customer_list(pen: &mut Pen<'_>, rng: &mut Rng) {
    let person = pen.person;
    let (account, card) = (person.has_account_before(), person.has_card_before());
    if !account && !card {
        return;
    }
    let since = person.account_from.into_iter().chain(person.card_from).min().unwrap_or(-1);
    let at = pen.town.calendar.start() + i64::from(since) * DAY + rng.seconds(30_000, 80_000);
    let who = Who { device: None, logged_in: account, contact: Contact::Email };
    let traits = Traits { email: true, phone: rng.chance(700), card, name: true };
    pen.put(at, Via::Customers, who, What::Identified(traits));
    let channels = [(person.mail_promotion, Channel::Email), (person.sms_promotion, Channel::Sms)];
    for (_, channel) in channels.into_iter().filter(|(given, _)| *given) {
        pen.put(at, Via::Customers, who, What::ConsentGiven(channel));
    }
}

/// A card is filled in at the counter; with it, consent, if that has not been asked elsewhere.
fn take_card(pen: &mut Pen<'_>, rng: &mut Rng, asks_consent: bool) {
    let at = pen.town.calendar.at(pen.day, rng.between(11 * 3600, 19 * 3600));
    let traits = Traits { email: true, phone: rng.chance(500), card: true, name: true };
    pen.put(at, Via::Loyalty, Who::by(Contact::None), What::Identified(traits));
    if asks_consent && pen.person.mail_promotion {
        pen.put(at, Via::Loyalty, Who::by(Contact::Email), What::ConsentGiven(Channel::Email));
    }
}

fn withdraw(pen: &mut Pen<'_>, rng: &mut Rng) {
    let at = pen.town.calendar.at(pen.day, rng.between(8 * 3600, 23 * 3600));
    let (via, what) = match rng.chance(600) {
        true => (Via::Mail, What::Mailed(Mailing::Newsletter(pen.day / 7), MailFate::Unsubscribed)),
        false => (Via::Desk, What::ConsentWithdrawn(Channel::Email)),
    };
    pen.put(at, via, Who::by(Contact::Email), what);
}

fn newsletter(pen: &mut Pen<'_>, rng: &mut Rng) {
    let who = Who::by(Contact::Email);
    let week = pen.day / 7;
    let mailed = |fate| What::Mailed(Mailing::Newsletter(week), fate);
    let at = pen.town.calendar.at(pen.day, 10 * 3600) + rng.seconds(0, 1200);
    if pen.person.bounces {
        if week < 2 {
            pen.put(at, Via::Mail, who, mailed(MailFate::Bounced));
        }
        return;
    }
    pen.put(at, Via::Mail, who, mailed(MailFate::Delivered));
    if !rng.chance(pen.person.opens_per_mille) {
        return;
    }
    let opened = at + rng.seconds(60, 30_000);
    pen.put(opened, Via::Mail, who, mailed(MailFate::Opened));
    if rng.chance(2) {
        pen.put(opened + 5000, Via::Mail, who, mailed(MailFate::Complained));
    } else if rng.chance(120) {
        let clicked = opened + rng.seconds(5, 90);
        pen.put(clicked, Via::Mail, who, mailed(MailFate::Clicked));
        shopping::browse(pen, rng, clicked + 1500, Some(Campaign::Newsletter));
    }
}
