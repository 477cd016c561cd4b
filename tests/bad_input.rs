//! The tool from outside, given what nobody should give it: it ends soon, says where and why, and audits the rest.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by a panic, also in its helpers"
)]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use unicode_width::UnicodeWidthStr;

/// What a run that hangs is ended after; no run comes near it.
const HANG: Duration = Duration::from_secs(30);

/// A plan without a fault, whose report shows that it was audited beside one that has some.
const OTHER: &str = "plan: The other plan\ngoals: [{name: New ARR, target: 1.2M}]\nkpis: [400 leads]\n";

/// The head of a plan whose KPIs follow.
const HEAD: &str = "plan: P\ngoals: [{name: New ARR, target: 1.2M}]\nkpis:\n";

// ---- running the tool

#[derive(Debug)]
struct Run {
    status: i32,
    out: String,
    err: String,
}

/// A folder of its own for each test.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bad_input").join(test);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> &Self {
        fs::write(self.0.join(name), bytes).unwrap();
        self
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = tool();
        command.current_dir(&self.0).args(["--as-of", "2027-01-15"]).args(args);
        command
    }

    fn run(&self, args: &[&str]) -> Run {
        finish(self.command(args))
    }

    /// Runs a command other than the audit, which alone has a day.
    fn run_plain(&self, args: &[&str]) -> Run {
        let mut command = tool();
        command.current_dir(&self.0).args(args);
        finish(command)
    }
}

/// The tool at 80 columns, whatever the terminal that the tests run in asks for.
fn tool() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kpi-audit"));
    command.env("COLUMNS", "80").stdin(Stdio::null());
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "FORCE_COLOR"] {
        command.env_remove(name);
    }
    command
}

fn finish(mut command: Command) -> Run {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let out = read_all(child.stdout.take().unwrap());
    let err = read_all(child.stderr.take().unwrap());
    let status = wait(&mut child);
    let run = Run { status, out: out.join().unwrap(), err: err.join().unwrap() };
    assert!(!run.err.contains("panicked"), "{}", run.err);
    run
}

fn read_all(mut from: impl Read + Send + 'static) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        from.read_to_end(&mut bytes).unwrap();
        String::from_utf8(bytes).expect("all output is UTF-8")
    })
}

/// The exit status; a run that hangs is ended, and fails the test.
fn wait(child: &mut Child) -> i32 {
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code().expect("it ends by itself, not by a signal");
        }
        if begun.elapsed() > HANG {
            child.kill().unwrap();
            panic!("it hangs");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Runs a faulty plan beside a sound one: the faulty one is an error, the other is audited all the same.
fn refused(test: &str, bytes: impl AsRef<[u8]>) -> String {
    let folder = Folder::new(test);
    folder.write("bad.yaml", bytes).write("other.yaml", OTHER);
    let run = folder.run(&["bad.yaml", "other.yaml"]);
    assert_eq!(run.status, 2, "{}", run.err);
    assert!(run.out.starts_with("The other plan\n"), "{}", run.out);
    assert!(!run.err.contains('\x1b') && !run.out.contains('\x1b'));
    assert!(run.err.len() < 20_000, "an error does not repeat a page: {} bytes", run.err.len());
    run.err
}

fn accepted(test: &str, text: &str) -> Run {
    let folder = Folder::new(test);
    folder.write("plan.yaml", text);
    let run = folder.run(&["plan.yaml"]);
    assert!(run.status < 2, "{}", run.err);
    assert_eq!(run.err, "");
    run
}

#[track_caller]
fn assert_says(err: &str, parts: &[&str]) {
    for part in parts {
        assert!(err.contains(part), "no {part:?} in\n{err}");
    }
}

#[track_caller]
fn assert_fits(text: &str, columns: usize) {
    for line in text.lines() {
        assert!(line.width() <= columns, "{} of {columns} columns: {line}", line.width());
    }
}

/// A comment that makes a file long enough for that many parts.
fn room_for(parts: usize) -> String {
    format!("# {}\n", "-".repeat(parts * 400))
}

fn many_kpis(count: usize, kpi: impl Fn(usize) -> String) -> String {
    let lines = (0..count).map(|at| format!("  - {}\n", kpi(at)));
    format!("{HEAD}{}{}", lines.collect::<String>(), room_for(count))
}

// ---- files that cannot be read

#[test]
fn a_file_without_permission_is_named() {
    let folder = Folder::new("permission");
    folder.write("bad.yaml", OTHER).write("other.yaml", OTHER);
    make_unreadable(&folder.0.join("bad.yaml"));
    if fs::read(folder.0.join("bad.yaml")).is_ok() {
        eprintln!("SKIPPED: this user reads files without permission, as root does");
        return;
    }
    let run = folder.run(&["bad.yaml", "other.yaml"]);
    assert_eq!(run.status, 2);
    assert_says(&run.err, &["bad.yaml cannot be read: no permission"]);
    assert_says(&run.out, &["The other plan"]);
}

#[cfg(unix)]
fn make_unreadable(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o000)).unwrap();
}

