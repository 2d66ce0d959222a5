//! docs/track-record.md: every command on it is executed and says what the page quotes, with the exit code it names.

const PAGE: &str = include_str!("../docs/track-record.md");

#[test]
fn every_command_says_what_the_page_quotes() {
    trycmd::TestCases::new().env("COLUMNS", "100").case("docs/track-record.md");
}

#[test]
fn every_incident_has_a_public_link_and_one_command() {
    let (incidents, near_misses) = PAGE.split_once("## Near misses").expect("the page tells what it does not find");
    let incidents: Vec<&str> = incidents.split("\n## ").skip(1).collect();
    assert!(incidents.len() >= 20, "only {}", incidents.len());
    for (at, incident) in incidents.iter().enumerate() {
        let title = incident.lines().next().expect("a title");
        assert!(title.starts_with(&format!("{}. ", at + 1)), "{title}: numbered from 1");
        assert!(incident.contains("](https://"), "{title}: no link");
        assert_eq!(incident.matches("$ leasehold ").count(), 1, "{title}: one command");
        let quoted = ["VIOLATED", "warning[LM", "NOT SAFE", "client-go refuses"];
        assert!(quoted.iter().any(|word| incident.contains(word)), "{title}: nothing is quoted");
    }
    assert!(near_misses.lines().filter(|line| line.starts_with("* [")).count() >= 5);
}
