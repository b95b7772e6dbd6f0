//! A compiler for GitOps platform repositories.
