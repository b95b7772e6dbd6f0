//! Reads the outside world: worlds (working tree, memory, built in) and which of their files are inputs.
