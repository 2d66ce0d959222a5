//! How long controllers run nowhere on the way back.