#[cfg(not(unix))]
fn make_unreadable(_: &Path) {}

#[test]
fn a_missing_file_is_named_and_the_others_are_audited() {
    let folder = Folder::new("missing");
    folder.write("other.yaml", OTHER);
    let run = folder.run(&["nowhere.yaml", "other.yaml"]);
    assert_eq!(run.status, 2);
    assert_eq!(run.err, "error: nowhere.yaml cannot be read: no such file\n\n");
    assert_says(&run.out, &["The other plan"]);
}

#[test]
fn a_folder_that_is_named_like_a_file_is_looked_into() {
    let folder = Folder::new("folder");
    fs::create_dir_all(folder.0.join("plan.yaml")).unwrap();
    let empty = folder.run(&["plan.yaml"]);
    assert_eq!(empty.status, 3);
    assert_says(&empty.err, &["no plan found in plan.yaml"]);
    folder.write("plan.yaml/inside.yml", OTHER);
    let run = folder.run(&["."]);
    assert_eq!((run.status, run.err.as_str()), (1, ""));
    assert_says(&run.out, &["plan.yaml/inside.yml"]);
}

#[test]
#[cfg(unix)]
fn a_pipe_is_read_where_somebody_writes_to_it_and_waited_for_no_longer() {
    let folder = Folder::new("pipe");
    folder.write("other.yaml", OTHER);
    let made = Command::new("mkfifo").arg(folder.0.join("pipe.yaml")).status();
    if !made.is_ok_and(|status| status.success()) {
        eprintln!("SKIPPED: there is no mkfifo here");
        return;
    }
    let run = folder.run(&["pipe.yaml", "other.yaml"]);
    assert_eq!(run.status, 2);
    assert_says(&run.err, &["pipe.yaml cannot be read: nobody writes to this pipe"]);
    assert_says(&run.out, &["The other plan"]);

    // In a folder only files are plans.
    assert_eq!(folder.run(&["."]).err, "");

    let pipe = folder.0.join("pipe.yaml");
    let writer = std::thread::spawn(move || fs::write(pipe, OTHER));
    let run = folder.run(&["pipe.yaml"]);
    writer.join().unwrap().unwrap();
    assert_eq!((run.status, run.err.as_str()), (1, ""));
}

#[test]
fn settings_that_are_a_folder_or_no_settings_are_errors() {
    let folder = Folder::new("settings");
    folder.write("other.yaml", OTHER);
    let run = folder.run(&["--config", ".", "other.yaml"]);
    assert_eq!((run.status, run.out.as_str()), (2, ""));
    assert_says(&run.err, &[". cannot be read: it is a folder"]);
    let run = folder.run(&["--config", "other.yaml", "other.yaml"]);
    assert_eq!((run.status, run.out.as_str()), (2, ""));
    assert_says(&run.err, &["other.yaml:1:1", "a settings file has no key `plan`"]);
}

#[test]
fn a_plan_cannot_reach_out_of_its_repository() {
    let folder = Folder::new("extends");
    folder.write("other.yaml", OTHER);
    fs::create_dir_all(folder.0.join("repository/.git")).unwrap();
    for (path, why) in [
        ("/etc/hosts", "outside of the repository"),
        ("../other.yaml", "outside of the repository"),
        ("plan.yaml", "cannot extend itself"),
        ("absent.yaml", "no such file"),
        (".", "it is a folder"),
    ] {
        folder.write("repository/plan.yaml", format!("plan: P\nextends: {path}\nkpis: [MQLs]\n"));
        let run = folder.run(&["repository/plan.yaml"]);
        assert_eq!(run.status, 2);
        assert_says(&run.err, &["repository/plan.yaml:2:10", why]);
    }
}

