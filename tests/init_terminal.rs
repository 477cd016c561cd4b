//! The questions of `init`, on a terminal as a person has it.

#![cfg(unix)]
#![allow(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use nix::sys::wait::WaitStatus;
use rexpect::session::{PtySession, spawn_command};

/// Enough for a machine that does much else.
const PATIENCE: Option<u64> = Some(30_000);

/// An empty folder of its own for a test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("init").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder can be made");
    folder
}

fn kpi_audit(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kpi-audit"));
    command.args(args).current_dir(folder).env("COLUMNS", "80");
    command
}

fn on_a_terminal(folder: &Path, args: &[&str]) -> PtySession {
    spawn_command(kpi_audit(folder, args), PATIENCE).expect("the tool starts")
}

fn answer(session: &mut PtySession, question: &str, answer: &str) {
    session.exp_string(question).expect(question);
    session.send_line(answer).expect("a line can be typed");
}

/// What is said to the end, and the exit status.
fn end(session: &mut PtySession) -> (String, i32) {
    let said = session.exp_eof().expect("the tool ends").replace('\r', "");
    let status = match session.process().wait() {
        Ok(WaitStatus::Exited(_, status)) => Some(status),
        _ => None,
    };
    (said, status.expect("it ends by itself"))
}

#[test]
fn answers_become_a_plan_that_is_audited_without_errors() {
    let folder = folder("answers");
    let mut session = on_a_terminal(&folder, &["init", "q1.yaml"]);
    answer(&mut session, "1/7 Period", "Q1 2027");
    answer(&mut session, "[Plan for 2027-Q1]: ", "Growth: \"Łódź\" #1");
    answer(&mut session, "[EUR]: ", "euros and more");
    answer(&mut session, "again, please [EUR]: ", "");
    answer(&mut session, "[not sure]: ", "2");
    answer(&mut session, "[New MRR]: ", "New MRR: 40k");
    answer(&mut session, "[none yet]: ", "Core 60k, Pro");
    answer(&mut session, "An empty line ends them", "- Cut cost per lead by 30%\n\n1,000 sign-ups this quarter\n");
    let (said, status) = end(&mut session);
    assert_eq!(status, 0, "{said}");
    assert!(said.contains("Then run: kpi-audit q1.yaml\n"), "{said}");

    let plan = fs::read_to_string(folder.join("q1.yaml")).expect("the plan is written");
    assert!(plan.starts_with("# yaml-language-server: $schema=kpi-plan.schema.json\n"), "{plan}");
    for line in
        ["plan: \"Growth: \\\"Łódź\\\" #1\"\n", "  - name: 1,000 sign-ups this quarter\n", "motion: self-serve\n"]
    {
        assert!(plan.contains(line), "{plan}");
    }
    let schema = fs::read_to_string(folder.join("kpi-plan.schema.json")).expect("the schema is written");
    assert_eq!(schema, kpi_audit::plan::schema());
    let audit = kpi_audit(&folder, &["q1.yaml", "--exit-zero"]).output().expect("the tool runs");
    assert_eq!((audit.status.code(), audit.stderr.len()), (Some(0), 0));
}

#[test]
fn ctrl_c_writes_nothing_and_says_so() {
    let folder = folder("ctrl-c");
    let mut session = on_a_terminal(&folder, &["init"]);
    answer(&mut session, "1/7 Period", "");
    session.exp_string("2/7").expect("the next question");
    session.send_control('c').expect("a key can be pressed");
    let (said, status) = end(&mut session);
    assert!(said.ends_with("stopped: nothing is written\n"), "{said}");
    assert_eq!((status, fs::read_dir(&folder).expect("a folder").count()), (130, 0));
}

#[test]
fn the_end_of_the_input_writes_nothing_and_says_so() {
    let folder = folder("ctrl-d");
    let mut session = on_a_terminal(&folder, &["init"]);
    session.exp_string("1/7 Period").expect("the first question");
    session.send_control('d').expect("a key can be pressed");
    let (said, status) = end(&mut session);
    assert!(said.contains("nothing is written"), "{said}");
    assert_eq!((status, fs::read_dir(&folder).expect("a folder").count()), (2, 0));
}

#[test]
fn nothing_is_asked_for_a_file_that_cannot_be_begun() {
    let folder = folder("taken");
    fs::write(folder.join("plan.yaml"), "plan: mine\n").expect("a file can be written");
    let (said, status) = end(&mut on_a_terminal(&folder, &["init"]));
    assert!(said.contains("it exists already") && !said.contains("1/7"), "{said}");
    assert_eq!(status, 2);
}

#[test]
fn yes_asks_nothing_on_a_terminal_either() {
    let folder = folder("yes");
    let (said, status) = end(&mut on_a_terminal(&folder, &["init", "--yes"]));
    assert!(said.contains("plan.yaml is written") && !said.contains("1/7"), "{said}");
    assert_eq!(status, 0);
}

#[test]
fn answers_that_cannot_be_written_are_not_lost() {
    let folder = folder("lost");
    let mut session = on_a_terminal(&folder, &["init"]);
    session.exp_string("1/7 Period").expect("the first question");
    fs::write(folder.join("plan.yaml"), "plan: mine\n").expect("a file can be written");
    for line in ["", "Ours", "", "", "", "", ""] {
        session.send_line(line).expect("a line can be typed");
    }
    let (said, status) = end(&mut session);
    assert!(said.contains("it exists already") && said.contains("\nplan: Ours\n"), "{said}");
    assert_eq!(status, 2);
    assert_eq!(fs::read_to_string(folder.join("plan.yaml")).expect("a file"), "plan: mine\n");
}
