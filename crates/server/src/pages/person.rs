//! The page of one person: everything, from one snapshot.

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use regulars_engine::event::{Channel as EngineChannel, LogPosition};
use regulars_engine::identity::{Edge, PersonId};
use regulars_engine::product::Catalogue;
use regulars_engine::program::Program;
use regulars_engine::record::Record;
use regulars_engine::work::OWN_SOURCE;
use regulars_store::{DecisionFilter, Entry, MessageFilter, Reader, SqliteReader, StoreError};

use super::visit::{Fields, OwnForm, Pages, Visit, Whose};
use super::{convert, decisions, people, person_parts as parts};
use crate::clock;
use crate::http::api::{former_ids, timeline_of};
use crate::scores::sentences;
use crate::segments::computed_traits;
use crate::site::{OnSiteNow, on_site_now};
use crate::staff::{self, Statement, Word};
use crate::ui::model::{
    Channel, ChannelCount, ErrorPage, MessageRow, PersonHeader, PersonModel, SiteRow, Timeline,
    TimelineItem,
};
use crate::ui::scored::computed_sentence;
use crate::ui::view::person;
use crate::writer::WriterError;

/// Events of one page of the timeline.
const EVENTS: usize = 50;
/// Decisions and messages shown.
const ROWS: usize = 30;
/// How many events are looked through for one page of one channel.
const SEARCHED: usize = 1_000;

/// What of the timeline is asked for.
#[derive(Clone, Copy)]
struct Asked {
    channel: Option<Channel>,
    before: Option<LogPosition>,
}

/// The page.
pub(super) async fn page(
    State(pages): State<Pages>,
    visit: Visit,
    Whose(id): Whose,
    Query(asked): Query<Fields>,
) -> Response {
    let asked = Asked {
        channel: asked.get("channel").and_then(|word| Channel::from_word(word)),
        before: asked.get("before").and_then(|text| text.parse().ok()).map(LogPosition),
    };
    let program = pages.app.desk.program();
    let language = visit.ctx.language;
    let read = pages
        .app
        .read(move |reader| match reader.person(id)? {
            None => Ok(None),
            Some((_, record)) if record.id() != id => Ok(Some(Err(record.id()))),
            Some((version, record)) => {
                let version = version_of(reader, version, &record)?;
                let mut scores = sentences(language, &program, &record.profile, clock::now());
                let computed = computed_traits(reader, &program, &record, clock::now())?;
                scores.extend(computed.iter().map(|one| computed_sentence(language, one)));
                let model = model(reader, &program, &record, asked)?;
                let site = on_site_now(reader, &program, id, clock::now())?;
                let site = site.into_iter().map(site_row).collect();
                Ok(Some(Ok(PersonModel { version, scores, site, ..model })))
            }
        })
        .await;
    let query =
        visit.ctx.path.split_once('?').map_or(String::new(), |(_, query)| format!("?{query}"));
    match visit.or_wrong(read) {
        Ok(Some(Ok(model))) => visit.page(person::page(&visit.ctx, &model)),
        // The id was retired by a merge: it leads to whoever the person is now.
        Ok(Some(Err(now))) => Redirect::to(&format!("/people/{now}{query}")).into_response(),
        Ok(None) => visit.wrong(ErrorPage::NotFound),
        Err(response) => response,
    }
}

/// The version that the page would have now: a look-up, for a page that asks every few seconds.
pub(super) async fn version(
    State(pages): State<Pages>,
    visit: Visit,
    Whose(id): Whose,
) -> Response {
    let read = pages.app.read(move |reader| match reader.person(id)? {
        Some((version, record)) => Ok(Some(version_of(reader, version, &record)?)),
        None => Ok(None),
    });
    match visit.or_wrong(read.await) {
        Ok(Some(version)) => version.into_response(),
        Ok(None) => visit.wrong(ErrorPage::NotFound),
        Err(response) => response,
    }
}

/// What the page is drawn from: the person's row, and what became of the last message.
fn version_of(reader: &SqliteReader, version: u64, record: &Record) -> Result<String, StoreError> {
    let filter = DecisionFilter { persons: former_ids(record), ..DecisionFilter::default() };
    let last = reader.decisions(&filter, 1)?.first().map_or(0, |last| last.id);
    Ok(format!("{}-{version}-{last}", record.id()))
}

/// Staff say that somebody else is the same person, or is not, or take back what was said.
pub(super) async fn stated(
    State(pages): State<Pages>,
    Whose(id): Whose,
    Path((_, verb)): Path<(String, String)>,
    OwnForm { visit, fields }: OwnForm,
) -> Response {
    let (statement, notice) = match verb.as_str() {
        "same" => (Statement::Same, "joined"),
        "not-the-same" => (Statement::Apart, "kept-apart"),
        "take-back" => (Statement::TakenBack, "taken-back"),
        "take-back-household" => (Statement::HomeTakenBack, "taken-back"),
        "live-together" => (Statement::LiveTogether, "household-said"),
        "live-apart" => (Statement::LiveApart, "household-said"),
        _ => return visit.wrong(ErrorPage::NotFound),
    };
    let by = visit.session.user.clone();
    let said = pages.app.desk.ask(move |writer| {
        let pairs = named_pairs(writer.reader(), id, &fields, statement)?;
        if !pairs.is_empty() {
            let word = Word { statement, by: &by, because: "" };
            staff::state(writer, &pairs, word, clock::now())?;
        }
        Ok::<_, WriterError>(!pairs.is_empty())
    });
    match said.await {
        Ok(Ok(true)) => {
            Redirect::to(&format!("/people/{id}?notice={notice}#identity")).into_response()
        }
        Ok(Ok(false)) => visit.wrong(ErrorPage::NotFound),
        Ok(Err(_)) | Err(_) => visit.wrong(ErrorPage::Unavailable),
    }
}