#[test]
fn a_thousand_documents_in_one_file_are_a_list() {
    let folder = Folder::new("documents");
    let documents: String = (0..1000).map(|at| format!("---\nplan: P{at}\nkpis: [400 leads]\n")).collect();
    folder.write("plans.yaml", documents);
    let run = folder.run(&["plans.yaml"]);
    assert_eq!(run.err, "");
    assert_says(&run.out, &["… and 970 more plans"]);
}

#[test]
#[cfg(unix)]
fn the_null_device_is_an_empty_file() {
    let folder = Folder::new("devices");
    folder.write("other.yaml", OTHER);
    let run = folder.run(&["/dev/null", "other.yaml"]);
    assert_eq!(run.status, 2);
    assert_says(&run.err, &["/dev/null: the file is empty", "kpi-audit init"]);
    assert_says(&run.out, &["The other plan"]);
}

// ---- texts that are no plan

#[test]
fn each_fault_is_told_at_its_place_with_what_to_do() {
    let cases: [(&str, &[u8], &[&str]); 11] = [
        ("indentation", b"plan: P\nkpis:\n  - name: a\n   target: 3\n", &["bad.yaml:4:4", "not indented", "help:"]),
        ("tab", b"plan: P\nkpis:\n\t- a\n", &["bad.yaml:3:1", "a tab", "indent with spaces"]),
        ("doubled", b"plan: P\nkpis: [a]\nplan: Q\n", &["bad.yaml:3:1", "`plan` stands twice", "help:"]),
        ("latin-1", b"plan: P\nkpis:\n  - caf\xe9\n", &["bad.yaml:3:8", "0xe9", "save the file as UTF-8"]),
        ("utf-16", b"\xff\xfep\0l\0a\0n\0", &["bad.yaml: this is UTF-16", "save the file as UTF-8"]),
        ("empty", b"", &["bad.yaml: the file is empty", "kpi-audit init"]),
        ("comments", b"# nothing\n# to see\n", &["bad.yaml:1:1", "holds only comments"]),
        ("unknown-key", b"plan: P\nkpis: [a]\nkpi: [b]\n", &["bad.yaml:3:1", "no key `kpi`", "did you mean `kpis`?"]),
        ("nul", b"plan: P\nkpis: [a\0b]\n", &["bad.yaml:2:9", "control character"]),
        ("no-plan", b"services: {web: {image: nginx}}\n", &["bad.yaml:1:1", "not a plan", "help:"]),
        ("a-word", b"hello\n", &["bad.yaml:1:1", "help:"]),
    ];
    for (name, bytes, parts) in cases {
        assert_says(&refused(name, bytes), parts);
    }
}

#[test]
fn all_faults_of_a_file_are_told_in_one_run() {
    let err = refused("several", "plan: P\nperiod: soon\nkpi: [b]\nkpis: [{name: a, target: 5 apples}]\n");
    assert_says(&err, &["bad.yaml:2:9", "bad.yaml:3:1", "bad.yaml:4:26"]);
}

#[test]
fn many_faults_are_counted_after_the_first_twenty() {
    let text = many_kpis(1000, |at| format!("{{name: a{at}, colour: red}}"));
    let err = refused("many-faults", text);
    assert_eq!(err.matches("error: ").count(), 20);
    assert_says(&err, &["bad.yaml: 980 more problems, shown with --all"]);
}

#[test]
fn a_fault_names_its_own_place_also_where_it_shows_another_above_it() {
    let err = refused("related", "plan: P\nkpis:\n  - {id: a, name: b}\n\n\n\n  - {id: a, name: c}\n");
    assert_says(&err, &["bad.yaml:7:10", "3 │", "first given here", "7 │"]);
}

#[test]
fn the_place_in_a_long_line_counts_from_its_beginning() {
    let long = "x".repeat(1000);
    let err = refused("long-line", format!("plan: P\nkpis: [{{name: {long}, colour: red}}]\n"));
    assert_says(&err, &["bad.yaml:2:1017", "no key `colour`"]);
    assert_fits(&err, 80);
}

