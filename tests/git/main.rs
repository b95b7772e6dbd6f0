//! The program in real Git repositories: hooks, pull requests, recipes for CI.

#![expect(clippy::disallowed_methods, reason = "tests make the files that they look at")]
#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]
#![expect(clippy::print_stderr, reason = "a test that could not be made is said to be so")]

mod pre_commit;
mod pull_request;
mod recipes;
mod scratch;
mod staged;
