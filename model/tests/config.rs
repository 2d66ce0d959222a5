//! What the corpus of configurations of the real decoder does not show.

use leasehold_model::config::{Syntax, decode, decode_as};
use leasehold_model::release::Release;
use leasehold_model::value::Value;

fn text(text: &str) -> Value {
    Value::String(text.into())
}

fn document(entries: &[(&str, Value)]) -> Value {
    Value::Mapping(entries.iter().map(|(key, value)| (text(key), value.clone())).collect())
}

fn of(version: &str, fields: &[(&str, Value)]) -> Value {
    let head = [
        ("apiVersion", text(&format!("controllermanager.config.k8s.io/{version}"))),
        ("kind", text("LeaderMigrationConfiguration")),
    ];
    document(&[&head[..], fields].concat())
}

fn release(minor: u8) -> Release {
    Release::new(minor).expect("a known release")
}

/// encoding/json goes on after the first value of a wrong type, and reports that one.
#[test]
fn of_several_values_of_a_wrong_type_the_first_is_reported() {
    let wrong = document(&[("kind", Value::Sequence(vec![])), ("apiVersion", document(&[]))]);
    let said = |syntax| decode_as(&wrong, syntax, release(30)).expect_err("neither is a string").to_string();
    let unmarshal = |what: &str| {
        format!("couldn't get version/kind; json parse error: json: cannot unmarshal {what} of type string")
    };
    assert_eq!(said(Syntax::Json), unmarshal("array into Go struct field .kind"));
    // YAML becomes JSON with its keys in order first.
    assert_eq!(said(Syntax::Yaml), unmarshal("object into Go struct field .apiVersion"));
}

/// A null sets a slice to nil, so of a key that is given twice the last counts, a null too.
#[test]
fn a_null_empties_the_list_before_it() {
    let entry = document(&[("name", text("service")), ("component", text("*"))]);
    let list = |value| ("controllerLeaders", value);
    let lax = release(21);
    let leaders = |fields: &[(&str, Value)]| {
        let fields = [&[("leaderName", text("a")), ("resourceLock", text("leases"))][..], fields].concat();
        decode_as(&of("v1alpha1", &fields), Syntax::Json, lax).expect("it is read").controller_leaders.len()
    };
    assert_eq!(leaders(&[list(Value::Sequence(vec![entry.clone()]))]), 1);
    assert_eq!(leaders(&[list(Value::Sequence(vec![entry.clone()])), list(Value::Null)]), 0);
    assert_eq!(leaders(&[list(Value::Null), list(Value::Sequence(vec![entry]))]), 1);
}

#[test]
fn a_type_that_the_internal_version_lacks_is_named_with_its_group() {
    let other = document(&[("apiVersion", text("other.example/__internal")), ("kind", text("A\u{1}B"))]);
    assert_eq!(
        decode(&other, release(30)).expect_err("there is no such type").message,
        "no kind \"A\\x01B\" is registered for the internal version of group \"other.example\""
    );
}