#[test]
fn a_byte_order_mark_and_other_line_ends_move_no_place() {
    let faulty = "plan: P\nkpis:\n  - name: a\n    colour: red\n";
    let sound = accepted("plain", OTHER).out;
    let told = refused("plain-fault", faulty);
    assert_says(&told, &["bad.yaml:4:5"]);
    assert_eq!(refused("bom-fault", format!("\u{feff}{faulty}")), told);
    assert_eq!(refused("crlf-fault", faulty.replace('\n', "\r\n")), told);
    assert_eq!(accepted("bom", &format!("\u{feff}{OTHER}")).out, sound);
    assert_eq!(accepted("crlf", &OTHER.replace('\n', "\r\n")).out, sound);
}

// ---- a plan to start from

#[test]
fn the_plan_that_init_writes_passes_the_audit_that_it_points_to() {
    let folder = Folder::new("init");
    let written = folder.run_plain(&["init"]);
    assert_eq!((written.status, written.err.as_str()), (0, ""));
    assert_says(&written.out, &["plan.yaml is written", "Then run: kpi-audit plan.yaml\n"]);
    let run = folder.run(&["plan.yaml"]);
    assert_eq!((run.status, run.err.as_str()), (0, ""), "{}", run.out);
    assert_eq!(folder.run(&["--fail-on", "medium", "plan.yaml"]).status, 0);
}

// ---- arguments that say two things

#[test]
fn quiet_json_is_bad_usage() {
    let folder = Folder::new("quiet-json");
    folder.write("other.yaml", OTHER);
    let run = folder.run(&["--quiet", "--format", "json", "other.yaml"]);
    assert_eq!((run.status, run.out.as_str()), (2, ""));
    assert_says(&run.err, &["'--quiet' cannot be used with '--format json'", "use '--quiet' without it"]);
}

#[test]
fn json_leaves_out_what_is_less_grave_than_asked_for_and_keeps_the_gates() {
    let folder = Folder::new("min-severity");
    folder.write("plan.yaml", "plan: P\ngoals: [New ARR]\nkpis: [LinkedIn followers, Views]\n");
    let of = |severity: &str| {
        let run = folder.run(&["--format", "json", "--min-severity", severity, "plan.yaml"]);
        (run.status, serde_json::from_str::<serde_json::Value>(&run.out).unwrap())
    };
    let (whole, some) = (of("note"), of("critical"));
    assert_eq!((whole.0, some.0), (1, 1));
    assert_eq!(whole.1["gates"], some.1["gates"]);
    assert_eq!(whole.1["plans"][0]["score"], some.1["plans"][0]["score"]);
    assert!(!whole.1["plans"][0]["findings"].as_array().unwrap().is_empty());
    assert_eq!(some.1["plans"][0]["findings"], serde_json::json!([]));
}

// ---- texts that would use up time or memory

#[test]
fn ten_thousand_levels_are_refused_where_they_pass_the_limit() {
    let block: String = (0..500).map(|depth| format!("{}-\n", " ".repeat(depth))).collect();
    let cases = [
        ("flow-lists", format!("plan: P\nkpis: {}", "[".repeat(10_000)), "bad.yaml:2:71"),
        ("closed-lists", format!("plan: P\nkpis: {}{}\n", "[".repeat(10_000), "]".repeat(10_000)), "bad.yaml:2:71"),
        ("flow-mappings", format!("plan: P\nkpis: {}", "{a: ".repeat(10_000)), "bad.yaml:2:"),
        ("hyphens", format!("plan: P\nkpis:\n  {}a\n", "- ".repeat(10_000)), "bad.yaml:3:129"),
        ("block-lists", format!("plan: P\nkpis:\n{block}"), "bad.yaml:66:"),
    ];
    for (name, text, place) in cases {
        assert_says(&refused(name, text), &[place, "nest deeper than 64 levels"]);
    }
}

