# Lists what can be done.
default:
    @just --list

# What CI runs.
check:
    .ci/run

# The fast part of it, while working.
quick:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- -D warnings
    cargo test --workspace

# Accepts what the tests print now; look at the difference before committing.
accept:
    INSTA_UPDATE=always SNAPSHOTS=overwrite TRYCMD=overwrite cargo test --workspace
    git diff --stat
