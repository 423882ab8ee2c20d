//! `user`: who may sign in to the pages, and with which role.

use std::io::{IsTerminal, Read};

use clap::{Args, Subcommand};
use regulars_server::access::{self, Password, Role, UserError, UserName};
use regulars_server::clock;
use regulars_server::http::api::act_json;
use serde_json::{Value, json};

use crate::arguments::{DataDir, Server};
use crate::ending::{Ending, Wrong};
use crate::store;
use crate::words::{BY, Print};

/// People who may sign in to the pages, each with a role.
#[derive(Debug, Subcommand)]
pub(crate) enum User {
    Add(Add),
    Role(SetRole),
    Remove(Remove),
    /// List who may sign in; works beside a running server.
    List(DataDir),
    Acts(Acts),
}

/// Add somebody who may sign in, or set their password anew. The password is asked for at a terminal,
/// else read from stdin: arguments are seen by others.
#[derive(Debug, Args)]
pub(crate) struct Add {
    /// The name to sign in with.
    name: String,
    /// What they are there for: owner (everything), marketer (journeys, segments, messages),
    /// service-desk (people one by one), analyst (looks). The first user is an owner; whoever is
    /// there already keeps their role.
    #[arg(long, value_parser = role)]
    role: Option<Role>,
    /// Read the password from stdin and never ask for it: at a terminal that is refused.
    #[arg(long)]
    password_stdin: bool,
    #[command(flatten)]
    server: Server,
    #[command(flatten)]
    dir: DataDir,
}

/// Give a user another role. It is in force at once.
#[derive(Debug, Args)]
pub(crate) struct SetRole {
    /// The name.
    name: String,
    /// The role: owner, marketer, service-desk or analyst.
    #[arg(value_parser = role)]
    role: Role,
    #[command(flatten)]
    server: Server,
    #[command(flatten)]
    dir: DataDir,
}

/// Take a user away; whoever is signed in by that name is signed out. The last owner stays.
#[derive(Debug, Args)]
pub(crate) struct Remove {
    /// The name.
    name: String,
    #[command(flatten)]
    server: Server,
    #[command(flatten)]
    dir: DataDir,
}

/// What was done on the pages and to users, the latest first; works beside a running server.
#[derive(Debug, Args)]
pub(crate) struct Acts {
    /// At most so many.
    #[arg(long, default_value_t = 50)]
    limit: usize,
    #[command(flatten)]
    dir: DataDir,
}

fn role(word: &str) -> Result<Role, String> {
    Role::parse(word).ok_or_else(|| "say owner, marketer, service-desk or analyst".to_owned())
}

fn wrong(error: UserError) -> Wrong {
    Wrong::called(error.to_string(), error.cure())
}

impl User {
    pub(crate) fn run(self, print: Print) -> anyhow::Result<Ending> {
        match self {
            Self::Add(asked) => add(asked, print),
            Self::Role(asked) => {
                let name = UserName::parse(&asked.name).map_err(wrong)?;
                if let Some(remote) = asked.server.remote()? {
                    let body = json!({ "user": name.as_str(), "role": asked.role });
                    return tell(&remote.ask("POST", "/api/v1/users", &body)?["user"], print);
                }
                let mut writer = store::existing_writer(&asked.dir.path)?;
                let user = access::set_role(&mut writer, BY, &name, asked.role, clock::now());
                let user = user.map_err(wrong)?;
                tell(&json!(user), print)
            }
            Self::Remove(asked) => {
                let name = UserName::parse(&asked.name).map_err(wrong)?;
                let json = json!({ "removed": name.as_str() });
                if let Some(remote) = asked.server.remote()? {
                    let body = json!({ "user": name.as_str() });
                    remote.ask("POST", "/api/v1/users/remove", &body)?;
                } else {
                    let mut writer = store::existing_writer(&asked.dir.path)?;
                    access::remove_user(&mut writer, BY, &name, clock::now()).map_err(wrong)?;
                }
                print.result(&json, || format!("removed  {}", name.as_str()))?;
                Ok(Ending::Well)
            }
            Self::List(dir) => {
                for user in access::users(&store::reader(&dir.path)?)? {
                    tell(&json!(user), print)?;
                }
                Ok(Ending::Well)
            }
            Self::Acts(asked) => {
                for act in access::acts(&store::reader(&asked.dir.path)?, asked.limit)? {
                    let json = act_json(&act);
                    let word = |key: &str| json[key].as_str().unwrap_or_default().to_owned();
                    print.result(&json, || {
                        format!("{}  {}  {}  {}", word("at"), act.by, word("outcome"), act.what)
                    })?;
                }
                Ok(Ending::Well)
            }
        }
    }
}

