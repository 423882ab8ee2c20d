//! Who may do what: keys of machines, people who sign in, and one table of rights for both. Deny by
//! default.

mod audit;
mod keys;
mod rights;
mod users;

pub use audit::{Act, Outcome, acts, note};
pub use keys::{
    ApiKey, Keys, NAME_MAX, Scope, keep_write_key, make_api_key, make_site_secret, make_write_key,
    named,
};
pub use rights::{Right, Role};
pub use users::{
    Password, PasswordError, Shown, UserError, UserName, any_user, keep_user, remove_user,
    set_role, signs_in, user, users,
};

#[cfg(test)]
mod tests;
