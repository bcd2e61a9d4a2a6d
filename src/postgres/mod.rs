//! The private PostgreSQL server that the program runs when it is given no database.
