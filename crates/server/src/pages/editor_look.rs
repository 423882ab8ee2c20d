//! What the page of a journey that is being written is made of.

use std::sync::Arc;

use regulars_engine::definition::{
    At, Beside, Fault, FieldSort, ObjectKind, ObjectName, Sketch, SketchStep, Written,
    check_beside, lines, not_yet, sending_channels,
};
use regulars_engine::journey::Journey;
use regulars_engine::program::Program;
use regulars_engine::time::Timestamp;
use regulars_store::{Reader, SqliteReader, StoreError};

use super::journey::{changed, dry_run_model, lately};
use super::visit::Fields;
use crate::drafts::{self, Draft, Of, Start};
use crate::dry_runs::Told;
use crate::templates::TemplateSketch;
use crate::ui::model::{
    Choices, DraftModel, EditorFault, EditorField, EditorFocus, EditorModel, EditorProblem,
    EditorStep, EditorWay, FieldsPanel, Input, Naming, OtherText, Overtaken, Panel, WayName,
};
use crate::ui::view::{editor, message_editor};
use crate::webhooks;
use crate::writer::{made_here, older_form, with_draft};

/// The file that the draft's own mistakes are told in.
const OWN: &str = "draft.yaml";

/// A journey or template that is being written, or could be.
pub(super) struct Open {
    /// Which of the two.
    of: Of,
    /// The user's draft, if there is one.
    pub(super) draft: Option<Draft>,
    /// Its text, else that of the version in force, else that of somebody else's draft.
    pub(super) text: String,
    /// Somebody else's draft, where nothing is in force and the user has none.
    lent: Option<Draft>,
    /// The version in force, and its text as a draft has it.
    pub(super) force: Option<(u64, String)>,
    /// Its name.
    pub(super) object: ObjectName,
    /// Whether files manage it.
    pub(super) by_files: bool,
    /// The version that the draft began from, else that in force.
    pub(super) base: Option<u64>,
}

/// Opens a user's draft of a journey or template, else the version in force; `None`: there is neither.
pub(super) fn open(
    reader: &SqliteReader,
    program: &Program,
    (of, name): (Of, &str),
    user: &str,
) -> Result<Option<Open>, StoreError> {
    let kind = match of {
        Of::Journey => ObjectKind::Journey,
        Of::Template => ObjectKind::Template,
    };
    let object = ObjectName { kind, name: name.to_owned() };
    let held = program.objects.get(&object);
    let text_of = |canonical: &str| match of {
        Of::Journey => Some(canonical.to_owned()),
        Of::Template => TemplateSketch::in_force(program, name).map(|one| one.print()),
    };
    let force = held.and_then(|held| Some((held.version, text_of(&held.canonical)?)));
    let draft = drafts::find(reader, (of, name), user)?;
    let mut lent = None;
    let text = match (&draft, &force) {
        (Some(draft), _) => draft.text(reader)?,
        (None, Some((_, text))) => text.clone(),
        (None, None) => {
            let found = drafts::all(reader, of)?.into_iter().find(|draft| draft.name == name);
            let Some(found) = found else { return Ok(None) };
            let text = found.text(reader)?;
            lent = Some(found);
            text
        }
    };
    let by_files = force.is_some() && !made_here(reader, &object)?;
    let in_force = force.as_ref().map(|(version, _)| *version);
    let base = match &draft {
        // Publishing was stopped before the draft was taken away.
        Some(draft)
            if draft.base != in_force && version_of(program, &object, &text) == in_force =>
        {
            in_force
        }
        Some(draft) => draft.base,
        None => in_force,
    };
    Ok(Some(Open { of, draft, text, lent, force, object, by_files, base }))
}

/// The version that a text would be in force as; `None`: it is none, or holds mistakes.
fn version_of(program: &Program, object: &ObjectName, text: &str) -> Option<u64> {
    if object.kind == ObjectKind::Template {
        let document = TemplateSketch::read(text)?.document(&object.name);
        let drafted = with_draft(program, object, &document).ok()?;
        return drafted.objects.get(object).map(|held| held.version);
    }
    let found = check_beside(program, &[(OWN.to_owned(), text.to_owned())]);
    found.journeys.first().filter(|_| found.mistakes.is_empty()).map(|(one, _)| one.version)
}

/// Where a draft is written.
pub(super) fn address(of: Of, name: &str) -> String {
    match of {
        Of::Journey => editor::address(name),
        Of::Template => message_editor::edit_address(name),
    }
}

