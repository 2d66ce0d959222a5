//! The commands in README.md print what README.md says. `TRYCMD=overwrite cargo test --test readme` writes it anew.

#[test]
fn readme_commands_print_what_the_readme_says() {
    trycmd::TestCases::new().env("COLUMNS", "100").case("README.md");
}
