//! Sign-in, the first user, and pages that say what went wrong.

/// The sign-in page.
#[derive(Debug, Clone, Default)]
pub struct SignIn {
    /// The name typed last time, kept after a refusal.
    pub name: String,
    /// Where to go afterwards: a path of this site.
    pub return_to: String,
    /// Why the last attempt was refused.
    pub problem: Option<AccessProblem>,
}

/// The page that creates the first user.
#[derive(Debug, Clone, Default)]
pub struct FirstRun {
    /// The name typed last time.
    pub name: String,
    /// The shop's name typed last time.
    pub shop: String,
    /// Why the last attempt was refused.
    pub problem: Option<AccessProblem>,
}

worded! {
    /// Why a sign-in or a first user was refused.
    AccessProblem, "access-problem" {
        /// Name and password do not belong together; which of them is wrong is not told.
        WrongPair => "wrong-pair", "bad";
        /// Too many attempts in a short time.
        TooMany => "too-many", "warn";
        /// The session is over.
        SessionEnded => "session-ended", "info";
        /// The new password is shorter than the least length.
        PasswordTooShort => "password-too-short", "bad";
        /// The two passwords differ.
        PasswordsDiffer => "passwords-differ", "bad";
        /// The name is empty.
        NameMissing => "name-missing", "bad";
        /// The form was too old or came from elsewhere.
        FormExpired => "form-expired", "warn";
    }
}

worded! {
    /// Why a user was not changed.
    UserProblem, "user-problem" {
        /// The name is empty or cannot be one.
        Name => "name", "bad";
        /// Somebody has that name.
        Taken => "taken", "bad";
        /// Nobody has that name.
        Unknown => "unknown", "search";
        /// The role or the password is missing.
        Incomplete => "incomplete", "bad";
        /// The password is too short or too long.
        Password => "password", "bad";
        /// The old password is another one.
        WrongPassword => "wrong-password", "bad";
        /// Too many wrong passwords in a short time.
        TooMany => "too-many", "warn";
        /// There would be no owner any more.
        LastOwner => "last-owner", "lock";
    }
}

worded! {
    /// A page that says what went wrong and how to go on.
    ErrorPage, "error" {
        /// 400: the request could not be understood.
        BadRequest => "bad-request", "warn";
        /// 403: the visitor may not do this.
        Forbidden => "forbidden", "lock";
        /// 404: there is nothing at this address.
        NotFound => "not-found", "search";
        /// 409: someone else was faster; the page is stale.
        Conflict => "conflict", "replay";
        /// 500: our fault.
        Internal => "internal", "bad";
        /// 503: busy or stopping; try again.
        Unavailable => "unavailable", "clock";
    }
}

impl ErrorPage {
    /// The HTTP status.
    pub const fn status(self) -> u16 {
        match self {
            Self::BadRequest => 400,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Conflict => 409,
            Self::Internal => 500,
            Self::Unavailable => 503,
        }
    }
}
