//! The tool from outside: command lines with their output and exit status, as a person meets them.

#[test]
fn command_lines_print_what_they_did() {
    trycmd::TestCases::new().env("COLUMNS", "80").case("tests/cmd/*.trycmd").case("tests/cmd/*.toml");
}

#[test]
fn the_readme_and_the_docs_show_what_the_tool_prints() {
    trycmd::TestCases::new()
        .env("COLUMNS", "80")
        .case("README.md")
        .case("docs/brief.md")
        .case("docs/fix.md")
        .case("docs/forecast.md")
        .case("docs/recogniser.md");
}
