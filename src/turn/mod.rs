//! The grammar of one turn: who acts, through which door, and what may go wrong.
