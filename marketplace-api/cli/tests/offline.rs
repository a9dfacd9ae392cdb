//! The command as programs see it, as far as it goes without a chain or a service: exit codes, the one JSON
//! object, and work on files by hand.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use wonbon_primitives::sample::{Kind, Sample};

/// Nothing listens there: the port is reserved for "discard" and below those a user may open.
const NOBODY: [&str; 4] = ["--chain", "ws://127.0.0.1:9", "--service", "http://127.0.0.1:9"];

fn wonbon(home: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wonbon"));
    for name in ["KEY", "PASSPHRASE_FILE", "CHAIN", "SERVICE", "GENESIS", "HOME", "COMPANY", "LOG"] {
        command.env_remove(format!("WONBON_{name}"));
    }
    command.args(arguments).args(["--home", home.to_str().unwrap()]).output().unwrap()
}

/// The object on standard output, and the exit code.
fn json(home: &Path, arguments: &[&str]) -> (Value, i32) {
    let arguments: Vec<&str> = arguments.iter().copied().chain(["--json"]).collect();
    let output = wonbon(home, &arguments);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.lines().count(), 1, "one object: {text}{}", String::from_utf8_lossy(&output.stderr));
    (serde_json::from_str(&text).unwrap(), output.status.code().unwrap())
}

