//! Why nothing could be imported, and what to do about it.

use super::sheet::{MOST_COLUMNS, MOST_LETTERS, MOST_ROWS};

/// Why a file gave no plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Neither the file's name nor its content says what it is.
    #[error("it cannot be told what kind of file this is")]
    UnknownFormat,
    /// A format that loses what matters, such as percent signs.
    #[error("{0} files are not read")]
    OldFormat(&'static str),
    /// No UTF-8, and no byte-order mark that says what it is instead.
    #[error("line {line} holds the byte 0x{byte:02x}, which is not UTF-8 text")]
    NotUtf8 {
        /// The line.
        line: usize,
        /// The byte.
        byte: u8,
    },
    /// A name of no encoding, or one that does not fit.
    #[error("{0}")]
    Encoding(String),
    /// A workbook that is not whole, or is locked.
    #[error("this workbook cannot be opened: {0}")]
    Workbook(String),
    /// More than is read.
    #[error("{0}")]
    TooMuch(TooMuch),
    /// A YAML file that is broken.
    #[error("line {line}: {message}")]
    Yaml {
        /// The line.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// It is a plan already.
    #[error("this is a plan already")]
    Plan,
    /// There is no sheet of that name.
    #[error("there is no sheet \"{name}\"")]
    NoSheet {
        /// The name asked for.
        name: String,
        /// Those that there are.
        sheets: Vec<String>,
    },
    /// Tables, and none whose headings are known.
    #[error("no row of headings was found in {}", looked_at.join(", nor in "))]
    NoHeadings {
        /// What was looked at.
        looked_at: Vec<String>,
    },
    /// Headings, and nothing below them that could be a goal, KPI, product or initiative.
    #[error("below the headings there is no row that could be a goal, a KPI, a product or an initiative")]
    NoRows,
    /// The plan's own reader refuses the whole of what was written.
    #[error("what was read makes no plan: {0}")]
    NoPlan(String),
}

/// More of something than a plan can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TooMuch {
    /// Rows.
    #[error("it has more than {MOST_ROWS} rows with something in them")]
    Rows,
    /// Columns.
    #[error("it has more than {MOST_COLUMNS} columns")]
    Columns,
    /// Text in one cell.
    #[error(
        "one of its cells holds more than {MOST_LETTERS} letters; a quotation mark that is not closed makes one cell of all that follows"
    )]
    Letters,
    /// Text in one line.
    #[error("one of its lines is longer than 1 MiB")]
    Line,
    /// Text in the cells.
    #[error("its cells hold more than 16 MiB of text")]
    Text,
    /// Merged cells that lie over one another.
    #[error("its merged cells cover more than a sheet can hold")]
    Merged,
    /// What a compressed file unfolds into.
    #[error("it unfolds into more than 64 MiB")]
    Unfolded,
    /// What the aliases of a YAML file repeat.
    #[error("its aliases repeat more than a plan could hold")]
    Repeated,
}

impl ImportError {
    /// What to do.
    pub fn help(&self) -> String {
        const TABLE: &str = "the first row of a table says what its columns are, such as KPI, Target, Owner and Due date; \
                             docs/import.md lists the names";
        match self {
            Self::Empty => "export the sheet again, or `kpi-audit init` for a plan to start from".to_owned(),
            Self::UnknownFormat => "name it: --from csv, tsv, xlsx, ods, markdown or yaml".to_owned(),
            Self::OldFormat(_) => "open it, take a password off, and save it as .xlsx or .ods".to_owned(),
            Self::NotUtf8 { .. } => "in Excel, save it as \"CSV UTF-8\" or as .xlsx; or say how it is written: \
                                     --encoding windows-1252 (Portuguese, Spanish, Galician, German, French) or \
                                     --encoding windows-1250 (Polish)"
                .to_owned(),
            Self::Encoding(_) => "the usual ones are utf-8, utf-16le, windows-1252 and windows-1250".to_owned(),
            Self::Workbook(_) => {
                "open it in the program that wrote it, take a password off, and save it again".to_owned()
            }
            Self::TooMuch(_) => {
                "a plan is a page or two: copy its rows into a file of their own, or name one sheet with \
                                 --sheet"
                    .to_owned()
            }
            Self::Yaml { .. } => "a list of KPIs is `- name: …` with one key a line below it".to_owned(),
            Self::Plan => "`kpi-audit FILE`, without `import`, audits it".to_owned(),
            Self::NoSheet { sheets, .. } if sheets.is_empty() => {
                "leave --sheet out: this file has no named sheets".to_owned()
            }
            Self::NoSheet { sheets, .. } => format!("there are: {}", sheets.join(", ")),
            Self::NoHeadings { .. } => format!("{TABLE}; a list without columns can be pasted into `kpi-audit init`"),
            Self::NoRows | Self::NoPlan(_) => TABLE.to_owned(),
        }
    }
}
