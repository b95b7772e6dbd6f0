//! Puts all outputs into one tree: names clashes of paths and of object identities.
