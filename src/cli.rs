//! The commands, and how findings are printed. Sits on top and decides nothing about output.
