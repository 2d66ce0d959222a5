//! What `show` found out, for people: one block for each manager, the verdict of its start first.

use std::fmt::Write as _;

use super::document::{Document, GroupShown, ManagerShown, Note, OriginShown, Refuses, SettingShown};
use crate::render::layout::{BAD, STRONG, paint, wrap};
use crate::screen::Screen;

/// The column in which values begin.
const INDENT: usize = 14;

/// The document as text.
pub fn render(document: &Document, screen: &Screen) -> String {
    let mut out = Page { text: String::new(), screen: *screen };
    let mut shown: Vec<(&ManagerShown, Vec<&str>)> = Vec::new();
    for manager in &document.managers {
        let same = |(other, _): &&mut (&ManagerShown, Vec<&str>)| {
            ManagerShown { side: String::new(), ..(*other).clone() }
                == ManagerShown { side: String::new(), ..manager.clone() }
        };
        match shown.iter_mut().find(same) {
            Some((_, sides)) => sides.push(&manager.side),
            None => shown.push((manager, vec![&manager.side])),
        }
    }
    for (i, (manager, sides)) in shown.iter().enumerate() {
        if i > 0 {
            out.text.push('\n');
        }
        out.manager(manager, sides);
    }
    if !document.groups.is_empty() {
        out.text.push('\n');
    }
    for GroupShown { name, count, roles, taints, .. } in &document.groups {
        let taints = if taints.is_empty() { String::new() } else { format!("; taints {}", taints.join(", ")) };
        out.field("nodes", &format!("{name}: {count} ({}){taints}", roles.join(", ")));
    }
    if !document.assumed.is_empty() {
        out.text.push('\n');
    }
    for line in &document.assumed {
        out.field("assumed", line);
    }
    if !document.notes.is_empty() {
        out.text.push('\n');
    }
    for Note { severity, message, place } in &document.notes {
        let place = place.as_ref().map(|place| format!(" ({place})")).unwrap_or_default();
        out.field(severity, &format!("{message}{place}"));
    }
    out.text
}

struct Page {
    text: String,
    screen: Screen,
}

impl Page {
    fn manager(&mut self, manager: &ManagerShown, sides: &[&str]) {
        let release = match &manager.library {
            Some(library) => format!("library {library}, in Kubernetes {}", manager.release),
            None => manager.release.clone(),
        };
        let name = paint(&format!("{} {release}", manager.component), STRONG, &self.screen);
        self.text += &wrap(&format!("{name} ({})", sides.join("; ")), "", "  ", &self.screen);
        let on = match manager.groups.join(", ") {
            groups if groups.is_empty() => groups,
            groups => format!(", on the nodes of {groups}"),
        };
        self.field("  written in", &format!("{}, {} ({}{on})", manager.place, manager.object, manager.workload));
        if let Some(image) = &manager.image {
            self.field("  image", image);
        }
        match manager.vendor {
            Some("stock") | None => {}
            Some(vendor) => self.field("  vendor", vendor),
        }
        for note in &manager.vendor_notes {
            self.field("", note);
        }
        self.start(manager);
        if !manager.unlocked.is_empty() {
            self.field("  no lock", &format!("runs {} at once, holding no lease", manager.unlocked.join(", ")));
        }
        if let Some(main) = &manager.main {
            self.field("  main", &format!("{}: {}", main.lease, list(&main.controllers)));
            self.vain(main.in_vain.as_deref(), &main.missing, &manager.user);
        }
        match &manager.migration {
            Some(migration) => {
                self.field("  migration", &format!("{}: {}", migration.lease, list(&migration.controllers)));
                self.vain(migration.in_vain.as_deref(), &migration.missing, &manager.user);
            }
            None if manager.main.is_some() => self.field("  migration", "no migration lease"),
            None => {}
        }
        self.settings(&manager.settings, file_of(&manager.place));
        for unchecked in &manager.unchecked {
            let place = unchecked.place.as_ref().map(|place| format!(" ({place})")).unwrap_or_default();
            self.field("  unchecked", &format!("{}: {}{place}", unchecked.name, unchecked.assumed));
        }
    }