/// The pairs that a form means: the strongest of two people, or two values that it names.
fn named_pairs(
    reader: &SqliteReader,
    id: PersonId,
    fields: &Fields,
    statement: Statement,
) -> Result<Vec<staff::Pair>, StoreError> {
    let Some((_, record)) = reader.person(id)? else { return Ok(Vec::new()) };
    if statement.takes_back() {
        let value = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
        let meant = |edge: &&Edge| {
            edge.strong.value() == value("left") && edge.weak.value() == value("right")
        };
        let said = staff::standing(&record, statement.topic()).into_iter().filter(meant);
        return Ok(said.map(|edge| (edge.strong.clone(), edge.weak.clone())).collect());
    }
    let other = fields.get("other").and_then(|text| text.parse::<PersonId>().ok());
    let other = other.map_or(Ok(None), |other| reader.person(other))?;
    Ok(other.map_or_else(Vec::new, |(_, other)| staff::pairs(&record, &other, statement)))
}

fn site_row(now: OnSiteNow) -> SiteRow {
    SiteRow { slot: now.slot, until: now.until.0, decision: decisions::row(&now.decision) }
}

fn model(
    reader: &SqliteReader,
    program: &Program,
    record: &Record,
    asked: Asked,
) -> Result<PersonModel, StoreError> {
    let now = clock::now();
    let mut catalogue = Catalogue::new(program.catalogue.clone());
    for (code, id, at) in reader.codes()? {
        catalogue.learn(&code, &id, at);
    }
    let filter = DecisionFilter { persons: former_ids(record), ..DecisionFilter::default() };
    let decided = reader.decisions(&filter, ROWS)?;
    let filter = MessageFilter { persons: former_ids(record), ..MessageFilter::default() };
    let messages = reader.messages(&filter, ROWS)?;
    Ok(PersonModel {
        version: String::new(),
        header: header(program, record),
        reach: parts::reach(program, record, now),
        scores: Vec::new(),
        cart: parts::cart(record, &catalogue, now),
        journeys: parts::enrollments(program, record),
        site: Vec::new(),
        decisions: decided.iter().map(|decided| decisions::row(&decided.decision)).collect(),
        path: parts::path(record),
        timeline: timeline(reader, record, asked)?,
        orders: parts::orders(record),
        messages: messages
            .iter()
            .map(|message| MessageRow {
                id: Some(message.id.to_string()),
                at: message.claimed_at.0,
                channel: convert::channel(message.channel),
                subject: message.subject.clone(),
                journey: Some(message.journey.clone()),
                status: convert::status(message),
            })
            .collect(),
        identity: parts::identity(reader, program, record)?,
    })
}

fn header(program: &Program, record: &Record) -> PersonHeader {
    let (orders, spent) = people::spent(record, program.shop.currency);
    let known = record.profile.path.latest.iter().find(|touch| !touch.anonymous);
    PersonHeader {
        id: record.id().to_string(),
        name: record.display_name(),
        contacts: parts::contacts(record),
        first_at: record.profile.activity.values().map(|held| held.first.at.0).min(),
        known_since: known.map(|touch| touch.stamp.at.0),
        last_at: people::last_at(record),
        orders,
        spent: vec![convert::money(spent, program.shop.currency)],
        returns: u64::try_from(
            record.profile.orders.by_key.values().filter(|o| !o.refunds.is_empty()).count(),
        )
        .unwrap_or(0),
        events: record.profile.events,
    }
}

fn timeline(reader: &SqliteReader, record: &Record, asked: Asked) -> Result<Timeline, StoreError> {
    let wanted = if asked.channel.is_some() || asked.before.is_some() { SEARCHED } else { EVENTS };
    let entries = timeline_of(reader, record, asked.before, wanted)?;
    let chosen: Vec<&Entry> = entries
        .iter()
        .filter(|entry| {
            asked.channel.is_none_or(|of| convert::channel(entry.logged.event.place.channel) == of)
        })
        .take(EVENTS)
        .collect();
    let more = chosen.len() == EVENTS || entries.len() == wanted;
    let last = chosen.last().copied().or(entries.last());
    let older = more.then(|| last.map(|entry| entry.logged.position.0.to_string())).flatten();
    let mut items: Vec<TimelineItem> = chosen.into_iter().map(parts::item).collect();
    items.sort_by_key(|item| std::cmp::Reverse(item.at));
    settle_pushed(&mut items);
    let channels = channel_counts(record);
    let total = match asked.channel {
        None => record.profile.events,
        Some(of) => channels.iter().find(|count| count.channel == of).map_or(0, |c| c.count),
    };
    Ok(Timeline {
        items,
        channels,
        selected: asked.channel,
        total,
        older,
        paged: asked.before.is_some(),
    })
}

/// What was sent to a browser, and what came of it, says nothing of whether it was known whose browser it
/// is: that stays as it was before. The latest comes first.
fn settle_pushed(items: &mut [TimelineItem]) {
    for index in (0..items.len()).rev() {
        if items[index].channel == Channel::Push && items[index].source == OWN_SOURCE {
            items[index].anonymous = items.get(index + 1).is_some_and(|before| before.anonymous);
        }
    }
}

/// Touchpoints by channel, of those at hand.
fn channel_counts(record: &Record) -> Vec<ChannelCount> {
    let latest = &record.profile.path.latest;
    EngineChannel::ALL
        .into_iter()
        .map(|channel| {
            let count = latest.iter().filter(|touch| touch.channel == channel).count();
            ChannelCount {
                channel: convert::channel(channel),
                count: u64::try_from(count).unwrap_or(0),
            }
        })
        .filter(|count| count.count > 0)
        .collect()
}
