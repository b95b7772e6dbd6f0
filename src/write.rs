//! Compares a tree with an output root, and changes the root: the only module that writes.
