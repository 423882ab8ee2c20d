//! Deciding: the person, whoever may be the same person, one step, and what follows from it.

use std::collections::BTreeMap;

use super::likely::{alike, likely_twins};
use super::twins::{TWINS_MAX, likely, shared_values};
use super::{Ground, Work};
use crate::commit::MessageKey;
use crate::condition::{Likeness, Twin};
use crate::decision::{Message, MessageState, Verdict};
use crate::event::{Event, Kind, LogPosition, Place, Reference, Value};
use crate::identity::link::Linker;
use crate::identity::{Identifier, IdentifierKey, PersonId};
use crate::journey::{
    Enrollment, OnSite, Outcome, State, Transfer, Visitor, answered, on_site, tried,
};
use crate::reason::{Reason, ReasonCode};
use crate::record::Record;
use crate::segment::{self, Cause};
use crate::source::FeedName;
use crate::step::{Input, World, ZONE_TRAITS, step};
use crate::time::Timestamp;

/// The name under which our own commitments stand in the log.
pub const OWN_SOURCE: &str = "regulars";

/// What came of moving people to another version of a journey.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Transferred {
    /// Enrollments that go on in the other version.
    pub moved: u64,
    /// Enrollments that ended, since their step is gone.
    pub left: u64,
    /// Enrollments that stay in the version they were in.
    pub stayed: u64,
}

impl Transferred {
    /// Adds what came of others.
    pub fn add(&mut self, other: Self) {
        self.moved += other.moved;
        self.left += other.left;
        self.stayed += other.stayed;
    }
}

