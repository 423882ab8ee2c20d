//! The outbox: every message as it was made.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use regulars_deliver::sms::count;
use regulars_engine::decision::Message;
use regulars_engine::event::Channel;
use regulars_store::{MessageFilter, Reader};

use super::convert;
use super::today::Names;
use super::visit::{Fields, Pages, Visit};
use crate::live::unsubscribe_url;
use crate::ui::model::{ErrorPage, OutboxMessage, OutboxModel};
use crate::ui::response;
use crate::ui::view::outbox;

/// Messages of one page.
const ROWS: usize = 50;

/// The list, the latest first.
pub(super) async fn page(
    State(pages): State<Pages>,
    visit: Visit,
    Query(asked): Query<Fields>,
) -> Response {
    let before: Option<u64> = asked.get("before").and_then(|text| text.parse().ok());
    let read = pages
        .app
        .read(move |reader| {
            let filter = MessageFilter { before, ..MessageFilter::default() };
            let messages = reader.messages(&filter, ROWS)?;
            let older = (messages.len() == ROWS)
                .then(|| messages.last().map(|message| message.id.to_string()))
                .flatten();
            let mut names = Names::default();
            let mut rows = Vec::with_capacity(messages.len());
            for message in &messages {
                rows.push(convert::outbox_row(message, names.of(reader, message.person)?));
            }
            let total = u64::try_from(rows.len()).unwrap_or(0);
            Ok(OutboxModel { total, rows, older, paged: before.is_some() })
        })
        .await;
    match visit.or_wrong(read) {
        Ok(model) => visit.page(outbox::page(&visit.ctx, &model)),
        Err(response) => response,
    }
}

/// One message.
pub(super) async fn message(
    State(pages): State<Pages>,
    visit: Visit,
    Path(id): Path<u64>,
) -> Response {
    let read = pages
        .app
        .read(move |reader| match reader.message(id)? {
            None => Ok(None),
            Some(message) => {
                let name = Names::default().of(reader, message.person)?;
                Ok(Some((message, name)))
            }
        })
        .await;
    match visit.or_wrong(read) {
        Ok(Some((message, name))) => {
            let model = model(&pages, message, name);
            visit.page(outbox::message(&visit.ctx, &model))
        }
        Ok(None) => visit.wrong(ErrorPage::NotFound),
        Err(response) => response,
    }
}

fn model(pages: &Pages, message: Message, name: String) -> OutboxMessage {
    let program = pages.app.desk.program();
    let text = message.channel == Channel::Sms;
    let letter = message.channel == Channel::Email;
    let url = unsubscribe_url(&program, &message, pages.app.desk.salt());
    let from = format!("{} <{}>", program.shop.from_name, program.shop.from_email);
    let headers = vec![
        ("From".to_owned(), from.clone()),
        ("List-Unsubscribe".to_owned(), format!("<{url}>")),
        ("List-Unsubscribe-Post".to_owned(), "List-Unsubscribe=One-Click".to_owned()),
    ];
    let row = convert::outbox_row(&message, name);
    OutboxMessage {
        id: row.id,
        at: row.at,
        channel: row.channel,
        purpose: convert::purpose(message.purpose),
        status: row.status,
        subject: row.subject,
        headers: if letter { headers } else { Vec::new() },
        from: if letter { from } else { String::new() },
        counted: text.then(|| count(&message.text)),
        to: message.recipient.value().to_owned(),
        person: row.person,
        leads: message.links.first().filter(|_| !letter).map(|link| link.target.clone()),
        journey: Some((message.journey, message.step)),
        html: !message.html.is_empty(),
        plain: message.text,
    }
}

/// The HTML of a message, for the frame of its page.
pub(super) async fn body(
    State(pages): State<Pages>,
    visit: Visit,
    Path(id): Path<u64>,
) -> Response {
    let read = pages.app.read(move |reader| reader.message(id)).await;
    match visit.or_wrong(read) {
        Ok(Some(message)) => response::message_body(&visit.headers, message.html),
        Ok(None) => visit.wrong(ErrorPage::NotFound),
        Err(response) => response,
    }
}
