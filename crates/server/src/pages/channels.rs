//! Channels: how messages leave, what vouches for them, and where providers tell what became of them.

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use regulars_deliver::dns::Topic;
use regulars_engine::event::Channel;

use super::visit::{Fields, OwnForm, Pages, Visit};
use crate::access;
use crate::clock;
use crate::domain_check::Standing;
use crate::hooks::{self, Copied, HookError, Proof, Provider};
use crate::pacing;
use crate::pushing::{self, PushingError, Replace};
use crate::segments;
use crate::signing::{self, Algorithm, Force, NewKey, Shown, SigningError, Which};
use crate::ui::model::ErrorPage;
use crate::ui::view::channel_forms::{
    HookShown, Told, push_key_taken, wrong_hook, wrong_key, wrong_source,
};
use crate::ui::view::channels::{ChannelsPage, PaceCard, page as view};
use crate::ui::view::push::PushCard;

/// The page; with `check=domain` the sender's domain is looked up.
pub(super) async fn page(
    State(pages): State<Pages>,
    visit: Visit,
    Query(asked): Query<Fields>,
) -> Response {
    let check = asked.get("check").is_some_and(|word| word == "domain");
    shown(&pages, &visit, check, None).await
}

pub(super) async fn shown(
    pages: &Pages,
    visit: &Visit,
    check: bool,
    told: Option<Told>,
) -> Response {
    let (program, now) = (pages.app.desk.program(), clock::now());
    let defined = std::sync::Arc::clone(&program);
    let read = pages.app.read(move |reader| {
        let hooks = hooks::list(reader)?.into_iter();
        let told = hooks.map(|hook| hooks::last_told(reader, &hook).map(|told| (told, hook)));
        let told = told.collect::<Result<Vec<_>, _>>()?;
        // A key that cannot be read is none: the server would not have started with it.
        let push = pushing::key(reader).unwrap_or_default();
        let subscribed = segments::reachable_over(reader, &defined, Channel::Push)?;
        let queues = pacing::queues(reader, &defined.shop, now)?;
        Ok((signing::list(reader)?, told, push, subscribed, queues))
    });
    let (keys, hooks, push_key, subscribed, queues) = match visit.or_wrong(read.await) {
        Ok(found) => found,
        Err(response) => return response,
    };
    let heard = |(told, hook): (Option<_>, hooks::Hook)| HookShown {
        told: told.map(|at: regulars_engine::time::Timestamp| at.0),
        call: pages.app.heard.last(&hook).map(|call| (call.at.0, call.refused)),
        hook,
    };
    let hooks: Vec<HookShown> = hooks.into_iter().map(heard).collect();
    let looked = match check {
        true => pages.app.checking.look(program.shop.sending_domain(), &keys).await,
        false => None,
    };
    let trouble = pages.app.trouble.lasting();
    let sms_trouble = pages.app.sms_trouble.lasting();
    let push_trouble = pages.app.push_trouble.lasting();
    let wrong = match &told {
        Some(Told::Pace(problem)) => Some(problem),
        _ => None,
    };
    let shown = ChannelsPage {
        way: pages.way.mail,
        trouble: trouble.as_ref(),
        sms: (pages.way.sms, sms_trouble.as_ref()),
        push: PushCard {
            way: pages.app.push_way(),
            trouble: push_trouble.as_ref(),
            key: push_key.as_ref(),
            subscribed,
        },
        shop: &program.shop,
        keys: &keys,
        hooks: &hooks,
        looked: looked.as_ref(),
        pace: PaceCard { shop: &program.shop, queues: &queues, wrong, now },
        told: told.as_ref(),
    };
    visit.page(view(&visit.ctx, &shown))
}

/// One of the forms and buttons of whoever may set up channels.
pub(super) async fn act(
    State(pages): State<Pages>,
    Path(verb): Path<String>,
    OwnForm { visit, fields }: OwnForm,
) -> Response {
    match verb.as_str() {
        "key" => new_key(&pages, &visit, &fields).await,
        "key-use" => sign_with(&pages, &visit, &fields).await,
        "key-remove" => remove_key(&pages, &visit, &fields).await,
        "push-key" => push_key(&pages, &visit, &fields).await,
        "hook" => new_hook(&pages, &visit, &fields).await,
        "hook-rotate" => rotate(&pages, &visit, &fields).await,
        "hook-renew" => renew(&pages, &visit, &fields).await,
        "hook-remove" => remove_hook(&pages, &visit, &fields).await,
        _ => visit.wrong(ErrorPage::NotFound),
    }
}

