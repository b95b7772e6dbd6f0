//! The template engine: MiniJinja, contained, with every printed string as a numbered hole.