#[test]
fn aliases_that_repeat_each_other_do_not_multiply() {
    let ids = ["new-arr"; 900].join(",");
    let users: String = (0..250).map(|at| format!("  - {{name: k{at}, drives: *d}}\n")).collect();
    let flat = format!("{HEAD}  - {{name: MQLs, target: 3, drives: &d [{ids}]}}\n{users}");
    assert!(flat.len() < 15_000);
    assert_says(&refused("alias-bomb", flat), &["bad.yaml:4:", "aliases repeat more values"]);

    let mut nested = "plan: P\nkpis:\n  - &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..200 {
        let alias = format!("*a{}", level - 1);
        nested.push_str(&format!("  - &a{level} [{}]\n", [alias.as_str(); 9].join(", ")));
    }
    assert_says(&refused("laughs", nested), &["bad.yaml:3:"]);
    let document = format!(
        "---\nplan: P\nkpis: [{{name: a, agreed_with: &a [{}]}}, {}b]\n",
        "x,".repeat(200),
        "{agreed_with: *a},".repeat(20)
    );
    assert!(!refused("one-document", &document).contains("aliases repeat"), "one alone is within what a file may cost");
    assert_says(&refused("documents", document.repeat(20)), &["bad.yaml:3:", "aliases repeat more values"]);
    assert_says(&refused("endless-alias", "plan: P\nkpis: &a [*a]\n"), &["bad.yaml:2:11", "inside the value"]);
}

#[test]
fn a_line_of_five_megabytes_is_read_and_an_error_in_it_shows_a_window() {
    let long = "x".repeat(5_000_000);
    let run = accepted("long-text", &format!("plan: P\nkpis: [MQLs]\nguidepoint: {long}\n"));
    assert!(run.out.len() < 20_000);
    let err = refused("long-unknown", format!("plan: P\nkpis: [MQLs]\nguidpoint: {long}\n"));
    assert_says(&err, &["bad.yaml:3:1", "did you mean `guidepoint`?"]);
    let err = refused("long-key", format!("plan: P\nkpis: [MQLs]\n{long}: 1\n"));
    assert_says(&err, &["bad.yaml:3:1"]);
    let err = refused("long-behind", format!("plan: {long}\nkpis: [{{name: MQLs, colour: red}}]\n"));
    assert_says(&err, &["bad.yaml:2:21"]);
}

#[test]
fn a_name_of_a_megabyte_is_clipped_wherever_it_is_shown() {
    for (test, word) in [("long-name", "MQLs 30% and "), ("long-word", "MQL"), ("long-vanity", "LinkedIn followers ")] {
        let name = word.repeat(1_000_000 / word.len());
        let run = accepted(test, &format!("{HEAD}  - \"{}\"\n", name.trim_end()));
        assert!(run.out.len() < 20_000, "{test}: {} bytes", run.out.len());
        assert_fits(&run.out, 80);
    }
}

#[test]
fn twenty_thousand_kpis_are_audited() {
    let run = accepted("many-kpis", &many_kpis(20_000, |at| format!("{at} leads from town {at}")));
    assert_eq!(run.status, 1);
    assert_says(&run.out, &["… and 19985 more KPIs", "any of these 20,000 KPIs"]);
    assert!(run.out.len() < 20_000);
}

#[test]
fn a_chain_of_ten_thousand_links_is_followed_to_its_end() {
    let link = |at: usize| {
        let next = if at + 1 < 10_000 { format!("k{}", at + 1) } else { "new-arr".to_owned() };
        format!("{{id: k{at}, name: MQLs {at}, target: 10, drives: [{next}], because: 1 in 8}}")
    };
    let run = accepted("chain", &many_kpis(10_000, link));
    assert!(run.out.len() < 20_000);
    assert_says(&run.out, &["links"]);
}

#[test]
fn a_circle_of_ten_thousand_links_is_an_error_at_the_link_that_closes_it() {
    let link = |at: usize| format!("{{id: k{at}, name: MQLs {at}, target: 10, drives: [k{}]}}", (at + 1) % 10_000);
    let err = refused("circle", many_kpis(10_000, link));
    assert_says(&err, &["bad.yaml:10003:", "closes a circle"]);
}

// ---- texts that would act on a terminal, or on a sentence

/// What a terminal acts on, in YAML's own escapes.
const HOSTILE: &str = r"\e[31m\e]0;title\a\x9b2J\u202eabc\u2066\r\nnext\u2028line\0\b";

