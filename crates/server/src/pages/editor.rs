//! The page on which a journey is written: what it shows, and one request for each edit, also of a
//! template.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use regulars_engine::definition::{At, Edit, Sketch};
use regulars_engine::program::Program;
use regulars_store::{SqliteStore, StoreError};

use super::editor_look::{Look, Open, address, open};
use super::message_editor;
use super::messages::led_to;
use super::visit::{Fields, OwnForm, Pages, Visit};
use crate::clock;
use crate::drafts::{self, Draft, Kept, Of};
use crate::live::DeskError;
use crate::templates::{self, Sender, TemplateSketch, TestSend};
use crate::ui::model::{EditorProblem, ErrorPage, Notice};
use crate::ui::response;
use crate::ui::view::{editor as view, journeys, messages};
use crate::writer::{ObjectChange, PublishError, Writer, with_change};

/// A journey, as the user's draft or the version in force has it.
pub(super) async fn page(
    State(pages): State<Pages>,
    visit: Visit,
    Path(name): Path<String>,
    Query(asked): Query<Fields>,
) -> Response {
    show(&pages, &visit, &name, &asked, (StatusCode::OK, Vec::new())).await
}

async fn show(
    pages: &Pages,
    visit: &Visit,
    name: &str,
    asked: &Fields,
    (status, problems): (StatusCode, Vec<EditorProblem>),
) -> Response {
    let look = Look {
        program: pages.app.desk.program(),
        name: name.to_owned(),
        user: visit.session.user.clone(),
        asked: asked.clone(),
        told: pages.app.dry_runs.of(name, pages.app.erasures()),
        busy: pages.app.dry_runs.running().filter(|busy| busy != name),
        now: clock::now(),
    };
    let read = pages.app.read(move |reader| look.model(reader, problems)).await;
    match visit.or_wrong(read) {
        Ok(Some(model)) => response::page(&visit.headers, status, view::page(&visit.ctx, &model)),
        Ok(None) => visit.wrong(ErrorPage::NotFound),
        Err(response) => response,
    }
}

/// What somebody wants done.
struct Wish {
    /// What was written into the open form, and the edit that was asked for.
    edits: Vec<Edit>,
    /// What else is asked for.
    verb: String,
    /// The revision that they saw.
    revision: u64,
    fields: Fields,
}

impl Wish {
    fn read(fields: Fields) -> Self {
        let text = |key: &str| fields.get(key).map(String::as_str).unwrap_or_default();
        let at = |key: &str| text(key).parse::<At>().ok();
        let mut edits = Vec::new();
        if let Some(place) = fields.get("written") {
            edits.push(Edit::Write { at: place.parse().ok(), texts: texts(&fields) });
        }
        let both = || at("from").zip(at("to"));
        let way = text("way").parse::<usize>().ok();
        edits.extend(match text("do") {
            "add" => at("at").map(|at| Edit::Add { kind: text("kind").to_owned(), at }),
            "remove" => at("at").map(|at| Edit::Remove { at }),
            "move" => both().map(|(from, to)| Edit::Move { from, to }),
            "copy" => both().map(|(from, to)| Edit::Copy { from, to }),
            "add-way" => at("at").map(|at| Edit::AddWay { at }),
            "remove-way" => at("at").zip(way).map(|(at, way)| Edit::RemoveWay { at, way }),
            _ => None,
        });
        let (verb, revision) = (text("do").to_owned(), text("revision").parse().unwrap_or(0));
        Self { edits, verb, revision, fields }
    }

    fn text(&self, key: &str) -> &str {
        self.fields.get(key).map(String::as_str).unwrap_or_default()
    }

    /// For whom, and in which language, a message is looked at meanwhile.
    fn looked_at(&self) -> Fields {
        let then = self.text("then").trim_start_matches('?').split('&');
        let stated = then.filter_map(|pair| pair.split_once('='));
        let stated = stated.map(|(key, value)| (key.to_owned(), value.to_owned()));
        let fields = self.fields.clone().into_iter().chain(stated);
        fields.filter(|(key, _)| matches!(key.as_str(), "person" | "language")).collect()
    }