/// The error object of a failure with this code.
fn failure(home: &Path, code: i32, arguments: &[&str]) -> Value {
    let (value, found) = json(home, arguments);
    assert_eq!(found, code, "{arguments:?}: {value}");
    assert_eq!(value["error"]["code"], code, "{value}");
    value["error"].clone()
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> String {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn exit_codes_are_in_the_help() {
    let home = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_wonbon")).args(["help", "exit-codes"]).output().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    for code in ["  0  ", "  1  ", "  2  ", "  3  ", "  4  ", "  5  ", "  6  ", "  7  ", "130  "] {
        assert!(text.contains(code), "{code} in {text}");
    }
    let (value, code) = json(home.path(), &["--quiet", "help", "exit-codes"]);
    assert_eq!((code, value["exit_codes"][6]["kind"].as_str()), (0, Some("key")));
    let output = wonbon(home.path(), &["help", "order", "settle"]);
    assert!(String::from_utf8(output.stdout).unwrap().contains("wonbon order settle"));
    failure(home.path(), 2, &["help", "fly"]);
    assert!(wonbon(home.path(), &["--help"]).status.success());
    assert!(wonbon(home.path(), &["--version"]).status.success());
}

#[cfg(unix)]
#[test]
fn a_reader_of_the_help_may_go_away() {
    for arguments in [&["--help"][..], &["help", "exit-codes"], &["--version"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = Command::new(env!("CARGO_BIN_EXE_wonbon"));
        assert!(command.args(arguments).stdout(writer).status().unwrap().success(), "{arguments:?}");
    }
}

#[test]
fn a_wrong_command_line_is_2() {
    let home = tempfile::tempdir().unwrap();
    assert_eq!(wonbon(home.path(), &["fly"]).status.code(), Some(2));
    let error = failure(home.path(), 2, &["buy", "x", "-o", "y"]);
    assert_eq!(error["kind"], "usage");
    failure(home.path(), 2, &["show", "milling"]);
    failure(home.path(), 2, &["key", "new", "a b"]);
}

#[test]
fn refused_input_is_3() {
    let home = tempfile::tempdir().unwrap();
    let empty = write(home.path(), "empty.csv", b"");
    assert_eq!(failure(home.path(), 3, &["hash", &empty])["kind"], "refused");
    failure(home.path(), 3, &["seal", &empty]);
    let message = &failure(home.path(), 3, &["hash", "/dev/null"])["message"];
    assert!(message.as_str().unwrap().contains("not a regular file"), "{message}");
    failure(home.path(), 3, &["publish", &empty, "--title", "t", "--price", "1"]);
    let korean = write(home.path(), "korean.csv", b"\xbf\xc2\xb5\xb5\n1\n");
    let error = failure(home.path(), 3, &["profile", &korean]);
    assert!(error["message"].as_str().unwrap().ends_with("not UTF-8 text: byte 0xbf at offset 0 (line 1)"));
    let register =
        ["company", "register", "--name", "n", "--ksic", "C29", "--size", "small", "--region", "경기"];
    let wrong: Vec<&str> = register.iter().copied().chain(["--number", "124-81-00999"]).collect();
    assert_eq!(failure(home.path(), 3, &wrong)["name"], "BadCheckDigit");
}

#[test]
fn files_by_which_people_join_are_refused_by_what_is_bad_about_them() {
    let home = tempfile::tempdir().unwrap();
    let empty = write(home.path(), "empty.json", b"{}");
    let other = write(home.path(), "other.json", br#"{"format": 7, "genesis": "x"}"#);
    for (command, file, named) in [
        (&["company", "establish"][..], &empty, "`format`"),
        (&["company", "establish"], &other, "format: "),
        (&["company", "join", "-o", "joining.json"], &empty, "`format`"),
        (&["company", "join", "-o", "joining.json"], &other, "format: "),
    ] {
        let arguments = [command, &[file.as_str(), "--key", "dev:Alice"]].concat();
        let error = failure(home.path(), 3, &arguments);
        assert_eq!(error["name"], "BadFile", "{error}");
        assert!(error["message"].as_str().unwrap().contains(named), "{error}");
    }
    let occupied = ["company", "join", &empty, "-o", &other];
    assert_eq!(failure(home.path(), 3, &occupied)["name"], "Occupied");
    failure(home.path(), 2, &["company", "members", "--company", "nobody"]);
    failure(home.path(), 2, &["company", "invite", "--roles", "boss", "--limit", "1", "-o", "x"]);
    failure(home.path(), 2, &["company", "change", &wonbon_model::AccountId([1; 32]).to_string()]);
    failure(home.path(), 2, &["history"]);
}

#[test]
fn a_chain_or_service_that_is_not_there_is_4() {
    let home = tempfile::tempdir().unwrap();
    // All at once, because each waits a while for a node that may be starting.
    std::thread::scope(|scope| {
        for command in [&["show", "0"][..], &["search"], &["deliver", "--key", "dev:Alice"]] {
            let home = home.path();
            scope.spawn(move || {
                let arguments: Vec<&str> = command.iter().chain(&NOBODY).copied().collect();
                let error = failure(home, 4, &arguments);
                assert!(error["advice"].is_string(), "{error}");
            });
        }
    });
}

#[test]
fn keys_and_passphrases_are_7() {
    let home = tempfile::tempdir().unwrap();
    let (right, wrong) =
        (write(home.path(), "p", b"right words\n"), write(home.path(), "q", b"other words\n"));
    failure(home.path(), 7, &["key", "show"]);
    let (made, code) = json(home.path(), &["key", "new", "seller", "--passphrase-file", &right]);
    assert_eq!(code, 0);
    assert_eq!(json(home.path(), &["key", "show", "seller"]).0["account"], made["account"]);
    assert_eq!(json(home.path(), &["key", "list"]).0["keys"][0]["name"], "seller");
    failure(home.path(), 7, &["key", "new", "seller", "--passphrase-file", &right]);
    let order = ["order", "settle", "0", "--key", "seller", "--passphrase-file", &wrong];
    let error = failure(home.path(), 7, &order);
    assert!(error["message"].as_str().unwrap().contains("wrong passphrase"), "{error}");
    let short = write(home.path(), "s", b"nine char\n");
    let error = failure(home.path(), 7, &["key", "new", "another", "--passphrase-file", &short]);
    assert!(error["message"].as_str().unwrap().contains("10 characters"), "{error}");
    assert!(!home.path().join("keys/another.json").exists());
    // No passphrase is ever taken from the command line.
    assert_eq!(wonbon(home.path(), &["key", "list", "--passphrase", "x"]).status.code(), Some(2));
}

#[cfg(unix)]
#[test]
fn a_passphrase_file_that_others_can_read_is_warned_about() {
    use std::os::unix::fs::PermissionsExt;
    let home = tempfile::tempdir().unwrap();
    let file = write(home.path(), "p", b"some words\n");
    for (mode, warned) in [(0o644, true), (0o600, false)] {
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
        let name = format!("key-{mode:o}");
        let output = wonbon(home.path(), &["key", "new", &name, "--passphrase-file", &file]);
        assert!(output.status.success());
        assert_eq!(String::from_utf8_lossy(&output.stderr).contains("warning: others"), warned);
    }
}

#[cfg(unix)]
#[test]
fn a_key_file_that_others_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let home = tempfile::tempdir().unwrap();
    let passphrase = write(home.path(), "p", b"some words\n");
    std::fs::set_permissions(&passphrase, std::fs::Permissions::from_mode(0o600)).unwrap();
    let path = home.path().join("key.json");
    let path = path.to_str().unwrap();
    json(home.path(), &["key", "new", path, "--passphrase-file", &passphrase]);
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o640)).unwrap();
    let error = failure(home.path(), 7, &["key", "show", path]);
    assert!(error["message"].as_str().unwrap().contains("mode 640"), "{error}");
    assert!(error["advice"].as_str().unwrap().contains("chmod 600"), "{error}");
}