#[test]
fn what_a_terminal_would_act_on_comes_out_harmless() {
    let text = format!(
        "plan: \"P {HOSTILE}\"\nperiod: 2027-Q1\ngoals: [{{name: \"New ARR {HOSTILE}\", target: 1.2M}}]\nkpis:\n  \
         - \"Followers {HOSTILE}\"\n  - {{name: \"MQLs {HOSTILE}\", target: 100, owner: \"{HOSTILE}\"}}\nproducts: [{{name: \
         \"Core {HOSTILE}\", budget: 60k}}, {{name: \"Pro {HOSTILE}\", budget: 60k}}, {{name: Lite, budget: 60k}}]\n"
    );
    let folder = Folder::new("hostile");
    folder.write("plan.yaml", text);
    for args in [&["plan.yaml"][..], &["--all", "plan.yaml"], &["--quiet", "plan.yaml"]] {
        let run = folder.run(args);
        assert_eq!((run.status, run.err.as_str()), (1, ""));
        assert_harmless(&run.out);
    }
}

#[test]
fn hostile_keys_values_and_lines_are_harmless_in_errors() {
    let raw = "\u{202e}\u{9b}31m\u{2028}";
    let err = refused(
        "hostile-errors",
        format!(
            "plan: P\n\"key {HOSTILE}\": 1\nkpis: [{{name: a, role: \"{HOSTILE}\"}}, {{name: a, drives: [\"{HOSTILE}\"]}}]\n# {raw}\nperiod: 2027-Q9 # {raw}\n"
        ),
    );
    assert_harmless(&err);
    assert_fits(&err, 80);
}

#[test]
#[cfg(unix)]
fn a_hostile_file_name_is_harmless() {
    let folder = Folder::new("hostile-name");
    let name = "a\u{1b}[31m\u{202e}b.yaml";
    folder.write(name, OTHER).write("bad\u{1b}[31m.yaml", "");
    for args in [&[name][..], &["-q", name], &["bad\u{1b}[31m.yaml"], &["no\u{1b}[31m"], &["init", name]] {
        let run = folder.run(if args[0] == "init" { &[] } else { args });
        assert_harmless(&run.out);
        assert_harmless(&run.err);
    }
}

#[test]
#[cfg(unix)]
fn a_hostile_file_name_is_harmless_where_colours_are_shown() {
    let folder = Folder::new("hostile-name-coloured");
    // The title of a window is nothing that a colour of ours could be.
    let name = "a\u{1b}]0;title\u{7}\u{202e}b.yaml";
    folder.write(name, OTHER).write("bad\u{1b}]0;x\u{7}.yaml", "");
    let config = format!("--config={name}");
    for args in [
        &[name][..],
        &["-q", name],
        &["bad\u{1b}]0;x\u{7}.yaml"],
        &["no\u{1b}]0;x\u{7}"],
        &[&config, name],
        &["init", name],
        &["init", "no\u{1b}]0;x\u{7}/plan.yaml"],
        &["explain", "\u{1b}]0;x\u{7}\u{202e}"],
    ] {
        let run = folder.run_plain(&[args, &["--color", "always"]].concat());
        let text = run.out + &run.err;
        assert!(!text.contains("\u{1b}]") && !text.contains(['\u{7}', '\u{202e}']), "{}", text.escape_debug());
    }
}

#[test]
#[cfg(unix)]
fn a_linked_plan_in_a_folder_is_audited_and_links_in_a_circle_end() {
    use std::os::unix::fs::symlink;
    let folder = Folder::new("links");
    fs::create_dir_all(folder.0.join("plans")).unwrap();
    folder.write("other.yaml", OTHER);
    symlink("../other.yaml", folder.0.join("plans/linked.yaml")).unwrap();
    symlink("..", folder.0.join("plans/up")).unwrap();
    let run = folder.run(&["plans"]);
    assert_eq!((run.status, run.err.as_str()), (1, ""));
    assert_says(&run.out, &["The other plan", "plans/linked.yaml"]);

    symlink("nothing", folder.0.join("plans/nowhere.yaml")).unwrap();
    let run = folder.run(&["plans"]);
    assert_eq!(run.status, 2);
    assert_says(&run.err, &["plans/nowhere.yaml cannot be read: no such file"]);
    assert_says(&run.out, &["The other plan"]);
}

