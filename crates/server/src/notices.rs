//! Notices: what journeys ask staff to see to, done and undone.

use regulars_engine::journey::{Notice, NoticeDone};
use regulars_store::{Reader, Store};

use crate::writer::{Writer, WriterError};

/// Notes that somebody did what a notice asks for, or (`None`) that it is to be done after all. `None`:
/// there is no such notice, or whoever it was about was erased.
///
/// # Errors
/// If the store fails.
pub fn settle<S: Store>(
    writer: &mut Writer<S>,
    id: u64,
    done: Option<NoticeDone>,
) -> Result<Option<Notice>, WriterError> {
    let Some(notice) = writer.reader().notice(id)? else { return Ok(None) };
    // Two people may say so: the first keeps the word.
    if notice.done.is_some() && done.is_some() {
        return Ok(Some(notice));
    }
    let notice = Notice { done, ..notice };
    Ok(writer.store().note(&notice)?.then_some(notice))
}

/// Notes that the address of staff was told, or that nobody needs to tell it.
///
/// # Errors
/// If the store fails.
pub fn told_by_mail<S: Store>(writer: &mut Writer<S>, id: u64) -> Result<(), WriterError> {
    if let Some(notice) = writer.reader().notice(id)? {
        writer.store().note(&Notice { mail_due: false, ..notice })?;
    }
    Ok(())
}