fn add(asked: Add, print: Print) -> anyhow::Result<Ending> {
    let name = UserName::parse(&asked.name).map_err(wrong)?;
    if let Some(remote) = asked.server.remote()? {
        let mut body = json!({ "user": name.as_str(), "password": typed(asked.password_stdin)? });
        if let Some(role) = asked.role {
            body["role"] = json!(role);
        }
        return tell(&remote.ask("POST", "/api/v1/users", &body)?["user"], print);
    }
    let mut writer = store::writer(&asked.dir.path)?;
    let first = !access::any_user(writer.reader())?;
    let role = asked.role.or(first.then_some(Role::Owner));
    // Whoever cannot be added is not asked for a password.
    if role.is_none() && access::user(writer.reader(), name.as_str())?.is_none() {
        return Err(wrong(UserError::Incomplete(name.as_str().to_owned())).into());
    }
    let password = password(&typed(asked.password_stdin)?)?;
    let kept = access::keep_user(&mut writer, BY, &name, role, Some(&password), clock::now());
    let user = kept.map_err(wrong)?;
    tell(&json!(user), print)
}

fn tell(user: &Value, print: Print) -> anyhow::Result<Ending> {
    let word = |key: &str| user[key].as_str().unwrap_or_default();
    print.result(user, || format!("user  {}  {}", word("user"), word("role")))?;
    Ok(Ending::Well)
}

/// How a password is come by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comes {
    /// Somebody types it.
    Asked,
    /// Another program writes it.
    Piped,
    /// Nobody writes it, though that was said.
    Nowhere,
}

impl Comes {
    const fn of(stdin_only: bool, terminal: bool) -> Self {
        match (stdin_only, terminal) {
            (_, false) => Self::Piped,
            (false, true) => Self::Asked,
            (true, true) => Self::Nowhere,
        }
    }
}

/// The first line of stdin; at a terminal nobody sees it.
fn typed(stdin_only: bool) -> anyhow::Result<String> {
    let mut text = String::new();
    match Comes::of(stdin_only, std::io::stdin().is_terminal()) {
        Comes::Asked => {
            let _unseen = Unseen::begin();
            eprint!("password: ");
            std::io::stdin().read_line(&mut text)?;
            eprintln!();
        }
        Comes::Piped => {
            let most = u64::try_from(Password::CHARS_MAX).unwrap_or(u64::MAX) * 4;
            std::io::stdin().lock().take(most).read_to_string(&mut text)?;
        }
        Comes::Nowhere => {
            let cure = "write it into stdin, or leave --password-stdin out to be asked";
            return Err(Wrong::called("no password comes from stdin", cure).into());
        }
    }
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

/// A password out of what was typed.
fn password(text: &str) -> anyhow::Result<Password> {
    Password::parse(text).map_err(|error| {
        let cure = "write another into stdin: printf %s \"$PASSWORD\" | regulars user add ana";
        Wrong::called(error.to_string(), cure).into()
    })
}

/// While it lives, the terminal does not show what is typed.
struct Unseen;

impl Unseen {
    fn begin() -> Self {
        Self::set("-echo");
        Self
    }

    fn set(echo: &str) {
        let set = std::process::Command::new("stty").arg(echo).status();
        if !set.is_ok_and(|status| status.success()) {
            eprintln!("what is typed is seen on the screen");
        }
    }
}

impl Drop for Unseen {
    fn drop(&mut self) {
        Self::set("echo");
    }
}

#[cfg(test)]
mod tests {
    use super::Comes;

    /// A script that forgot to write the password ends at once; it does not wait for a person.
    #[test]
    fn whoever_says_stdin_is_never_asked() {
        assert_eq!(Comes::of(true, true), Comes::Nowhere);
        assert_eq!(Comes::of(false, true), Comes::Asked);
        assert_eq!([true, false].map(|only| Comes::of(only, false)), [Comes::Piped; 2]);
    }
}
