//! The face: one typed view for each Adaptive Card template in `cards/`.

pub mod check;
