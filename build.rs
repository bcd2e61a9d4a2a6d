//! Tells cargo which files outside of `src` end up in the program.

fn main() {
    for folder in ["migrations", "cards", "manifest"] {
        println!("cargo:rerun-if-changed={folder}");
    }
}