#[test]
fn what_was_sealed_opens_and_what_was_changed_is_5() {
    let home = tempfile::tempdir().unwrap();
    for length in [1usize, 4096, 4097, 3_000_000] {
        let data: Vec<u8> = (0..length).map(|n| (n / 7) as u8).collect();
        let file = write(home.path(), &format!("{length}.bin"), &data);
        let (hashed, _) = json(home.path(), &["hash", &file]);
        let (sealed, code) = json(home.path(), &["seal", &file]);
        assert_eq!((code, &sealed["dataset"]), (0, &hashed["dataset"]));
        let package = sealed["package"].as_str().unwrap();
        let blocks = length.div_ceil(4096);
        assert_eq!(std::fs::metadata(package).unwrap().len() as usize, length + 32 * blocks);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let key = sealed["key_file"].as_str().unwrap();
            assert_eq!(std::fs::metadata(key).unwrap().permissions().mode() & 0o777, 0o600);
        }
        let target = home.path().join(format!("{length}.out"));
        let target = target.to_str().unwrap();
        assert_eq!(json(home.path(), &["open", package, "-o", target]).1, 0);
        assert_eq!(std::fs::read(target).unwrap(), data);

        let mut bytes = std::fs::read(package).unwrap();
        bytes[length / 2] ^= 1;
        std::fs::write(package, &bytes).unwrap();
        std::fs::remove_file(target).unwrap();
        failure(home.path(), 5, &["open", package, "-o", target]);
        assert!(!Path::new(target).exists(), "nothing is written");
        // A content key is never overwritten.
        failure(home.path(), 3, &["seal", &file]);
    }
}

#[test]
fn synthetic_rows_are_the_same_for_the_same_seed() {
    let home = tempfile::tempdir().unwrap();
    let make = |name: &str, seed: &str| {
        let path = home.path().join(name);
        let arguments = ["synthesise", "--bytes", "100K", "--seed", seed, "-o", path.to_str().unwrap()];
        let (value, code) = json(home.path(), &arguments);
        assert_eq!((code, &value["synthetic"], &value["bytes"]), (0, &Value::Bool(true), &102_400.into()));
        std::fs::read(path).unwrap()
    };
    let first = make("a", "5");
    assert_eq!(first, make("b", "5"));
    assert_ne!(first, make("c", "6"));
    let output = wonbon(home.path(), &["synthesise", "--rows", "2"]);
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 3);
}