/// An object as it is compared: its canonical form; empty where it is not there.
pub(super) fn canonical(program: &Program, object: &ObjectName) -> String {
    program.objects.get(object).map(|held| held.canonical.clone()).unwrap_or_default()
}

impl Open {
    pub(super) fn revision(&self) -> u64 {
        self.draft.as_ref().map_or(0, Draft::revision)
    }

    /// What a draft keeps, as the file has it that defines it.
    pub(super) fn document(&self, text: &str) -> String {
        match self.of {
            Of::Journey => text.to_owned(),
            Of::Template => {
                TemplateSketch::read(text).unwrap_or_default().document(&self.object.name)
            }
        }
    }

    /// What a user's page tells of the draft; `text`: how it would be published.
    pub(super) fn model(
        &self,
        reader: &SqliteReader,
        force: &Program,
        user: &str,
        text: String,
    ) -> Result<DraftModel, StoreError> {
        let (own, name) = (self.document(&self.text), &self.object.name);
        let otherwise = |text: &str| changes(&own, &self.document(text));
        let mut others = Vec::new();
        for draft in drafts::all(reader, self.of)? {
            if draft.name == *name && draft.user != user {
                let changes = otherwise(&draft.text(reader)?);
                others.push(OtherText { id: draft.user, at: draft.changed_at, changes });
            }
        }
        let mut aside = Vec::new();
        if let Some(draft) = &self.draft {
            for held in &draft.aside {
                let Some(text) = draft.text_at(reader, held.revision)? else { continue };
                let (id, changes) = (held.revision.to_string(), otherwise(&text));
                aside.push(OtherText { id, at: held.at, changes });
            }
        }
        Ok(DraftModel {
            at: address(self.of, name),
            revision: self.revision(),
            drafted_at: self.draft.as_ref().map(|draft| draft.changed_at),
            turns: self.draft.as_ref().map_or((false, false), Draft::turns),
            in_force: self.force.is_some(),
            by_files: self.by_files,
            changes: changes(&canonical(force, &self.object), &text),
            text,
            overtaken: self.overtaken(reader, &own)?,
            problems: Vec::new(),
            aside,
            others,
        })
    }

    /// What was published since the draft began.
    fn overtaken(&self, reader: &SqliteReader, own: &str) -> Result<Option<Overtaken>, StoreError> {
        let version = self.force.as_ref().map(|(version, _)| *version);
        if self.draft.is_none() || self.base == version {
            return Ok(None);
        }
        let before = match (self.of, self.base) {
            (Of::Journey, Some(base)) => older_form(reader, &self.object.name, base)?,
            (Of::Journey, None) => None,
            // Older templates are not kept.
            (Of::Template, _) => Some(own.to_owned()),
        };
        let now = self.force.as_ref().map(|(_, text)| self.document(text));
        Ok(Some(Overtaken {
            version: version.map(|version| format!("{version:016x}")).unwrap_or_default(),
            changes: changes(&before.unwrap_or_default(), &now.unwrap_or_default()),
        }))
    }

    /// The documents that come with it.
    pub(super) fn beside(&self, program: &Program) -> String {
        let draft = self.draft.as_ref().or(self.lent.as_ref());
        not_yet(program, draft.map(|draft| draft.beside.as_str()).unwrap_or_default())
    }

    /// What a draft begins with, where there is none yet.
    pub(super) fn start(&self, name: &str, user: &str) -> Start {
        Start {
            of: self.of,
            name: name.to_owned(),
            user: user.to_owned(),
            base: self.base,
            text: self.text.clone(),
            beside: self.lent.as_ref().map(|draft| draft.beside.clone()).unwrap_or_default(),
        }
    }
}

fn changes(before: &str, now: &str) -> Vec<(char, String)> {
    lines(before, now).into_iter().map(changed).collect()
}

/// What a page is made of.
pub(super) struct Look {
    pub(super) program: Arc<Program>,
    pub(super) name: String,
    pub(super) user: String,
    /// What the address asks for.
    pub(super) asked: Fields,
    pub(super) told: Option<Told>,
    pub(super) busy: Option<String>,
    pub(super) now: Timestamp,
}