    /// Where the answer leads: where the edit says, or where it was asked to go on.
    fn then(&self, at: Option<&At>) -> String {
        let asked = self.text("then");
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '?' | '=' | '.' | '-' | '&');
        if asked.starts_with('?') && asked.chars().all(plain) {
            return asked.to_owned();
        }
        let step = at.map_or_else(|| "rules".to_owned(), ToString::to_string);
        // Whoever adds a step writes into it; whoever wrote goes on in the tree.
        let written = if self.verb == "add" { "" } else { "&written=yes" };
        format!("?at={step}{written}")
    }
}

/// What was written, by path; numbers of lists in their order.
fn texts(fields: &Fields) -> Vec<(String, String)> {
    let written = fields.iter().filter_map(|(key, text)| Some((key.strip_prefix("f:")?, text)));
    let mut texts: Vec<(String, String)> =
        written.map(|(path, text)| (path.to_owned(), text.clone())).collect();
    texts.sort_by_key(|(path, _)| {
        let (list, number) = path.rsplit_once('/').unwrap_or((path, ""));
        match number.parse::<usize>() {
            Ok(number) => (list.to_owned(), number),
            Err(_) => (path.clone(), 0),
        }
    });
    texts
}

/// One edit, or one of the other things that can be done with a draft.
pub(super) async fn edit(
    State(pages): State<Pages>,
    Path(name): Path<String>,
    form: OwnForm,
) -> Response {
    carried_out(&pages, (Of::Journey, name), form).await
}

/// The same with the draft of a template.
pub(super) async fn edit_template(
    State(pages): State<Pages>,
    Path(name): Path<String>,
    form: OwnForm,
) -> Response {
    carried_out(&pages, (Of::Template, name), form).await
}

async fn carried_out(pages: &Pages, (of, name): (Of, String), form: OwnForm) -> Response {
    let OwnForm { visit, fields } = form;
    let wish = Wish::read(fields);
    let program = pages.app.desk.program();
    let (asked, user) = (name.clone(), visit.session.user.clone());
    let opened = {
        let program = Arc::clone(&program);
        pages.app.read(move |reader| open(reader, &program, (of, &asked), &user)).await
    };
    let opened = match visit.or_wrong(opened) {
        Ok(Some(opened)) => opened,
        Ok(None) => return visit.wrong(ErrorPage::NotFound),
        Err(response) => return response,
    };
    let hands = Hands { pages, visit: &visit, of, name: &name, program };
    match hands.serve(&wish, opened).await {
        Ok(response) => response,
        Err(_) => visit.wrong(ErrorPage::Unavailable),
    }
}

/// Whoever carries a wish out.
struct Hands<'h> {
    pages: &'h Pages,
    visit: &'h Visit,
    of: Of,
    name: &'h str,
    program: Arc<Program>,
}

