//! What a user can do: one file for each business noun.