#[test]
fn many_faults_on_one_long_line_are_placed_in_time() {
    let faults: String = (0..20_000).map(|at| format!("{{name: a{at}, colour: red}}, ")).collect();
    let folder = Folder::new("faults-on-a-line");
    folder.write("plan.yaml", format!("plan: P\nkpis: [{faults}]\n{}", room_for(20_000)));
    let run = folder.run(&["--format", "json", "plan.yaml"]);
    assert_eq!(run.status, 2);
    assert_eq!(run.out.matches("has no key `colour`").count(), 5_000);
    assert_eq!(run.out.matches("this file has more than 5000 problems, and the rest of it is not checked").count(), 1);
}

#[test]
fn a_file_holds_as_many_parts_as_its_size_allows_and_the_first_beyond_is_named() {
    // The plan itself is a part; the rest of 5,000 are KPIs, and each 400 bytes allow one more.
    let kpis = |count: usize| format!("plan: P\nkpis:\n{}", "- a\n".repeat(count));
    let most = (1..).find(|&count| count + 1 > 5_000 + kpis(count).len() / 400).unwrap_or_default() - 1;
    accepted("most-parts", &kpis(most));
    let err = refused("too-many-parts", kpis(most + 1));
    assert_says(
        &err,
        &[
            &format!("bad.yaml:{}:3", most + 3),
            &format!("this file has more than {} goals, KPIs, products and other parts, the", most + 1),
            "split it into several plans, each in a file of its own",
        ],
    );
    let documents = format!("plan: P\nkpis: [{}]\n---\n", "a, ".repeat(most / 2));
    assert_says(&refused("parts-of-documents", documents.repeat(3)), &["bad.yaml:8:", "goals, KPIs, products"]);
}

#[test]
fn a_file_holds_a_thousand_documents() {
    let documents = |count: usize| "---\nplan: P\nkpis: [a]\n".repeat(count);
    accepted("most-documents", &documents(1_000));
    let err = refused("too-many-documents", documents(1_001));
    assert_says(&err, &["bad.yaml:3001:1", "more than 1000 documents", "put the plans into several files"]);
}

#[test]
fn five_thousand_problems_of_a_text_are_listed_and_the_first_beyond_ends_its_check() {
    for (test, line, problem) in [
        ("tags", "  - !include x\n", "the tag `!include` is not read"),
        ("doubled-keys", "note: x\n", "the key `note` stands twice"),
        ("empty-items", "  -\n", "expected a KPI, found nothing"),
    ] {
        let head = if line.starts_with(' ') { "plan: P\nkpis:\n" } else { "plan: P\nkpis: [a]\n" };
        let folder = Folder::new(test);
        folder.write("plan.yaml", head.to_owned() + &line.repeat(20_000));
        let run = folder.run(&["--format", "json", "plan.yaml"]);
        assert_eq!(run.status, 2, "{test}");
        assert_eq!(run.out.matches(problem).count(), 5_000, "{test}");
        assert_eq!(run.out.matches("this file has more than 5000 problems").count(), 1, "{test}");
    }
}

