//! Identity: pairs to review, and how identity does.

use super::{IdentifierClass, IdentifierKind, Money};

worded! {
    /// The parts of the page, each with its own address.
    IdentityTab, "identity-tab" {
        /// Pairs that wait for an answer.
        Review => "review", "twin";
        /// Sizes, shared values, contradictions.
        Health => "health", "heart";
        /// Models, and what another would change.
        Linking => "linking", "compare";
        /// Who was joined and parted.
        Changes => "changes", "branch";
        /// What staff said.
        Said => "said", "people";
    }
}

worded! {
    /// What is compared of two people, beside their identifiers.
    Compared, "compared" {
        /// The name.
        Name => "name", "user";
        /// The date of birth.
        BirthDate => "birth-date", "trait";
        /// The postal address.
        Address => "address", "post";
        /// Orders that were kept, and what they came to.
        Orders => "orders", "order";
        /// When they were first and last seen.
        Seen => "seen", "eye";
    }
}

worded! {
    /// How two values stand to each other.
    Likeness, "likeness" {
        /// They share one.
        Same => "same", "good";
        /// They have different ones.
        Different => "different", "minus";
        /// One of them has none.
        Missing => "missing", "other";
    }
}

worded! {
    /// What somebody answered.
    Answer, "answer" {
        /// They are one person.
        Same => "same", "link";
        /// They are two people.
        Apart => "not-the-same", "unlink";
        /// Nobody can tell.
        Unsure => "unsure", "help";
        /// What was said does not stand any more.
        TakenBack => "taken-back", "replay";
        /// They live together.
        LiveTogether => "live-together", "people";
        /// They do not live together.
        LiveApart => "live-apart", "unlink";
        /// What was said of where they live does not stand any more.
        HomeTakenBack => "household-taken-back", "replay";
    }
}

worded! {
    /// What a change of who is who was.
    ChangeWord, "change" {
        /// Several became one.
        Joined => "joined", "link";
        /// One became several.
        Parted => "parted", "unlink";
        /// Something moved from one to another.
        Moved => "moved", "compare";
        /// Somebody in it was erased.
        Erased => "erased", "withdrawn";
    }
}

/// What a row of the comparison is about.
#[derive(Debug, Clone)]
pub enum ComparedWhat {
    /// Something of a person.
    Of(Compared),
    /// Identifiers of one kind.
    Identifiers(IdentifierKind),
}

/// One row of two people beside each other.
#[derive(Debug, Clone)]
pub struct ComparedRow {
    /// What.
    pub what: ComparedWhat,
    /// The values of the first.
    pub one: Vec<String>,
    /// The values of the other.
    pub other: Vec<String>,
    /// How they stand to each other; `None`: they are not to be compared.
    pub likeness: Option<Likeness>,
}

/// One step of a waterfall.
#[derive(Debug, Clone)]
pub struct WeightRow {
    /// What was found, in the engine's words.
    pub found: &'static str,
    /// What it says, in hundredths of a bit: above zero for, below zero against.
    pub centibits: i32,
}

/// What two records say by themselves.
#[derive(Debug, Clone, Default)]
pub struct Weights {
    /// The steps.
    pub rows: Vec<WeightRow>,
    /// What they come to, in hundredths of a bit.
    pub centibits: i32,
    /// The same as a probability, in thousandths.
    pub permille: u16,
}

/// One of two people.
#[derive(Debug, Clone)]
pub struct PairSide {
    /// The id.
    pub id: String,
    /// The name, if there is one.
    pub name: Option<String>,
}

/// A pair that waits for an answer, or has one.
#[derive(Debug, Clone)]
pub struct PairCard {
    /// The first.
    pub one: PairSide,
    /// The other.
    pub other: PairSide,
    /// The guard's figure, in thousandths.
    pub permille: u16,
    /// Why, as the engine tells it.
    pub why: Option<regulars_engine::reason::Fact>,
    /// What the answer is worth.
    pub worth: Money,
    /// Carts whose message is held because of the pair; `None`: none.
    pub held: Option<Money>,
    /// Carts about which both would be written to; `None`: none.
    pub wasted: Option<Money>,
    /// When somebody last could not tell.
    pub unsure_at: Option<i64>,
    /// Side by side.
    pub rows: Vec<ComparedRow>,
    /// What stands against their being one, the strongest first.
    pub against: Vec<regulars_engine::identity::Against>,
    /// What their records say.
    pub weights: Weights,
    /// What was answered, and by which number it can be undone.
    pub answered: Option<(Answer, u64)>,
}

impl PairCard {
    /// Names the pair in addresses.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}-{}", self.one.id, self.other.id)
    }
}