fn field(fields: &Fields, name: &str) -> String {
    fields.get(name).map(|text| text.trim().to_owned()).unwrap_or_default()
}

fn which(fields: &Fields) -> Which {
    Which { domain: field(fields, "domain"), selector: field(fields, "selector") }
}

fn sure(fields: &Fields) -> bool {
    fields.get("sure").is_some_and(|word| word == "yes")
}

/// Makes a key, or takes one in; it waits for its record.
async fn new_key(pages: &Pages, visit: &Visit, fields: &Fields) -> Response {
    let pem = field(fields, "private_key");
    let algorithm = Algorithm::parse(&field(fields, "algorithm")).unwrap_or(Algorithm::Rsa);
    let key = if pem.is_empty() {
        // Looking for two large primes takes a while.
        match tokio::task::spawn_blocking(move || NewKey::generate(algorithm)).await {
            Ok(key) => key,
            Err(_) => return visit.wrong(ErrorPage::Internal),
        }
    } else {
        match NewKey::from_pem(&pem) {
            Ok(key) => key,
            Err(error) => return key_refused(pages, visit, error.into()).await,
        }
    };
    let (domain, selector) = (field(fields, "domain"), field(fields, "selector"));
    let by = visit.session.user.clone();
    let kept = pages.app.desk.ask(move |writer| {
        let selector = Some(selector.as_str()).filter(|text| !text.is_empty());
        signing::keep(writer.store(), &domain, selector, &key, &by, clock::now())
    });
    match kept.await {
        Ok(Ok(key)) => shown(pages, visit, false, Some(Told::KeyMade(key.selector))).await,
        Ok(Err(error)) => key_refused(pages, visit, error).await,
        Err(_) => visit.wrong(ErrorPage::Unavailable),
    }
}

/// Lets a key sign once its record is found, or somebody says that they are sure.
async fn sign_with(pages: &Pages, visit: &Visit, fields: &Fields) -> Response {
    let which = which(fields);
    if !sure(fields) {
        match visit.or_wrong(pages.app.read(signing::list).await) {
            Ok(keys) if found(pages, &keys, &which).await => {}
            Ok(_) => return shown(pages, visit, false, Some(Told::NotFound(which))).await,
            Err(response) => return response,
        }
    }
    let by = visit.session.user.clone();
    let turned = pages
        .app
        .desk
        .ask(move |writer| signing::sign_with(writer.store(), &which, &by, clock::now()));
    key_turned(pages, visit, turned.await.map(|turned| turned.map(drop))).await
}

/// Whether the DNS has the record of a key.
async fn found(pages: &Pages, keys: &[Shown], which: &Which) -> bool {
    let own = |key: &&Shown| key.domain == which.domain && key.selector == which.selector;
    let Some(key) = keys.iter().find(own) else { return true };
    let waiting = Shown { state: signing::KeyState::Waiting, ..key.clone() };
    let looked = pages.app.checking.look(&key.domain, &[waiting]).await;
    let findings = looked.map(|looked| looked.findings).unwrap_or_default();
    let mut of_key = findings.iter().filter(|finding| finding.topic == Topic::Dkim);
    of_key.any(|finding| finding.verdict.standing() == Standing::Good)
}

/// Removes a key for good.
async fn remove_key(pages: &Pages, visit: &Visit, fields: &Fields) -> Response {
    let force = if sure(fields) { Force::Yes } else { Force::No };
    let which = which(fields);
    let removed =
        pages.app.desk.ask(move |writer| signing::remove(writer.store(), &which, force)).await;
    key_turned(pages, visit, removed).await
}

async fn key_turned<E>(
    pages: &Pages,
    visit: &Visit,
    turned: Result<Result<(), SigningError>, E>,
) -> Response {
    match turned {
        Ok(Ok(())) => match pages.app.reload_signing().await {
            Ok(()) => Redirect::to("/channels#dkim").into_response(),
            Err(_) => visit.wrong(ErrorPage::Unavailable),
        },
        Ok(Err(error)) => key_refused(pages, visit, error).await,
        Err(_) => visit.wrong(ErrorPage::Unavailable),
    }
}

async fn key_refused(pages: &Pages, visit: &Visit, error: SigningError) -> Response {
    match wrong_key(&visit.ctx, &error) {
        Some(words) => shown(pages, visit, false, Some(Told::Wrong(words))).await,
        None => visit.wrong(ErrorPage::Internal),
    }
}