/// A file of 2,000 rows of 50 bytes, Korean header included, and a proof of some of them.
fn proved(home: &Path, rows: &str) -> (String, String, Value) {
    let mut text = "번호,값\n".to_owned();
    (1..=2000).for_each(|row| text.push_str(&format!("{row},{}\n", "x".repeat(44))));
    let file = write(home, "rows.csv", text.as_bytes());
    let proof = home.join("rows.proof").to_str().unwrap().to_owned();
    let (value, code) = json(home, &["prove", &file, "--rows", rows, "-o", &proof, "--yes"]);
    assert_eq!(code, 0, "{value}");
    (file, proof, value)
}

#[test]
fn rows_are_proved_and_checked_with_the_proof_alone() {
    let home = tempfile::tempdir().unwrap();
    let (file, proof, made) = proved(home.path(), "100-102");
    let (hashed, _) = json(home.path(), &["hash", &file]);
    assert_eq!(made["dataset"], hashed["dataset"]);
    assert_eq!(made["rows"], serde_json::json!([100, 102]));
    // The block shows its other rows too, and the command said so.
    let visible = made["visible_rows"].as_array().unwrap();
    assert!(visible[0].as_u64().unwrap() < 100 && visible[1].as_u64().unwrap() > 102);
    assert!(made["bytes"].as_u64().unwrap() < 5_500, "{made}");

    std::fs::remove_file(&file).unwrap();
    let id = hashed["dataset"].as_str().unwrap();
    let length = hashed["length"].to_string();
    let (checked, code) = json(home.path(), &["check-rows", &proof, "--dataset", id, "--length", &length]);
    assert_eq!(code, 0, "{checked}");
    let rows: Vec<_> = checked["rows"].as_array().unwrap().iter().map(|row| row["text"].clone()).collect();
    assert_eq!(rows, [100, 101, 102].map(|row| Value::from(format!("{row},{}", "x".repeat(44)))));
    // For a person the rows alone are on standard output.
    let output = wonbon(home.path(), &["check-rows", &proof]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.lines().count(), 3);
    assert!(text.starts_with("100,xxx"));
    assert!(String::from_utf8_lossy(&output.stderr).contains(id), "the id to compare");
}

#[test]
fn the_header_is_row_0() {
    let home = tempfile::tempdir().unwrap();
    let (_, proof, made) = proved(home.path(), "0-1");
    let (checked, _) = json(home.path(), &["check-rows", &proof]);
    assert_eq!(checked["rows"][0]["text"], "번호,값");
    assert_eq!((&made["visible_rows"][0], &checked["from"]), (&Value::from(0), &Value::from(0)));
}

/// A line break in a quoted cell begins no row, and bytes from within a cell are not passed off as a row.
#[test]
fn a_quoted_line_break_ends_no_row() {
    let home = tempfile::tempdir().unwrap();
    let text = "id,note\r\n1,\"first\n99,\"\"forged\"\"\n\"\r\n2,plain\r\n";
    let file = write(home.path(), "rows.csv", text.as_bytes());
    let proof = home.path().join("rows.proof").to_str().unwrap().to_owned();
    let prove = |rows: &str| json(home.path(), &["prove", &file, "--rows", rows, "-o", &proof, "--yes"]);
    let check = || json(home.path(), &["check-rows", &proof]).0;
    let texts = |value: &Value| -> Vec<String> {
        value["rows"].as_array().unwrap().iter().map(|row| row["text"].as_str().unwrap().to_owned()).collect()
    };
    let quoted = "1,\"first\n99,\"\"forged\"\"\n\"";
    assert_eq!(prove("1-2").1, 0);
    let checked = check();
    assert_eq!(texts(&checked), [quoted, "2,plain"]);
    assert_eq!((&checked["rows"][1]["offset"], &checked["row_begins_proved"]), (&35.into(), &false.into()));
    assert_eq!(prove("0-2").1, 0);
    let checked = check();
    assert_eq!(texts(&checked), ["id,note", quoted, "2,plain"]);
    assert_eq!(checked["row_begins_proved"], true);
    let noted = |output: Output| String::from_utf8_lossy(&output.stderr).contains("That a row begins here");
    assert!(!noted(wonbon(home.path(), &["check-rows", &proof])));

    // The bytes of the cell's second line, proved as if they were a row.
    let mut forged = Sample::from_file(&std::fs::read(&proof).unwrap()).unwrap();
    let from = text.find("99").unwrap() as u64;
    forged.kind = Kind::Rows { from, to: from + 14 };
    std::fs::write(&proof, forged.to_file()).unwrap();
    let checked = check();
    assert_eq!(
        (texts(&checked), &checked["row_begins_proved"]),
        (vec!["99,\"\"forged\"\"".to_owned()], &false.into())
    );
    assert!(noted(wonbon(home.path(), &["check-rows", &proof])));
}