impl Work<'_> {
    /// Looks at persons whose moment has come, or for whom a feed's word has arrived, until there
    /// is no room for another message. Returns how many of them it looked at.
    ///
    /// # Errors
    /// Those of the ground.
    pub fn look<G: Ground>(
        &mut self,
        ground: &mut G,
        persons: &[PersonId],
        now: Timestamp,
    ) -> Result<usize, G::Error> {
        let mut rest = persons;
        while self.room > 0 && !rest.is_empty() {
            // Rows are read of no more persons than there is surely room for.
            let (next, later) = rest.split_at(self.room.min(rest.len()));
            self.need_persons(ground, next)?;
            for (looked, person) in next.iter().enumerate() {
                // One person may claim several.
                if self.room == 0 {
                    return Ok(persons.len() - rest.len() + looked);
                }
                if self.record(*person).is_some() {
                    self.change(*person);
                    self.decide(ground, *person, Input::Time, now)?;
                }
            }
            rest = later;
        }
        Ok(persons.len() - rest.len())
    }

    /// Asks the segments of persons again, by time or by definition, and lets what waits in journeys
    /// wait: this needs no room for messages.
    ///
    /// # Errors
    /// Those of the ground.
    pub fn look_at_segments<G: Ground>(
        &mut self,
        ground: &mut G,
        persons: &[PersonId],
        now: Timestamp,
    ) -> Result<(), G::Error> {
        self.need_persons(ground, persons)?;
        for person in persons {
            self.decide(ground, *person, Input::Segments, now)?;
        }
        Ok(())
    }

    /// Moves persons of one version of a journey to another.
    ///
    /// # Errors
    /// Those of the ground.
    pub fn transfer<G: Ground>(
        &mut self,
        ground: &mut G,
        persons: &[PersonId],
        transfer: &Transfer,
        now: Timestamp,
    ) -> Result<Transferred, G::Error> {
        let before = self.commit.decisions.len();
        let mut told = Transferred::default();
        self.need_persons(ground, persons)?;
        for person in persons {
            if self.record(*person).is_none() {
                continue;
            }
            self.change(*person);
            self.decide(ground, *person, Input::Moved(transfer), now)?;
            let record = self.record(*person);
            let left = record.map_or(0, |record| transfer.concerned(record));
            told.stayed += u64::try_from(left).unwrap_or(u64::MAX);
        }
        let gone = |reason: &Reason| reason.code == ReasonCode::StepGone;
        for decision in &self.commit.decisions[before..] {
            told.moved += u64::from(decision.verdict == Verdict::Move);
            told.left += u64::from(decision.reasons.iter().any(gone));
        }
        Ok(told)
    }

    /// Takes in what became of a message; `message` carries what was rendered and noted.
    ///
    /// # Errors
    /// Those of the ground.
    pub fn settle<G: Ground>(
        &mut self,
        ground: &mut G,
        person: PersonId,
        mut message: Message,
        outcome: Outcome,
        now: Timestamp,
    ) -> Result<(), G::Error> {
        let (id, channel) = (message.id, message.channel);
        self.need_persons(ground, &[person])?;
        let outcome = tried(self.program, self.record(person), id, outcome);
        message.state = MessageState::from(outcome);
        message.settled_at = Some(now);
        if outcome.surely_not_sent() {
            if let Some(pace) = &mut self.pace {
                pace.note_unsent(&self.program.shop, &message);
            }
            self.note_taken_back(person, &message, now);
            self.give_back(ground, &message)?;
        }
        self.commit.messages.push(message);
        if self.record(person).is_some() {
            self.change(person);
            self.decide(ground, person, Input::Settled { message: id, channel, outcome }, now)?;
        }
        Ok(())
    }

    /// One step of one person, with what it claims.
    pub(super) fn decide<G: Ground>(
        &mut self,
        ground: &mut G,
        person: PersonId,
        input: Input<'_>,
        now: Timestamp,
    ) -> Result<(), G::Error> {
        if !self.concerns(person, input, now) {
            return Ok(());
        }
        self.at = self.at.max(now);
        let twins = match input {
            Input::Segments => Vec::new(),
            Input::Event(..)
            | Input::Time
            | Input::Settled { .. }
            | Input::Joined
            | Input::Moved(_) => self.twins_of(ground, person)?,
        };
        let Some(held) = self.persons.get_mut(person) else { return Ok(()) };
        let Some(mut record) = held.record.take() else { return Ok(()) };
        let twins = self.profiles_of(&twins);
        let world = self.world();
        let outcome = step(&world, &mut record, &twins, input, now, self.next);
        if let Some(pace) = &mut self.pace {
            outcome.claims.iter().for_each(|claim| pace.note_claim(&self.program.shop, claim));
            let states = record.enrollments.iter().map(|enrollment| &enrollment.state);
            pace.note_turns(person, states, &outcome.turns);
        }
        let held = self.persons.get_mut(person).expect("the row was taken from here");
        held.record = Some(record);
        held.stir(person, &mut self.stirred);
        self.commit.decisions.extend(outcome.decisions);
        self.commit.passages.add(outcome.passages);
        self.commit.notices.extend(outcome.notices);
        self.commit.calls.extend(outcome.calls);
        self.room = self.room.saturating_sub(outcome.claims.len());
        // Both take log positions, and stand in the log in their order.
        let told = outcome.stated.clone();
        let mut stated = outcome.stated.into_iter().peekable();
        for mut claim in outcome.claims {
            self.issue(ground, person, &mut claim)?;
            while let Some((_, event)) = stated.next_if(|(at, _)| at.0 < claim.id) {
                self.log_own(event);
            }
            self.note_claim(person, &claim);
            self.commit.messages.push(claim);
        }
        stated.for_each(|(_, event)| self.log_own(event));
        // What a journey states moves segments and journeys as whatever else is told. It ends: nobody
        // enters a journey twice within its time of re-entry.
        for (position, event) in told {
            self.decide(ground, person, Input::Event(&event, position), now)?;
        }
        Ok(())
    }

    /// What the shop's own site shows a person at `now`; nothing is changed by it. `None`: nobody
    /// bears this id.
    ///
    /// # Errors
    /// Those of the ground.
    pub fn on_site<G: Ground, T>(
        &mut self,
        ground: &mut G,
        person: PersonId,
        visitor: Visitor,
        now: Timestamp,
        read: impl FnOnce(&World<'_>, &Record, OnSite<'_>) -> T,
    ) -> Result<Option<T>, G::Error> {
        self.need_persons(ground, &[person])?;
        let twins = self.twins_of(ground, person)?;
        let Some(record) = self.record(person) else { return Ok(None) };
        let (world, twins) = (self.world(), self.profiles_of(&twins));
        let found = on_site(&world, record, &twins, visitor, now);
        Ok(Some(read(&world, record, found)))
    }

    /// What holds for everybody in this batch.
    pub(super) fn world(&self) -> World<'_> {
        World {
            program: self.program,
            catalogue: self.catalogue,
            sources: self.sources,
            stock: self.stock,
            sending: self.sending,
            room: self.room,
            pace: self.pace.as_deref(),
            known_to: LogPosition(self.next.0 - 1),
            memo: None,
        }
    }

    /// Possible twins with their profiles, which are at hand.
    pub(super) fn profiles_of<'t>(
        &'t self,
        twins: &'t [(PersonId, u8, Likeness)],
    ) -> Vec<Twin<'t>> {
        let twin = |(id, likely_percent, because): &'t (PersonId, u8, Likeness)| {
            let profile = &self.persons.get(*id)?.record.as_ref()?.profile;
            Some(Twin { person: *id, likely_percent: *likely_percent, because, profile })
        };
        twins.iter().filter_map(twin).collect()
    }

    /// Whether the input can change anything: most events of most persons concern no journey.
    fn concerns(&self, person: PersonId, input: Input<'_>, now: Timestamp) -> bool {
        let Some(record) = self.record(person) else { return false };
        let cause = match input {
            Input::Event(event, position) => Cause::Event(event, position),
            Input::Time
            | Input::Settled { .. }
            | Input::Joined
            | Input::Moved(_)
            | Input::Segments => Cause::Time,
        };
        if segment::concerns(&self.program.standing, record, cause, now) {
            return true;
        }
        let date = record.next_date;
        if date.version != self.program.dates_version || date.due_at.is_some_and(|due| due <= now) {
            return true;
        }
        let mut running = record.enrollments.iter().filter(|enrollment| enrollment.runs());
        match input {
            Input::Event(event, _) => {
                let journeys = &self.program.journeys;
                journeys.iter().any(|journey| journey.started_by(event))
                    || self.program.dates_touched_by(event)
                    || running.any(|enrollment| self.touches(event, record, enrollment, now))
            }
            Input::Time | Input::Settled { .. } | Input::Joined | Input::Moved(_) => {
                running.next().is_some()
            }
            Input::Segments => false,
        }
    }

    /// Whether an event can move an enrollment that runs: what its journey reads is touched, the
    /// clock it goes by is set anew, its moment has come anyway, the site told of its message, or a
    /// message is held, about which the guard reads almost everything.
    fn touches(
        &self,
        event: &Event,
        record: &Record,
        enrollment: &Enrollment,
        now: Timestamp,
    ) -> bool {
        let standing = &record.profile.standing;
        let journey = self.program.journey(&enrollment.journey, enrollment.version);
        let of_site = answered(event).is_some_and(|(_, name, _)| name == enrollment.journey);
        of_site
            || matches!(enrollment.state, State::Held { .. })
            || enrollment.due_at().is_some_and(|due| due <= now)
            || journey.is_none_or(|journey| journey.reads.touched_by(event, standing))
            || ZONE_TRAITS.iter().any(|name| event.traits.contains_key(*name))
    }

    /// Whoever may be the same person: those with whom a value is shared that joins nobody.
    pub(super) fn twins_of<G: Ground>(
        &mut self,
        ground: &mut G,
        person: PersonId,
    ) -> Result<Vec<(PersonId, u8, Likeness)>, G::Error> {
        let Some(record) = self.record(person) else { return Ok(Vec::new()) };
        let shared = shared_values(record);
        let alike = if record.cards.is_empty() { None } else { self.linker() }
            .map(|linker| (likely_twins(record, &linker, self.salt), linker))
            .filter(|(likely, _)| !likely.is_empty());
        if shared.is_empty() && alike.is_none() {
            return Ok(Vec::new());
        }
        let mut twins = match &alike {
            Some((likely, linker)) => self.alike_of(ground, person, likely, linker)?,
            None => BTreeMap::new(),
        };
        let keys: Vec<_> = shared.iter().map(|(far, _)| self.key(far)).collect();
        self.need_holders(ground, &keys)?;
        let holders: Vec<Option<PersonId>> = keys.iter().map(|key| self.holder(*key)).collect();
        let ids: Vec<PersonId> = holders.iter().copied().flatten().collect();
        self.need_persons(ground, &ids)?;
        for ((_, value), holder) in shared.iter().zip(holders) {
            let Some(id) = holder.filter(|id| *id != person) else { continue };
            let Some(far) = self.record(id).filter(|far| far.profile.events > 0) else { continue };
            let Some(own) = self.record(person) else { continue };
            if twins.len() == TWINS_MAX {
                break;
            }
            twins.entry(id).or_insert_with(|| likely(own, far, value));
        }
        Ok(twins.into_iter().map(|(id, (percent, because))| (id, percent, because)).collect())
    }

    /// Those of the cards' holders who are alike, the likest of them.
    fn alike_of<G: Ground>(
        &mut self,
        ground: &mut G,
        person: PersonId,
        likely: &[IdentifierKey],
        linker: &Linker<'_>,
    ) -> Result<BTreeMap<PersonId, (u8, Likeness)>, G::Error> {
        self.need_holders(ground, likely)?;
        let mut twins = BTreeMap::new();
        for id in likely.iter().filter_map(|key| self.holder(*key)).collect::<Vec<_>>() {
            self.need_persons(ground, &[id])?;
            let (Some(own), Some(far)) = (self.record(person), self.record(id)) else { continue };
            if id == person || twins.contains_key(&id) || far.profile.events == 0 {
                continue;
            }
            twins.extend(alike(own, far, linker, self.salt).map(|because| (id, because)));
            if twins.len() == TWINS_MAX {
                break;
            }
        }
        Ok(twins)
    }

    /// A claim is a commitment: it stands in the log as an event of the person, so that caps count
    /// it wherever the person goes.
    fn note_claim(&mut self, person: PersonId, claim: &Message) {
        debug_assert_eq!(claim.id, self.next.0, "claims take the next log positions in order");
        let Some(record) = self.record(person) else { return };
        let event = claimed_event(claim, about(record, claim));
        self.note_own(person, event);
    }

    /// So does that a claim was taken back or failed: no cap counts what surely did not go out.
    fn note_taken_back(&mut self, person: PersonId, claim: &Message, now: Timestamp) {
        let Some(record) = self.record(person) else { return };
        let claimed = claimed_event(claim, about(record, claim));
        let event = Event {
            message_id: format!("{}-taken-back", claimed.message_id),
            content: !claimed.content,
            kind: Kind::MessageTakenBack,
            reference: Some(Reference { id: claimed.message_id }),
            received_at: now,
            lines: Vec::new(),
            ..claimed
        };
        self.note_own(person, event);
    }

    /// Puts an event of our own into the log and into its person.
    pub(super) fn note_own(&mut self, person: PersonId, event: Event) {
        let position = self.next;
        let aggregates = &self.program.aggregates;
        let record = self.change(person);
        record.profile.fold(&event, aggregates);
        record.remember(position);
        self.log_own(event);
    }

    /// Puts an event of our own, which is folded already, into the log.
    pub(super) fn log_own(&mut self, event: Event) {
        let position = self.next;
        self.next = LogPosition(position.0 + 1);
        let anchor = event.anchor().map(|anchor| self.key(anchor));
        let feed = FeedName { source: OWN_SOURCE.to_owned(), feed: String::new() };
        self.sources.feeds.entry(feed.clone()).or_default().fold(&event);
        self.spoken.insert(feed);
        self.counts.entry(OWN_SOURCE.to_owned()).or_default().accepted += 1;
        let key = MessageKey::of(self.salt, OWN_SOURCE, &event.message_id);
        self.commit.events.push(crate::commit::Logged { position, key, event, anchor });
    }
}