/// How far a look at everybody has come: so many persons of so many.
pub type Looking = Option<(u64, u64)>;

/// The pairs to review.
#[derive(Debug, Clone, Default)]
pub struct ReviewModel {
    /// The most valuable first.
    pub pairs: Vec<PairCard>,
    /// How many there are in all.
    pub total: u64,
    /// A look under way.
    pub looking: Looking,
}

/// A number of identifiers per person, and how many persons have it.
#[derive(Debug, Clone)]
pub struct SizeRow {
    /// From so many.
    pub from: u32,
    /// To so many; `None`: any more.
    pub to: Option<u32>,
    /// Persons.
    pub persons: u64,
}

/// A value that joins nobody.
#[derive(Debug, Clone)]
pub struct SharedRow {
    /// What it is.
    pub kind: IdentifierKind,
    /// The kind as definitions write it.
    pub kind_word: String,
    /// The value.
    pub value: String,
    /// How many people were seen with it.
    pub people: u32,
    /// Whether they had it one after the other.
    pub changes_hands: bool,
    /// Whoever holds it.
    pub person_id: String,
}

/// Identity health.
#[derive(Debug, Clone, Default)]
pub struct HealthModel {
    /// Whether a look at everybody has ended since the start.
    pub known: bool,
    /// When the look ended.
    pub at: i64,
    /// A look under way.
    pub looking: Looking,
    /// Persons.
    pub persons: u64,
    /// Their identifiers.
    pub identifiers: u64,
    /// Pairs that wait for an answer.
    pub pairs: u64,
    /// Persons by how many identifiers they have.
    pub sizes: Vec<SizeRow>,
    /// The persons of most identifiers: id, name, how many, observations.
    pub largest: Vec<(PairSide, u32, u32)>,
    /// Values that join nobody.
    pub shared: Vec<SharedRow>,
    /// How many such values there are in all.
    pub shared_total: u64,
    /// Contradictions avoided by kind: how many, and somebody to look at.
    pub contradictions: Vec<(IdentifierKind, u64, Vec<String>)>,
    /// By day, ascending, without gaps: the moment the day began, joined, parted.
    pub days: Vec<(i64, u64, u64)>,
    /// Every kind of identifier, in the order in which evidence counts.
    pub kinds: Vec<KindRow>,
    /// What stands for nobody, as definitions write it.
    pub blocked: Vec<String>,
}

/// A kind of identifier and its limits.
#[derive(Debug, Clone)]
pub struct KindRow {
    /// What to call it.
    pub kind: IdentifierKind,
    /// Its word in definitions.
    pub word: String,
    /// How strongly it points at one person.
    pub class: IdentifierClass,
    /// The most values that one person has.
    pub per_person: u32,
    /// The most unique values that are seen with one that is not shared.
    pub logins: u32,
    /// Unused for so many milliseconds, a value was given to somebody else; `None`: never.
    pub idle_ms: Option<i64>,
}

/// One change of who is who.
#[derive(Debug, Clone)]
pub struct ChangeRow {
    /// The number.
    pub number: u64,
    /// When it was learned.
    pub at: i64,
    /// What it was.
    pub word: ChangeWord,
    /// The persons there are now, to look at.
    pub persons: Vec<PairSide>,
    /// How many there were before.
    pub before: u64,
    /// What brought it about, if that is still known: the kind of event, the source, who said it.
    pub cause: Option<(super::EventKind, String, Option<String>)>,
}

/// The changes of who is who, the latest first.
#[derive(Debug, Clone, Default)]
pub struct ChangesModel {
    /// One page.
    pub rows: Vec<ChangeRow>,
    /// The number with which the next, older page begins.
    pub older: Option<u64>,
    /// Whether this is not the newest page.
    pub paged: bool,
}

/// One statement of staff.
#[derive(Debug, Clone)]
pub struct SaidRow {
    /// Its number.
    pub number: u64,
    /// When.
    pub at: i64,
    /// What.
    pub answer: Answer,
    /// Who.
    pub by: String,
    /// Why; may be empty.
    pub because: String,
    /// Of which two; `None` once one was erased.
    pub pair: Option<[(IdentifierKind, String); 2]>,
    /// The persons they lead to.
    pub persons: Vec<String>,
}

/// What staff said, the latest first.
#[derive(Debug, Clone, Default)]
pub struct SaidModel {
    /// One page.
    pub rows: Vec<SaidRow>,
    /// The number with which the next, older page begins.
    pub older: Option<u64>,
    /// Whether this is not the newest page.
    pub paged: bool,
}
