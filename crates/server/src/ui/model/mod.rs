//! View models: what each page shows, as plain owned values.
//!
//! Times are milliseconds since 1970 (UTC); ids are opaque and carry no personal data.

#[macro_use]
mod worded;

mod access;
mod common;
mod decision;
mod draft;
mod editor;
mod event;
mod gift;
mod identity;
mod journey;
mod linking;
mod message;
mod message_editor;
mod moving;
mod notice;
mod offer;
mod outbox;
mod people;
mod person;
mod preferences;
mod quarantine;
mod report;
mod review;
mod segment;
mod silo;
mod source;
mod today;
mod webhook;

pub use access::{AccessProblem, ErrorPage, FirstRun, SignIn, UserProblem};
pub use common::{Channel, Money, Notice, Purpose, Tone};
pub use decision::{DecisionKind, DecisionRow, Fact, FactValue, Reason, ReasonCount};
pub use draft::{DraftModel, EditorProblem, OtherText, Overtaken};
pub use editor::{
    Choices, DraftRow, EditorFault, EditorField, EditorFocus, EditorModel, EditorStep, EditorWay,
    FieldsPanel, Input, Naming, NewJourneyModel, Panel,
};
pub use event::{EventKind, Precision};
pub use gift::{GiftRow, GiftTold, GiftsModel, GivenRow};
pub use identity::{
    AlikeRow, EdgeHow, EvidenceEdge, HistoryRow, HistoryStep, HistoryWord, HouseholdRow,
    HouseholdWhy, IdentifierClass, IdentifierKind, IdentifierRow, IdentifierUse, Identity, Twin,
    TwinFactor,
};
pub use journey::{
    DryRunModel, JourneyCard, JourneyModel, JourneyState, JourneysModel, OnSiteCount, PlayedModel,
    PlayedSend, StepKind, StepRow, TreeStep, TreeWay, VersionRow, WayName,
};
pub use linking::{
    KeptModel, LinkingModel, LinkingTold, LinkingWrong, ModelCard, RoundRow, TriedModel,
};
pub use message::{
    Instead, LackRow, MessagesModel, ShownMessage, TemplateModel, TemplateRow, TrialModel,
};
pub use message_editor::{MessageEditorModel, NewMessageModel};
pub use moving::{MovingModel, MovingRow};
pub use notice::{NoticeRow, NoticesModel};
pub use offer::{OfferModel, OfferRow, OffersModel};
pub use outbox::{MessageStatus, OutboxMessage, OutboxModel, OutboxRow};
pub use people::{Hit, HitContact, PeopleModel};
pub use person::{
    Cart, CartLine, ChannelCount, ChannelReach, ClosedBecause, ConsentState, Contact,
    EnrollmentRow, EnrollmentState, MessageRow, OrderRow, OrderState, PersonHeader, PersonModel,
    PurposeReach, Reach, SiteRow, Timeline, TimelineItem, Touchpoint,
};
pub use preferences::Done;
pub use quarantine::{
    Excerpt, Page, QuarantineFilter, QuarantineModel, QuarantineRow, QuarantineState, Repair,
};
pub use report::{
    ClaimWord, JourneyReport, LivedWord, RegretCause, RegretModel, RegretRow, ReportRow,
    ReportsModel, TellingRow, ViewLine,
};
pub use review::{
    Answer, ChangeRow, ChangeWord, ChangesModel, Compared, ComparedRow, ComparedWhat, HealthModel,
    IdentityTab, KindRow, Likeness, Looking, PairCard, PairSide, ReviewModel, SaidModel, SaidRow,
    SharedRow, SizeRow, WeightRow, Weights,
};
pub use segment::{
    ConditionMistake, CountModel, MemberWhy, PreviewModel, SegmentModel, SegmentProblem,
    SegmentRow, SegmentsModel, UploadReport,
};
pub use silo::{ComparedModel, InsteadRow, MistakeWord, SiloModel, SiloRow, SiloSide};
pub use source::{
    FeedRow, SourceKind, SourceModel, SourceRow, SourcesModel, Speaks, Watermark, WatermarkState,
};
pub use today::{
    DayTakings, DecisionCount, HeldSend, PauseCause, QuarantineGroup, Sending, SilentFeed, Takings,
    TodayModel, UncertainSend,
};
pub use webhook::{CallRow, DestinationRow, WebhooksModel};
