//! People who sign in to the pages, each with a role.
//!
//! **Invariant:** once there is anybody, there is an owner: whatever would take the last one away is
//! refused. Whatever is changed of a user is noted among the acts, here, so that no surface forgets it.

use regulars_engine::time::Timestamp;
use regulars_store::{Reader, Store, StoreError};
use serde::{Deserialize, Serialize};

use super::{Act, Role, note};
use crate::secret;
use crate::writer::Writer;

/// The space of the store for users.
const USERS: &str = "users";

/// A user, as they are kept.
#[derive(Serialize, Deserialize)]
struct User {
    /// Salt and hash of the password.
    password: String,
    /// When it was set, in milliseconds since 1970 (UTC).
    password_at: i64,
    role: Role,
}

/// A user, as they are shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// The name to sign in with.
    pub user: String,
    /// What they are there for.
    pub role: Role,
    /// When the password was set.
    #[serde(skip)]
    pub password_at: Timestamp,
}

/// A name to sign in with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserName(String); // Invariant: 1 to `LENGTH_MAX` bytes, no control characters, no space around it.

impl UserName {
    /// The longest name, in bytes.
    pub const LENGTH_MAX: usize = 100;

    /// Reads a name.
    ///
    /// # Errors
    /// If it is empty, too long, or holds control characters.
    pub fn parse(text: &str) -> Result<Self, UserError> {
        let name = text.trim();
        let fits =
            !name.is_empty() && name.len() <= Self::LENGTH_MAX && !name.contains(char::is_control);
        if fits { Ok(Self(name.to_owned())) } else { Err(UserError::Name) }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A password, of which only salt and hash are known. Making one costs a large part of a second.
#[derive(Clone)]
pub struct Password(String);

impl std::fmt::Debug for Password {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Password(***)")
    }
}

/// Why a text is no password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the password has fewer than {} or more than {} characters",
    Password::CHARS_MIN,
    Password::CHARS_MAX
)]
pub struct PasswordError;

impl Password {
    /// Shorter ones are guessed too easily (NIST SP 800-63B, section 5.1.1: at least 8).
    pub const CHARS_MIN: usize = 8;
    /// Nobody types more; what is longer is a file by mistake.
    pub const CHARS_MAX: usize = 1_000;

    /// Takes a password that somebody chose.
    ///
    /// # Errors
    /// If it is too short or too long.
    pub fn parse(text: &str) -> Result<Self, PasswordError> {
        let fits = (Self::CHARS_MIN..=Self::CHARS_MAX).contains(&text.chars().count());
        if fits { Ok(Self::known(text)) } else { Err(PasswordError) }
    }

    /// A password that is no secret: that of a demonstration.
    #[must_use]
    pub fn known(text: &str) -> Self {
        Self(secret::password_hash(text))
    }
}

/// Why a user was not changed.
#[derive(Debug, thiserror::Error)]
pub enum UserError {
    /// The name cannot be one.
    #[error(
        "the name of the user is empty, longer than {} characters, or holds odd ones",
        UserName::LENGTH_MAX
    )]
    Name,
    /// Nobody of this name.
    #[error("there is no user \"{0}\"")]
    Unknown(String),
    /// A new user comes with a role and a password.
    #[error("\"{0}\" is new, and needs a role and a password")]
    Incomplete(String),
    /// Nobody would be left who may say who may do what.
    #[error("without \"{0}\" as an owner there would be none")]
    LastOwner(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl UserError {
    /// What would cure it.
    #[must_use]
    pub const fn cure(&self) -> &'static str {
        match self {
            Self::Name => "give a name of 1 to 100 characters",
            Self::Unknown(_) => "list the users; names are told apart by upper and lower case",
            Self::Incomplete(_) => "say which role: owner, marketer, service-desk or analyst",
            Self::LastOwner(_) => "make somebody else an owner first",
            Self::Store(_) => "look at the program's log",
        }
    }
}

fn find<R: Reader>(reader: &R, name: &str) -> Result<Option<User>, StoreError> {
    let kept = reader.get(USERS, name)?;
    kept.as_deref().map(|kept| read(name, kept)).transpose()
}

fn read(name: &str, kept: &[u8]) -> Result<User, StoreError> {
    serde_json::from_slice(kept)
        .map_err(|_| StoreError::Damaged { what: format!("the user \"{name}\"") })
}

fn shown(name: String, user: &User) -> Shown {
    Shown { user: name, role: user.role, password_at: Timestamp(user.password_at) }
}

