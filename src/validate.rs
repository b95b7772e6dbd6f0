//! Turns trees into workloads, environments and packages that satisfy their schemas. Reads nothing.