/// Under which of the person's identifiers a claim stands in the log: its address, if it is theirs.
fn about(record: &Record, claim: &Message) -> Option<Identifier> {
    let own = record.evidence.holds(&claim.recipient);
    let strongest = record.evidence.nodes.first().map(|node| node.identifier.clone());
    if own { Some(claim.recipient.clone()) } else { strongest }
}

fn claimed_event(claim: &Message, identifier: Option<Identifier>) -> Event {
    let text = |value: &str| Value::Text(value.to_owned());
    Event {
        content: claim.id,
        identifiers: identifier.into_iter().collect(),
        place: Place { channel: claim.channel, ..Place::default() },
        lines: claim.lines.clone(),
        reference: Some(Reference { id: claim.id.to_string() }),
        properties: [
            ("journey", text(&claim.journey)),
            ("step", text(&claim.step)),
            ("template", text(&claim.template)),
            ("purpose", text(claim.purpose.word())),
        ]
        .into_iter()
        .chain(claim.offer.as_ref().map(|given| ("offer", text(&given.offer))))
        .map(|(name, value)| (name.to_owned(), value))
        .collect(),
        ..Event::bare(
            OWN_SOURCE,
            format!("message-{}", claim.id),
            Kind::MessageSent,
            claim.claimed_at,
        )
    }
}