#[test]
fn rows_of_a_file_in_utf16_are_not_made_up() {
    let home = tempfile::tempdir().unwrap();
    let units = "번호,값\n1,2\n".encode_utf16();
    let bytes: Vec<u8> = [0xff, 0xfe].into_iter().chain(units.flat_map(u16::to_le_bytes)).collect();
    let file = write(home.path(), "utf16.csv", &bytes);
    let proof = home.path().join("rows.proof").to_str().unwrap().to_owned();
    let error = failure(home.path(), 3, &["prove", &file, "--rows", "1", "-o", &proof, "--yes"]);
    assert!(error["message"].as_str().unwrap().contains("UTF-16"), "{error}");
    assert!(!Path::new(&proof).exists());
}

#[test]
fn more_rows_than_asked_for_are_shown_only_if_that_is_agreed() {
    let home = tempfile::tempdir().unwrap();
    let (file, proof, _) = proved(home.path(), "100-102");
    std::fs::remove_file(&proof).unwrap();
    let prove = ["prove", &file, "--rows", "100-102", "-o", &proof];
    let error = failure(home.path(), 3, &prove);
    assert_eq!(error["name"], "NotAgreed");
    assert!(!Path::new(&proof).exists());
    let output = wonbon(home.path(), &prove);
    assert!(String::from_utf8_lossy(&output.stderr).contains("rows 86–99 and 103–170"), "{output:?}");
    // Nothing else becomes visible: nothing is asked.
    let (made, code) = json(home.path(), &["prove", &file, "--rows", "0-2000", "-o", &proof]);
    assert_eq!((code, &made["visible_rows"]), (0, &serde_json::json!([0, 2000])));
}

/// A Parquet file shows whole row groups, and its rows are read from what is proved.
#[test]
fn rows_of_parquet_are_proved_by_row_groups() {
    let home = tempfile::tempdir().unwrap();
    let file = write(home.path(), "machine.parquet", include_bytes!("golden/profiles/machine.parquet"));
    let proof = home.path().join("rows.proof").to_str().unwrap().to_owned();
    let (made, code) = json(home.path(), &["prove", &file, "--rows", "1", "-o", &proof, "--yes"]);
    assert_eq!((code, &made["visible_rows"][0]), (0, &1.into()), "{made}");
    assert_eq!(made["given_away"], 1_000_000, "it is one block: {made}");
    std::fs::remove_file(&file).unwrap();
    let (checked, code) = json(home.path(), &["check-rows", &proof]);
    assert_eq!((code, &checked["columns"][0], &checked["rows"][0]["row"]), (0, &"at".into(), &1.into()));
    let text = checked["rows"][0]["text"].as_str().unwrap();
    assert!(text.starts_with("2023-11-14T22:13:20Z\t"), "{text}");
    assert!(checked["rows"].as_array().unwrap().len() as u64 >= made["visible_rows"][1].as_u64().unwrap());
    let output = wonbon(home.path(), &["check-rows", &proof]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.starts_with("at\ttorque\twear\tproduct"), "{text}");

    let file = write(home.path(), "machine.parquet", include_bytes!("golden/profiles/machine.parquet"));
    for rows in ["0", "1-99"] {
        let error = failure(home.path(), 3, &["prove", &file, "--rows", rows, "-o", &proof, "--yes"]);
        assert!(error["message"].as_str().unwrap().contains("has rows 1 to"), "{error}");
    }
    let agreed = ["prove", &file, "--rows", "1", "-o", &proof];
    assert!(String::from_utf8_lossy(&wonbon(home.path(), &agreed).stderr).contains("whole row groups"));
}

