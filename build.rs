//! Tells cargo which files outside of `src` end up in the program.
#![expect(clippy::print_stdout, reason = "this is how a build script talks to cargo")]

fn main() {
    for folder in ["migrations", "cards"] {
        println!("cargo:rerun-if-changed={folder}");
    }
}