impl Look {
    pub(super) fn model(
        &self,
        reader: &SqliteReader,
        problems: Vec<EditorProblem>,
    ) -> Result<Option<EditorModel>, StoreError> {
        let opened = open(reader, &self.program, (Of::Journey, &self.name), &self.user)?;
        let Some(open) = opened else {
            return Ok(None);
        };
        let Some(sketch) = Sketch::read(&open.text) else {
            return Err(StoreError::Damaged { what: "the text of a draft".to_owned() });
        };
        let (found, faults, elsewhere) = self.check(&open, &sketch);
        let checked = found.journeys.into_iter().find(|(journey, _)| journey.name == self.name);
        // What has no mistakes is compared as it would be published.
        let form = match &checked {
            Some((_, form)) if found.mistakes.is_empty() => form.clone(),
            Some(_) | None => sketch.print(),
        };
        let shown = checked.as_ref().map(|(journey, _)| journey);
        let destinations = webhooks::list(reader)?;
        let unknown = webhooks::unknown(shown.into_iter(), &destinations);
        let mut notices: Vec<String> =
            found.notices.into_iter().map(|notice| notice.message).collect();
        notices.extend(unknown.iter().map(ToString::to_string));
        let told = self.told.as_ref();
        let lately = lately(reader, &self.name, self.now)?;
        let accounts = reader.accounts()?;
        let inside = accounts.iter().filter(|account| account.journey == self.name);
        Ok(Some(EditorModel {
            name: self.name.clone(),
            draft: DraftModel { problems, ..open.model(reader, &self.program, &self.user, form)? },
            inside: inside.map(regulars_store::Account::present).sum(),
            rules: rules(&sketch),
            rules_faults: faults.iter().filter(|fault| fault.at.is_none()).count(),
            steps: sketch.steps().iter().map(|step| shown_step(step, &faults)).collect(),
            end: sketch.end().to_string(),
            panel: self.panel(&sketch, &faults),
            faults: faults.iter().map(own_fault).chain(elsewhere).collect(),
            notices,
            dry_run: dry_run_model(reader, told, &lately, shown)?,
            busy: self.busy.clone(),
            choices: Choices {
                destinations: destinations.into_iter().map(|known| known.name).collect(),
                ..self.choices(&sketch)
            },
            focus: self.focus(),
        }))
    }

    /// What is found: mistakes of the journey where they stand, and those of what comes with it.
    fn check(&self, open: &Open, sketch: &Sketch) -> (Beside, Vec<Fault>, Vec<EditorFault>) {
        let mut files = vec![(OWN.to_owned(), sketch.print())];
        let beside = open.beside(&self.program);
        if !beside.is_empty() {
            files.push(("beside.yaml".to_owned(), beside));
        }
        let found = check_beside(&self.program, &files);
        let (own, others): (Vec<_>, Vec<_>) =
            found.mistakes.iter().partition(|mistake| mistake.file == OWN);
        let faults = sketch.faults(own);
        let elsewhere = others.into_iter().map(|mistake| EditorFault {
            at: None,
            elsewhere: true,
            message: mistake.message.clone(),
            cure: mistake.cure.clone(),
        });
        let elsewhere = elsewhere.collect();
        (found, faults, elsewhere)
    }

    /// What the address asks for, where it is there.
    fn panel(&self, sketch: &Sketch, faults: &[Fault]) -> Panel {
        let place = |key: &str| self.asked.get(key).and_then(|text| text.parse::<At>().ok());
        let there = |key: &str| place(key).filter(|at| sketch.step(at).is_some());
        if let Some(at) = place("add") {
            return Panel::Add(at.to_string());
        }
        if let Some(from) = there("move") {
            return Panel::Place { from: from.to_string(), copy: false };
        }
        if let Some(from) = there("copy") {
            return Panel::Place { from: from.to_string(), copy: true };
        }
        if let Some(at) = there("at") {
            return Panel::Fields(Box::new(fields_panel(sketch, Some(&at), faults)));
        }
        if self.asked.get("at").is_some_and(|at| at == "rules") {
            return Panel::Fields(Box::new(fields_panel(sketch, None, faults)));
        }
        Panel::Nothing
    }

    fn focus(&self) -> EditorFocus {
        let asked = |key| self.asked.contains_key(key);
        match (asked("written"), asked("still")) {
            (true, _) => EditorFocus::Tree,
            (false, true) => EditorFocus::Kept,
            (false, false) => EditorFocus::Panel,
        }
    }

    fn choices(&self, sketch: &Sketch) -> Choices {
        let mail = self.program.templates.keys();
        Choices {
            templates: mail.chain(self.program.site_templates.keys()).cloned().collect(),
            offers: self.program.offers.keys().cloned().collect(),
            steps: sketch.step_names(),
            channels: sending_channels().into_iter().map(str::to_owned).collect(),
            destinations: Vec::new(),
        }
    }
}

