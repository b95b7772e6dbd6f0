//! Decides what will be made: every instance, its parameters, its resources, its folder. Renders nothing.