#[test]
fn a_proof_that_proves_nothing_is_told() {
    let home = tempfile::tempdir().unwrap();
    let (file, proof, made) = proved(home.path(), "100-102");
    let id = made["dataset"].as_str().unwrap().to_owned();
    let good = std::fs::read(&proof).unwrap();
    // A changed byte anywhere: in a block or a hash it is 5, and where the file cannot be read any more 3.
    for at in (0..good.len()).step_by(61) {
        let mut bad = good.clone();
        bad[at] ^= 1;
        std::fs::write(&proof, &bad).unwrap();
        let (value, code) = json(home.path(), &["check-rows", &proof, "--dataset", &id]);
        assert!(matches!(code, 3 | 5), "byte {at}: {value}");
    }
    let mut bad = good.clone();
    *bad.last_mut().unwrap() ^= 1;
    std::fs::write(&proof, &bad).unwrap();
    assert_eq!(failure(home.path(), 5, &["check-rows", &proof])["name"], "Invalid");
    std::fs::write(&proof, &good[..good.len() - 1]).unwrap();
    assert_eq!(failure(home.path(), 3, &["check-rows", &proof])["name"], "Unreadable");
    std::fs::write(&proof, &good).unwrap();
    failure(home.path(), 5, &["check-rows", &proof, "--dataset", &"ab".repeat(32)]);
    failure(home.path(), 5, &["check-rows", &proof, "--dataset", &id, "--length", "100000"]);
    failure(home.path(), 3, &["check-rows", "/nowhere"]);
    failure(home.path(), 3, &["check-rows", &file]);

    failure(home.path(), 3, &["prove", &file, "--rows", "1999-2001", "-o", &proof, "--yes"]);
    failure(home.path(), 2, &["prove", &file, "--rows", "9-1", "-o", &proof]);
    let other = ["prove", &file, "--rows", "1", "-o", &proof, "--yes", "--dataset"];
    let other: Vec<&str> = other.iter().copied().chain([good_id_of_another()]).collect();
    assert_eq!(failure(home.path(), 3, &other)["name"], "OtherFile");
    let bytes = write(home.path(), "data.bin", b"a\nb\n");
    failure(home.path(), 3, &["prove", &bytes, "--rows", "1", "-o", &proof, "--yes"]);
    assert_eq!(std::fs::read(&proof).unwrap(), good, "a failure writes nothing");
}

fn good_id_of_another() -> &'static str {
    "00000000000000000000000000000000000000000000000000000000000000ff"
}

#[test]
fn tables_line_up_for_korean() {
    let home = tempfile::tempdir().unwrap();
    let file = write(home.path(), "a.csv", "설비,rpm\n가공1호,100\n가공2호,2000\n".as_bytes());
    let output = wonbon(home.path(), &["profile", &file]);
    let text = String::from_utf8(output.stdout).unwrap();
    let expected = "\
format  text/csv
length  42 bytes
rows    2
COLUMN  TYPE     MISSING  DISTINCT  MIN   MAX
설비    text           0         2
rpm     integer        0         2  100  2000
";
    assert_eq!(text, expected);
}

#[cfg(unix)]
#[test]
fn an_argument_that_is_not_utf_8_is_an_error_of_usage() {
    use std::os::unix::ffi::OsStrExt;
    let bad = std::ffi::OsStr::from_bytes(b"\xff");
    let output = Command::new(env!("CARGO_BIN_EXE_wonbon")).arg(bad).arg("--json").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(value["error"]["kind"], "usage");
}