/// What a journey states beside its steps.
fn rules(sketch: &Sketch) -> Vec<(String, String)> {
    let fields = sketch.fields(None).unwrap_or_default().into_iter();
    let stated = fields.filter(|field| !field.text.is_empty());
    stated.map(|field| (field.path, field.text)).collect()
}

fn own_fault(fault: &Fault) -> EditorFault {
    EditorFault {
        at: fault.at.as_ref().map(ToString::to_string),
        elsewhere: false,
        message: fault.message.clone(),
        cure: fault.cure.clone(),
    }
}

fn shown_step(step: &SketchStep, faults: &[Fault]) -> EditorStep {
    let ways = step.ways.iter().map(|way| EditorWay {
        name: match (step.kind, way.name.as_str()) {
            ("branch", "then") => WayName::Then,
            ("branch", _) => WayName::Else,
            (_, "else") if way.share.is_none() => WayName::TimeIsUp,
            (_, name) => WayName::Drawn(name.to_owned(), way.share.clone()),
        },
        steps: way.steps.iter().map(|step| shown_step(step, faults)).collect(),
        end: way.end.to_string(),
    });
    let parts = [step.text.as_str(), step.more.as_str()];
    let label: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    EditorStep {
        at: step.at.to_string(),
        kind: step.kind.to_owned(),
        label: label.join(" · ").replace('\n', ", "),
        faults: faults.iter().filter(|fault| fault.at.as_ref() == Some(&step.at)).count(),
        ways: ways.collect(),
    }
}

fn fields_panel(sketch: &Sketch, at: Option<&At>, faults: &[Fault]) -> FieldsPanel {
    let own: Vec<&Fault> = faults.iter().filter(|fault| fault.at.as_ref() == at).collect();
    let written = sketch.fields(at).unwrap_or_default();
    let told = |fault: &&Fault| (fault.message.clone(), fault.cure.clone());
    let whole = own.iter().filter(|fault| !written.iter().any(|one| fault.in_field(&one.path)));
    let whole = whole.map(told).collect();
    let fields = written.iter().map(|one| {
        let faults = own.iter().filter(|fault| fault.in_field(&one.path)).map(told).collect();
        field(one, faults)
    });
    let fields: Vec<EditorField> = fields.collect();
    let step = at.and_then(|at| sketch.step(at));
    let named = |step: &SketchStep| matches!(step.kind, "split" | "test");
    let there = |at: At| sketch.step(&at).is_some().then_some(at);
    let around = at.map_or((None, None), |at| {
        let after = there(at.next()).map(|next| next.next().to_string());
        (at.previous().map(|before| before.to_string()), after)
    });
    FieldsPanel {
        at: at.map(ToString::to_string),
        kind: step.as_ref().map(|step| step.kind.to_owned()).unwrap_or_default(),
        fields,
        ways: step.as_ref().filter(|step| named(step)).map(|step| step.ways.len()),
        around,
        next: at.map(|at| at.next().to_string()).unwrap_or_default(),
        faults: whole,
    }
}

fn field(written: &Written, faults: Vec<(String, String)>) -> EditorField {
    let Written { path, sort, example, needed, usual, text } = written.clone();
    let input = match sort {
        FieldSort::Line => Input::Line,
        FieldSort::Condition => Input::Condition,
        FieldSort::Word(words) => Input::Words(words),
        FieldSort::Lines | FieldSort::Pairs => Input::Lines,
        FieldSort::Channel => Input::Named(Naming::Channel),
        FieldSort::Destination => Input::Named(Naming::Destination),
        FieldSort::Named(ObjectKind::Template) => Input::Named(Naming::Template),
        FieldSort::Named(ObjectKind::Offer) => Input::Named(Naming::Offer),
        FieldSort::Named(_) => Input::Line,
        FieldSort::Step => Input::Named(Naming::Step),
    };
    EditorField { path, input, example, needed, usual, text, faults }
}

/// Whether a journey can be published under a name, and what is wrong with the name if not.
pub(super) fn name_wrong(program: &Program, name: &str) -> Option<(String, String)> {
    let sketch = Sketch::new(name);
    let found = check_beside(program, &[(OWN.to_owned(), sketch.print())]);
    let faults = sketch.faults(&found.mistakes);
    let wrong = faults.into_iter().find(|fault| fault.at.is_none() && fault.path == "journey");
    wrong.map(|fault| (fault.message, fault.cure))
}

/// A journey that runs, by name.
pub(super) fn runs(program: &Program, name: &str) -> bool {
    program.live_journey(name).is_some_and(|journey: &Journey| journey.name == name)
}