/// Everybody who may sign in, by name.
///
/// # Errors
/// If the store cannot be read.
pub fn users<R: Reader>(reader: &R) -> Result<Vec<Shown>, StoreError> {
    let kept = reader.list(USERS)?.into_iter();
    kept.map(|(name, kept)| read(&name, &kept).map(|user| shown(name, &user))).collect()
}

/// One who may sign in.
///
/// # Errors
/// If the store cannot be read.
pub fn user<R: Reader>(reader: &R, name: &str) -> Result<Option<Shown>, StoreError> {
    Ok(find(reader, name)?.map(|user| shown(name.to_owned(), &user)))
}

/// Keeps a user: a new one with role and password, one who is there with whichever is given; `by` does.
///
/// # Errors
/// [`UserError::Incomplete`] and [`UserError::LastOwner`], or if the store fails.
pub fn keep_user<S: Store>(
    writer: &mut Writer<S>,
    by: &str,
    name: &UserName,
    role: Option<Role>,
    password: Option<&Password>,
    now: Timestamp,
) -> Result<Shown, UserError> {
    let name = name.as_str();
    let held = find(writer.reader(), name)?;
    let role = role.or(held.as_ref().map(|user| user.role));
    let (is_new, secret) = (held.is_none(), password.is_some());
    let (password, password_at) = match (password, held) {
        (Some(Password(hash)), _) => (Some(hash.clone()), now.0),
        (None, Some(user)) => (Some(user.password), user.password_at),
        (None, None) => (None, now.0),
    };
    let Some((role, password)) = role.zip(password) else {
        return Err(UserError::Incomplete(name.to_owned()));
    };
    if role != Role::Owner {
        somebody_else_owns(writer.reader(), name)?;
    }
    let user = User { password, password_at, role };
    let kept = serde_json::to_vec(&user).expect("texts and a number are JSON");
    writer.store().put(USERS, name, Some(&kept))?;
    let role = role.word();
    let secret = match (is_new, secret) {
        (true, _) => ", with a first password",
        (false, true) => ", with a new password",
        (false, false) => "",
    };
    let what = format!("{name} is {role}{secret}");
    note(writer, &Act::on_users(by, what, now))?;
    Ok(shown(name.to_owned(), &user))
}

/// Gives a user another role; `by` does.
///
/// # Errors
/// [`UserError::Unknown`] and [`UserError::LastOwner`], or if the store fails.
pub fn set_role<S: Store>(
    writer: &mut Writer<S>,
    by: &str,
    name: &UserName,
    role: Role,
    now: Timestamp,
) -> Result<Shown, UserError> {
    if find(writer.reader(), name.as_str())?.is_none() {
        return Err(UserError::Unknown(name.as_str().to_owned()));
    }
    keep_user(writer, by, name, Some(role), None, now)
}

/// Takes a user away, as `by` wants it; whoever is signed in by that name is signed out.
///
/// # Errors
/// [`UserError::Unknown`] and [`UserError::LastOwner`], or if the store fails.
pub fn remove_user<S: Store>(
    writer: &mut Writer<S>,
    by: &str,
    name: &UserName,
    now: Timestamp,
) -> Result<(), UserError> {
    let name = name.as_str();
    let Some(user) = find(writer.reader(), name)? else {
        return Err(UserError::Unknown(name.to_owned()));
    };
    if user.role == Role::Owner {
        somebody_else_owns(writer.reader(), name)?;
    }
    writer.store().put(USERS, name, None)?;
    Ok(note(writer, &Act::on_users(by, format!("removed {name}"), now))?)
}

fn somebody_else_owns<R: Reader>(reader: &R, name: &str) -> Result<(), UserError> {
    let all = users(reader)?;
    let owned = all.iter().any(|user| user.role == Role::Owner && user.user != name);
    if owned { Ok(()) } else { Err(UserError::LastOwner(name.to_owned())) }
}

/// Whether anybody may sign in yet.
///
/// # Errors
/// If the store cannot be read.
pub fn any_user<R: Reader>(reader: &R) -> Result<bool, StoreError> {
    Ok(!reader.list(USERS)?.is_empty())
}

/// Whether this is a user and the password theirs. Costs the same whether or not they exist.
///
/// # Errors
/// If the store cannot be read.
pub fn signs_in<R: Reader>(reader: &R, name: &str, password: &str) -> Result<bool, StoreError> {
    let user = find(reader, name)?;
    let nobody = "00$00".to_owned();
    let hash = user.as_ref().map_or(&nobody, |user| &user.password);
    Ok(secret::password_matches(password, hash) && user.is_some())
}
