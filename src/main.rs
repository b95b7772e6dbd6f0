//! The `macadam` program: gives the library a thread pool and the process's arguments.

use std::process::ExitCode;

use clap::Parser;
use macadam::cli;

/// Templates nest; a thread's default stack of 2 MiB is too small for the deepest that is accepted.
const STACK: usize = 64 * 1024 * 1024;

fn main() -> ExitCode {
    let arguments = cli::Arguments::parse();
    match rayon::ThreadPoolBuilder::new().stack_size(STACK).build() {
        Ok(pool) => pool.install(|| cli::run(&arguments)),
        Err(error) => cli::cannot_start(&arguments, error),
    }
}