impl Hands<'_> {
    async fn serve(&self, wish: &Wish, opened: Open) -> Result<Response, DeskError> {
        let mut opened = opened;
        let mut at = None;
        if !wish.edits.is_empty() {
            let (edited, place) = match self.edited(wish, &opened).await {
                Ok(done) => done,
                Err(problem) => return Ok(self.told(wish, 422, vec![problem]).await),
            };
            if edited != opened.text
                && self.write(wish.revision, &opened, edited).await? == Kept::Stale
            {
                return Ok(self.told(wish, 409, vec![EditorProblem::Late]).await);
            }
            at = place;
            if let Some(again) = self.open().await {
                opened = again;
            }
        } else if wish.revision != opened.revision() {
            return Ok(self.told(wish, 409, vec![EditorProblem::Changed]).await);
        }
        match wish.verb.as_str() {
            "undo" | "redo" => self.turn(wish, opened).await,
            "discard" => self.discard(wish, opened).await,
            "publish" => self.publish(wish, opened).await,
            "send-test" if self.of == Of::Template => Ok(self.send_test(wish).await),
            "person" if self.of == Of::Template => {
                let at = address(self.of, self.name);
                Ok(led_to(self.pages, self.visit, &at, &wish.fields).await)
            }
            "test" if self.of == Of::Template => {
                Ok(message_editor::test(self.pages, self.visit, self.name, &wish.looked_at()).await)
            }
            "dry-run" if self.of == Of::Journey => Ok(self.dry_run(wish, &opened).await),
            "stop" => {
                self.pages.app.dry_runs.stop(self.name);
                Ok(self.back("#dry-run"))
            }
            "take-aside" | "drop-aside" | "take-over" | "take-force" | "go-over" => {
                self.choose(wish, opened).await
            }
            _ => Ok(self.back(&wish.then(at.as_ref()))),
        }
    }

    /// The text after the edits, made on the revision that was seen, and the step to look at.
    async fn edited(
        &self,
        wish: &Wish,
        opened: &Open,
    ) -> Result<(String, Option<At>), EditorProblem> {
        let mut text = opened.text.clone();
        if wish.revision != opened.revision() {
            let (draft, revision) = (opened.draft.clone(), wish.revision);
            let read = self.pages.app.read(move |reader| match draft {
                Some(draft) => draft.text_at(reader, revision),
                None => Ok(None),
            });
            let seen = read.await.ok().flatten();
            // Before the first edit the version in force was seen.
            text = seen.or_else(|| opened.force.clone().map(|(_, text)| text)).unwrap_or(text);
        }
        let impossible = |error: String| EditorProblem::Impossible(error);
        if self.of == Of::Template {
            let sketch = TemplateSketch::read(&text);
            let mut sketch = sketch.ok_or_else(|| impossible("this is no template".to_owned()))?;
            sketch.write(&texts(&wish.fields).into_iter().collect());
            return Ok((sketch.print(), None));
        }
        let mut sketch =
            Sketch::read(&text).ok_or_else(|| impossible("this is no journey".to_owned()))?;
        let mut at = None;
        for edit in &wish.edits {
            at = sketch.apply(edit).map_err(|error| impossible(error.to_string()))?;
        }
        Ok((sketch.print(), at))
    }

    /// Keeps a text that was made on a revision, or keeps it aside.
    async fn write(&self, seen: u64, opened: &Open, text: String) -> Result<Kept, DeskError> {
        let start = opened.start(self.name, &self.visit.session.user);
        let published = opened.draft.as_ref().is_some_and(|draft| draft.base != opened.base);
        let job = move |writer: &mut Writer<SqliteStore>| -> Result<Kept, StoreError> {
            let now = clock::now();
            let kept = drafts::write(writer, (&start, seen), &text, now)?;
            if kept == Kept::Stale {
                drafts::set_aside(writer, &start, &text, now)?;
            } else if published
                && let Some(draft) =
                    drafts::find(writer.reader(), (start.of, &start.name), &start.user)?
            {
                drafts::rebase(writer.store(), draft, start.base)?;
            }
            Ok(kept)
        };
        self.pages.app.desk.write(job).await
    }

    /// Lets the writer do something with the draft, unless it was edited since it was read.
    async fn with(
        &self,
        draft: Draft,
        job: impl FnOnce(&mut SqliteStore, Draft) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<Kept, DeskError> {
        let job = move |writer: &mut Writer<SqliteStore>| match still(writer, &draft)? {
            Some(draft) => job(writer.store(), draft).map(|()| Kept::Kept),
            None => Ok(Kept::Stale),
        };
        self.pages.app.desk.write(job).await
    }

    async fn open(&self) -> Option<Open> {
        let (program, name) = (Arc::clone(&self.program), self.name.to_owned());
        let (of, user) = (self.of, self.visit.session.user.clone());
        let read =
            self.pages.app.read(move |reader| open(reader, &program, (of, &name), &user)).await;
        read.ok().flatten()
    }

    async fn turn(&self, wish: &Wish, opened: Open) -> Result<Response, DeskError> {
        let back = wish.verb == "undo";
        if let Some(draft) = opened.draft {
            let turn = move |store: &mut SqliteStore, draft| {
                drafts::turn(store, draft, back, clock::now())
            };
            if self.with(draft, turn).await? == Kept::Stale {
                return Ok(self.told(wish, 409, vec![EditorProblem::Changed]).await);
            }
        }
        Ok(self.back(&wish.then(None)))
    }

    async fn discard(&self, wish: &Wish, opened: Open) -> Result<Response, DeskError> {
        let there = opened.force.is_some();
        if let Some(draft) = opened.draft
            && self.with(draft, |store, draft| drafts::discard(store, &draft)).await? == Kept::Stale
        {
            return Ok(self.told(wish, 409, vec![EditorProblem::Changed]).await);
        }
        let to = match (there, self.of) {
            (true, _) => self.home(),
            (false, Of::Journey) => "/journeys".to_owned(),
            (false, Of::Template) => "/messages".to_owned(),
        };
        Ok(Redirect::to(&format!("{to}?notice=draft-discarded")).into_response())
    }

    /// Takes one text in the place of another: one that came too late, another user's, the version in
    /// force; or goes on over that.
    async fn choose(&self, wish: &Wish, opened: Open) -> Result<Response, DeskError> {
        let which = wish.text("which").to_owned();
        let force = opened.force.clone();
        let version = force.as_ref().map(|(version, _)| *version);
        let revision: u64 = which.parse().unwrap_or(0);
        let text = match (wish.verb.as_str(), &opened.draft) {
            ("take-aside", Some(draft)) => {
                let draft = draft.clone();
                let read = self.pages.app.read(move |reader| draft.text_at(reader, revision));
                read.await.ok().flatten()
            }
            ("take-over", _) => {
                let (of, name, whose) = (self.of, self.name.to_owned(), which.clone());
                let read = self.pages.app.read(move |reader| {
                    let draft = drafts::find(reader, (of, &name), &whose)?;
                    draft.map(|draft| draft.text(reader)).transpose()
                });
                read.await.ok().flatten()
            }
            ("take-force", _) => force.map(|(_, text)| text),
            (_, _) => None,
        };
        if let Some(text) = text.filter(|text| *text != opened.text)
            && self.write(opened.revision(), &opened, text).await? == Kept::Stale
        {
            return Ok(self.told(wish, 409, vec![EditorProblem::Late]).await);
        }
        let settled = self.open().await.and_then(|opened| opened.draft);
        match (wish.verb.as_str(), settled) {
            ("take-aside" | "drop-aside", Some(draft)) => {
                self.with(draft, move |store, draft| drafts::drop_aside(store, draft, revision))
                    .await?;
            }
            // Only over the version whose changes they saw.
            ("take-force" | "go-over", Some(draft))
                if which == version.map(|v| format!("{v:016x}")).unwrap_or_default() =>
            {
                self.with(draft, move |store, draft| drafts::rebase(store, draft, version)).await?;
            }
            (_, _) => {}
        }
        Ok(self.back("?at=rules&written=yes"))
    }

    fn change(&self, opened: &Open) -> ObjectChange {
        ObjectChange {
            object: opened.object.clone(),
            text: Some(opened.document(&opened.text)),
            beside: opened.beside(&self.program),
            expected: opened.base,
        }
    }

    async fn publish(&self, wish: &Wish, opened: Open) -> Result<Response, DeskError> {
        if opened.by_files {
            return Ok(self.back("#changes"));
        }
        let (change, draft) = (self.change(&opened), opened.draft);
        let published = self
            .pages
            .app
            .desk
            .ask(move |writer| publish_and_discard(writer, &change, draft.as_ref()))
            .await?;
        match published {
            Ok(Kept::Kept) => {
                let notice = match self.of {
                    Of::Journey => Notice::DraftPublished,
                    Of::Template => Notice::TemplatePublished,
                };
                let to = format!("{}?notice={}", self.home(), notice.word());
                Ok(Redirect::to(&to).into_response())
            }
            Ok(Kept::Stale) => Ok(self.told(wish, 409, vec![EditorProblem::Changed]).await),
            Err(PublishError::Stale(_)) => {
                Ok(self.told(wish, 409, vec![EditorProblem::Overtaken]).await)
            }
            Err(PublishError::Mistakes(mistakes)) => {
                let told = mistakes.iter().map(|one| format!("{}; {}", one.message, one.cure));
                Ok(self.told(wish, 422, told.map(EditorProblem::Mistake).collect()).await)
            }
            Err(PublishError::Writer(_) | PublishError::Store(_)) => {
                Ok(self.visit.wrong(ErrorPage::Internal))
            }
        }
    }

    /// Plays the draft on the last days, in the background, with all else that is in force.
    async fn dry_run(&self, wish: &Wish, opened: &Open) -> Response {
        let change = ObjectChange {
            expected: opened.force.as_ref().map(|(version, _)| *version),
            ..self.change(opened)
        };
        let program = Arc::clone(&self.program);
        let made = tokio::task::spawn_blocking(move || with_change(&program, &change)).await;
        match made {
            Ok(Ok(program)) => {
                // The page says which one runs where this one does not begin.
                let _ = self.pages.app.begin_dry_run(Arc::new(program), self.name);
                self.back("#dry-run")
            }
            Ok(Err(PublishError::Mistakes(mistakes))) => {
                let told = mistakes.iter().map(|one| format!("{}; {}", one.message, one.cure));
                self.told(wish, 422, told.map(EditorProblem::Mistake).collect()).await
            }
            Ok(Err(_)) => self.told(wish, 409, vec![EditorProblem::Changed]).await,
            Err(_) => self.visit.wrong(ErrorPage::Internal),
        }
    }

    /// Sends the draft to an address of their own.
    async fn send_test(&self, wish: &Wish) -> Response {
        let drafted = message_editor::drafted(self.pages, self.visit, self.name).await;
        let program = match self.visit.or_wrong(drafted) {
            Ok(Some(drafted)) => drafted.program,
            Ok(None) => return self.visit.wrong(ErrorPage::NotFound),
            Err(response) => return response,
        };
        let Ok(program) = program else { return self.told(wish, 422, Vec::new()).await };
        let asked = TestSend {
            template: self.name.to_owned(),
            to: wish.text("to").to_owned(),
            person: wish.text("person").parse().ok(),
            language: wish.fields.get("language").cloned(),
            by: Sender::User(self.visit.session.user.clone()),
        };
        let sent = templates::test_send(&self.pages.app, program, asked).await;
        let (status, tested) = match self.visit.or_wrong(sent) {
            Ok(Ok(tested)) => (StatusCode::OK, Ok(tested.left.then_some(tested.subject))),
            Ok(Err(error)) => (StatusCode::CONFLICT, Err(format!("{error}; {}", error.cure()))),
            Err(response) => return response,
        };
        let told = message_editor::Told { status, tested: Some(tested), ..Default::default() };
        message_editor::show(self.pages, self.visit, self.name, &wish.looked_at(), told).await
    }

    /// Where the version in force is looked at.
    fn home(&self) -> String {
        match self.of {
            Of::Journey => journeys::address(self.name),
            Of::Template => messages::address(self.name),
        }
    }

    fn back(&self, to: &str) -> Response {
        Redirect::to(&format!("{}{to}", address(self.of, self.name))).into_response()
    }

    /// The page with why something was not done.
    async fn told(&self, wish: &Wish, status: u16, problems: Vec<EditorProblem>) -> Response {
        let at = wish.fields.get("written").or_else(|| wish.fields.get("at"));
        let asked: Fields = at.map(|at| ("at".to_owned(), at.clone())).into_iter().collect();
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::CONFLICT);
        if self.of == Of::Template {
            let told = message_editor::Told { status, problems, ..Default::default() };
            let asked = wish.looked_at();
            return message_editor::show(self.pages, self.visit, self.name, &asked, told).await;
        }
        show(self.pages, self.visit, self.name, &asked, (status, problems)).await
    }
}

/// A draft as the store has it; `None`: it was edited or taken away since it was read.
fn still(writer: &Writer<SqliteStore>, seen: &Draft) -> Result<Option<Draft>, StoreError> {
    let held = drafts::find(writer.reader(), (seen.of, &seen.name), &seen.user)?;
    Ok(held.filter(|held| held.revision() == seen.revision()))
}

/// Publishes a draft that was not edited since it was read, and takes it away. A stop between the two
/// leaves a draft that says what is in force, which [`open`] takes for one that begins there.
fn publish_and_discard(
    writer: &mut Writer<SqliteStore>,
    change: &ObjectChange,
    draft: Option<&Draft>,
) -> Result<Kept, PublishError> {
    let held = draft.map(|draft| still(writer, draft)).transpose()?;
    if matches!(held, Some(None)) {
        return Ok(Kept::Stale);
    }
    writer.publish_object(change, clock::now())?;
    if let Some(draft) = held.flatten() {
        drafts::discard(writer.store(), &draft)?;
    }
    Ok(Kept::Kept)
}