    fn start(&mut self, manager: &ManagerShown) {
        let Some(when) = manager.refuses else { return self.field("  starts", "yes") };
        let when = match when {
            Refuses::BeforeLocks => "exits at start, before it holds any lease".to_string(),
            Refuses::AfterMainLease => {
                format!("takes {} and exits, again and again", manager.flaps.as_deref().unwrap_or("its main lease"))
            }
            Refuses::AfterMigrationLease => "takes both leases and exits, again and again".to_string(),
        };
        let code = manager.exit_code.map(|code| format!(" (exit code {code})")).unwrap_or_default();
        self.field("  starts", &format!("{}: {when}{code}", paint("NO", BAD, &self.screen)));
        if let Some(message) = &manager.message {
            self.field("", message);
        }
    }

    fn vain(&mut self, why: Option<&str>, missing: &[&str], user: &str) {
        if let Some(why) = why {
            self.field("", &format!("in vain, for ever: {why}"));
        }
        if !missing.is_empty() {
            let only =
                if missing == ["create"] { " (it can have the lease only once another has created it)" } else { "" };
            self.field("", &format!("{user} may not {} it{only}", missing.join(", ")));
        }
    }

    /// What was written comes with its place, of the manager's own `file` only the line; of the defaults only those that an
    /// operator would ask about.
    fn settings(&mut self, settings: &[SettingShown], file: &str) {
        let told = |s: &&SettingShown| s.origin != OriginShown::Default;
        let defaults = ["leader-elect", "enable-leader-migration", "leaderName", "controllerLeaders", "cloud-provider"];
        let asked = |s: &&SettingShown| told(s) || defaults.contains(&s.name.as_str());
        let shown: Vec<&SettingShown> = settings.iter().filter(asked).collect();
        let assignment = |s: &SettingShown| match s.name.as_str() {
            "leaderName" | "resourceLock" => format!("{}: {}", s.name, s.value),
            "controllerLeaders" => s.value.clone(),
            name => match name.strip_prefix("feature-gates:") {
                Some(gate) => format!("--feature-gates={gate}={}", s.value),
                None => format!("--{name}={}", s.value),
            },
        };
        let width = shown.iter().map(|s| assignment(s).len()).filter(|&w| w <= 44).max().unwrap_or(0);
        for (i, s) in shown.iter().enumerate() {
            let from = match (&s.place, s.origin) {
                (Some(place), _) if file_of(place) == file => format!("line {}", line_of(place)),
                (Some(place), _) => place.clone(),
                (None, OriginShown::Default) => "default".into(),
                (None, _) => String::new(),
            };
            let label = if i == 0 { "  decided by" } else { "" };
            let line = format!("{:<width$}  {from}", assignment(s));
            let room = self.screen.width.saturating_sub(INDENT).max(20);
            if textwrap::core::display_width(&line) <= room {
                let _ = writeln!(self.text, "{label:<INDENT$}{line}");
            } else {
                self.field(label, &assignment(s));
                self.field("", &format!("  {from}"));
            }
        }
    }

    /// A label and a value, continued under itself.
    fn field(&mut self, label: &str, value: &str) {
        self.text += &wrap(value, &format!("{label:<INDENT$}"), &" ".repeat(INDENT), &self.screen);
    }
}

fn list(controllers: &[&str]) -> String {
    if controllers.is_empty() { "runs nothing under it".into() } else { format!("runs {}", controllers.join(", ")) }
}

/// The file of `file:line:column`.
fn file_of(place: &str) -> &str {
    place.rsplitn(3, ':').nth(2).unwrap_or(place)
}

/// The line of `file:line:column`.
fn line_of(place: &str) -> &str {
    place.rsplit(':').nth(1).unwrap_or_default()
}