#[track_caller]
fn assert_harmless(text: &str) {
    let acts = |c: char| {
        (c.is_control() && c != '\n') || matches!(c, '\u{2028}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if let Some(found) = text.chars().find(|c| acts(*c)) {
        panic!("{found:?} in\n{}", text.escape_debug());
    }
}

#[test]
fn braces_in_names_are_letters_and_no_slots() {
    let text = "plan: \"P {count}\"\ngoals: [{name: \"New ARR {names} {count} {name}\", target: 1.2M}]\nkpis:\n  \
                - 1,000 MQLs {names}\n  - \"2,000 MQLs {goal} {count:one|many}\"\n";
    let run = accepted("braces", text);
    let said = run.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_says(
        &said,
        &["moves \"New ARR {names} {count} {name}\"", "\"1,000 MQLs {names}\"", "{goal} {count:one|many}\""],
    );
}

// ---- the output itself

#[test]
fn colours_are_shown_where_they_are_wanted_and_nowhere_else() {
    let folder = Folder::new("colours");
    folder.write("other.yaml", OTHER).write("bad.yaml", "plan: P\n");
    let coloured = |args: &[&str], variables: &[(&str, &str)]| {
        let mut command = folder.command(args);
        command.args(["bad.yaml", "other.yaml"]).envs(variables.iter().copied());
        let run = finish(command);
        (run.out.contains('\x1b'), run.err.contains('\x1b'))
    };
    assert_eq!(coloured(&[], &[]), (false, false));
    assert_eq!(coloured(&["--color", "always"], &[]), (true, true));
    assert_eq!(coloured(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]), (false, false));
    assert_eq!(coloured(&[], &[("CLICOLOR_FORCE", "1")]), (true, true));
    assert_eq!(coloured(&[], &[("FORCE_COLOR", "1")]), (true, true));
    assert_eq!(coloured(&[], &[("NO_COLOR", "1")]), (false, false));
    assert_eq!(coloured(&[], &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")]), (false, false));
    assert_eq!(coloured(&["--color", "always"], &[("NO_COLOR", "1")]), (true, true));
}

#[test]
fn a_closed_pipe_is_a_quiet_end() {
    let folder = Folder::new("closed-pipe");
    folder.write("plan.yaml", many_kpis(1000, |at| format!("{at} leads from town {at}")));
    let mut child = folder
        .command(&["--format", "json", "plan.yaml"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    out.read_line(&mut first).unwrap();
    drop(out);
    let err = read_all(child.stderr.take().unwrap());
    assert_eq!(wait(&mut child), 1);
    assert!(first.starts_with("{\"version\":1,"), "{first}");
    assert_eq!(err.join().unwrap(), "");
}

#[test]
fn who_reads_no_further_changes_neither_the_status_nor_the_baseline() {
    let folder = Folder::new("closed-early");
    for at in 0..30 {
        let text = many_kpis(100, |kpi| format!("{kpi} leads from town {kpi}"));
        folder.write(&format!("{at}.yaml"), text.replacen("plan: ", &format!("plan: {at} "), 1));
    }
    let baseline = |name: &str| fs::read_to_string(folder.0.join(name)).unwrap();
    let whole = folder.run(&["--format", "csv", "--write-baseline", "whole.json", "."]);
    assert!(baseline("whole.json").lines().count() > 30);
    let args = ["--format", "csv", "--jobs", "1", "--verbose", "--write-baseline", "cut.json", "."];
    let mut child = folder.command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop((child.stdout.take(), child.stderr.take()));
    assert_eq!(wait(&mut child), whole.status);
    assert_eq!(baseline("cut.json"), baseline("whole.json"));
}

#[test]
fn standard_input_has_no_folder_and_can_be_cut_short() {
    for (text, status) in [("", 2), ("plan: P\nkpis: [", 2), (OTHER, 1)] {
        let mut command = tool();
        let mut child = command
            .args(["--as-of", "2027-01-15", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        let err = read_all(child.stderr.take().unwrap());
        assert_eq!(wait(&mut child), status, "{}", err.join().unwrap());
    }
}

#[test]
fn no_line_of_an_example_is_wider_than_80_columns() {
    assert_examples_fit(80);
}

#[test]
fn no_line_of_an_example_is_wider_than_120_columns() {
    assert_examples_fit(120);
}

#[track_caller]
fn assert_examples_fit(columns: usize) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut seen = 0;
    for entry in fs::read_dir(root.join("examples")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        for all in [&[][..], &["--all"]] {
            let mut command = tool();
            command.current_dir(root).env("COLUMNS", columns.to_string());
            command.args(["--as-of", "2027-01-15"]).arg(format!("examples/{name}")).args(all);
            assert_fits(&finish(command).out, columns);
            seen += 1;
        }
    }
    assert!(seen >= 12, "there are six examples at least");
}

#[test]
fn any_number_of_columns_is_survived() {
    let folder = Folder::new("columns");
    folder.write("other.yaml", OTHER).write("bad.yaml", "plan: P\nkpi: []\n");
    for columns in ["0", "1", "39", "1000000", "18446744073709551615", "-5", "wide", ""] {
        let mut command = folder.command(&["bad.yaml", "other.yaml"]);
        command.env("COLUMNS", columns);
        assert_eq!(finish(command).status, 2, "COLUMNS={columns}");
    }
}