/// Makes the key for push messages, or another one in its place where somebody says that they are sure.
async fn push_key(pages: &Pages, visit: &Visit, fields: &Fields) -> Response {
    let replace = if sure(fields) { Replace::Yes } else { Replace::No };
    match pages.app.make_push_key(replace, visit.session.user.clone()).await {
        Ok(Ok(_)) => shown(pages, visit, false, Some(Told::PushKeyMade)).await,
        Ok(Err(PushingError::Taken)) => {
            let words = push_key_taken(&visit.ctx);
            shown(pages, visit, false, Some(Told::Wrong(words))).await
        }
        Ok(Err(PushingError::Key(_) | PushingError::Store(_))) => visit.wrong(ErrorPage::Internal),
        Err(_) => visit.wrong(ErrorPage::Unavailable),
    }
}

fn copied(fields: &Fields) -> Copied {
    Copied {
        key: field(fields, "key"),
        topic: field(fields, "topic"),
        certificates: fields.get("certificates").cloned().unwrap_or_default(),
    }
}

/// Makes a hook; its address is shown once.
async fn new_hook(pages: &Pages, visit: &Visit, fields: &Fields) -> Response {
    let Some(provider) = Provider::parse(&field(fields, "provider")) else {
        return visit.wrong(ErrorPage::NotFound);
    };
    let Some(source) = access::named(&field(fields, "source")).map(str::to_owned) else {
        let words = wrong_source(&visit.ctx);
        return shown(pages, visit, false, Some(Told::Wrong(words))).await;
    };
    let (proof, by) = (Proof::of(provider, copied(fields)), visit.session.user.clone());
    let added = pages
        .app
        .desk
        .ask(move |writer| hooks::add(writer.store(), provider, &source, proof, &by, clock::now()));
    hook_addressed(pages, visit, Some(provider), added.await).await
}

/// Makes another address in place of a hook's.
async fn rotate(pages: &Pages, visit: &Visit, fields: &Fields) -> Response {
    let (id, by) = (field(fields, "id"), visit.session.user.clone());
    let added =
        pages.app.desk.ask(move |writer| hooks::rotate(writer.store(), &id, &by, clock::now()));
    hook_addressed(pages, visit, None, added.await).await
}

async fn hook_addressed<E>(
    pages: &Pages,
    visit: &Visit,
    provider: Option<Provider>,
    added: Result<Result<hooks::Added, HookError>, E>,
) -> Response {
    match added {
        Ok(Ok(added)) => {
            let url = format!("{}{}", pages.app.desk.program().shop.base_url, added.path);
            let name = added.hook.of().map_or_else(String::new, |of| of.name().to_owned());
            shown(pages, visit, false, Some(Told::Address(name, url))).await
        }
        Ok(Err(error)) => hook_refused(pages, visit, provider, error).await,
        Err(_) => visit.wrong(ErrorPage::Unavailable),
    }
}

/// Keeps what a provider proves itself by from here on.
async fn renew(pages: &Pages, visit: &Visit, fields: &Fields) -> Response {
    let (id, copied) = (field(fields, "id"), copied(fields));
    let renewed =
        pages.app.desk.ask(move |writer| hooks::renew(writer.store(), &id, copied, clock::now()));
    match renewed.await {
        Ok(Ok(hook)) => {
            let name = hook.of().map_or_else(String::new, |of| of.name().to_owned());
            shown(pages, visit, false, Some(Told::Renewed(name))).await
        }
        Ok(Err(error)) => hook_refused(pages, visit, None, error).await,
        Err(_) => visit.wrong(ErrorPage::Unavailable),
    }
}

/// Removes a hook: its address answers nobody any more.
async fn remove_hook(pages: &Pages, visit: &Visit, fields: &Fields) -> Response {
    let id = field(fields, "id");
    match pages.app.desk.ask(move |writer| hooks::remove(writer.store(), &id)).await {
        Ok(Ok(_)) => Redirect::to("/channels#hooks").into_response(),
        Ok(Err(error)) => hook_refused(pages, visit, None, error).await,
        Err(_) => visit.wrong(ErrorPage::Unavailable),
    }
}

async fn hook_refused(
    pages: &Pages,
    visit: &Visit,
    provider: Option<Provider>,
    error: HookError,
) -> Response {
    match wrong_hook(&visit.ctx, provider, &error) {
        Some(words) => shown(pages, visit, false, Some(Told::Wrong(words))).await,
        None => visit.wrong(ErrorPage::Internal),
    }
}
