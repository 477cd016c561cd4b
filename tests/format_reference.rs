//! The reference of the format in `docs/` is the one that the tables of keys give.

use std::path::Path;

#[test]
fn the_page_of_the_format_is_what_the_tables_give() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/format.md");
    let given = kpi_audit::plan::reference();
    if std::env::var_os("KPI_AUDIT_BLESS").is_some() {
        std::fs::write(&path, &given).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(
        written == given,
        "docs/format.md is not what the tables of keys give; run `KPI_AUDIT_BLESS=1 cargo test --test format_reference` to rewrite it"
    );
}
