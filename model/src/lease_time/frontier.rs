//! Where safety ends over two parameters: a map of points, each proved, refuted or neither.
//!
//! A map is worked out row by row, in any order. A row asks few questions, because safety changes but once along it:
//! * More reply delay, stop time, pause or clock drift only adds runs.
//! * A longer RenewDeadline never helps: the leader may fail to renew until the shorter one is over, and goes on acting.
//! * A shorter LeaseDuration never helps: a challenger may fail to take the lease until the longer one is over.
//! * RetryPeriod is not known to be monotone, so it never runs along a row: it goes from row to row.
//!
//! The second and the third need lost requests, which every question here allows. What follows from monotony and not from
//! a search of its own is as certain as the argument in docs/lease-theorem.md, which is tested in whole ticks.

use super::answers::{Theorem, stated};
use super::drawn::drawn;
use super::limit::{guess, limit, search};
use super::question::{Parameter, Question};
use crate::election::Durations;
use crate::launch::duration::GoDuration;

/// What an axis varies.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Varied {
    /// What is assumed, in nanoseconds or parts per million.
    Assumed(Parameter),
    /// LeaseDuration of every contender, in nanoseconds.
    LeaseDuration,
    /// RenewDeadline of every contender, in nanoseconds.
    RenewDeadline,
    /// RetryPeriod of every contender, in nanoseconds.
    RetryPeriod,
}

impl Varied {
    /// Everything that can be varied.
    pub const ALL: [Varied; 7] = [
        Varied::Assumed(Parameter::ReplyDelay),
        Varied::Assumed(Parameter::StopTime),
        Varied::Assumed(Parameter::Pause),
        Varied::Assumed(Parameter::ClockRate),
        Varied::LeaseDuration,
        Varied::RenewDeadline,
        Varied::RetryPeriod,
    ];

    /// Its name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Varied::Assumed(parameter) => parameter.name(),
            Varied::LeaseDuration => "lease-duration",
            Varied::RenewDeadline => "renew-deadline",
            Varied::RetryPeriod => "retry-period",
        }
    }
}

/// One axis: values `from, from + step, …`, `steps` times.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Axis {
    /// What is varied.
    pub varied: Varied,
    /// The first value.
    pub from: i64,
    /// From value to value.
    pub step: i64,
    /// One less than there are values.
    pub steps: u32,
}

impl Axis {
    /// How many values there are.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.steps as usize + 1
    }

    /// A value by its number.
    #[must_use]
    pub fn value(&self, number: usize) -> i64 {
        self.from + self.step * i64::try_from(number).expect("few values")
    }
}

/// What is known of one point.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Point {
    /// Proved.
    Safe,
    /// Neither proved nor refuted.
    Undecided,
    /// Refuted: a run was found, here or at a point that allows less.
    Unsafe,
    /// client-go refuses the durations, or the API server the record: nobody leads.
    Refused,
}

/// A map of two parameters.
#[derive(Clone, Debug)]
pub struct Sweep {
    question: Question,
    /// Along a row.
    pub along: Axis,
    /// From row to row.
    pub across: Axis,
    proofs: Vec<Question>,
}

impl Sweep {
    /// A map of these two parameters, all else being as the question says; nothing releases its lease in it.
    ///
    /// # Panics
    /// If both vary the same.
    #[must_use]
    pub fn new(question: &Question, first: Axis, second: Axis) -> Self {
        assert!(first.varied != second.varied, "two parameters");
        let turned = first.varied == Varied::RetryPeriod;
        let (along, across) = if turned { (second, first) } else { (first, second) };
        Sweep { question: question.without_release(), along, across, proofs: Vec::new() }
    }

    /// The question of a point: its number along the row, and the row's. None if nobody would lead.
    #[must_use]
    pub fn question(&self, along: usize, across: usize) -> Option<Question> {
        let mut question = self.question.clone();
        let values =
            [(self.along, along), (self.across, across)].map(|(axis, number)| (axis.varied, axis.value(number)));
        for (varied, value) in values {
            if let Varied::Assumed(parameter) = varied {
                question = question.with(parameter, value);
            }
        }
        for contender in &mut question.contenders {
            let given = |wanted: Varied, now: GoDuration| {
                let value = values.iter().find(|(varied, _)| *varied == wanted);
                value.map_or(now, |&(_, nanos)| GoDuration { nanos })
            };
            let now = contender.durations;
            contender.durations = Durations::new(
                given(Varied::LeaseDuration, now.lease()),
                given(Varied::RenewDeadline, now.renew()),
                given(Varied::RetryPeriod, now.retry()),
            )
            .ok()
            .filter(|durations| durations.recorded_seconds() > 0)?;
        }
        // Contenders that differed in nothing else are one now.
        Some(question.without_release())
    }

    /// Proves how far the stop time may go where the map begins: what is known then serves every row. Without it rows say
    /// the same, later.
    pub fn prepare(&mut self, theorem: &Theorem) {
        let Some(places) = self.places(0) else { return };
        let safest = self.at(&places, 0, 0);
        let longest = safest.contenders.iter().map(|c| c.durations.lease().nanos).max().unwrap_or(0);
        if let Some(safe) = limit(theorem, &safest, Parameter::StopTime, longest).safe {
            self.proofs.extend(safest.with(Parameter::StopTime, safe).covering());
        }
    }

    /// What is known of the points of a row. None as soon as `go_on` says no.
    #[must_use]
    pub fn row(&self, theorem: &Theorem, row: usize, go_on: &dyn Fn() -> bool) -> Option<Vec<Point>> {
        let mut points = vec![Point::Refused; self.along.count()];
        let Some(places) = self.places(row) else { return Some(points) };
        let most = i64::try_from(places.len()).expect("few values") - 1;
        let mut stopped = false;
        let covered = |q: &Question| q.covering().map_or(i64::MIN, |c| c.closed_form());
        let proved = search(self.guess(&places, row, covered), most, |place| {
            stopped |= !go_on();
            if stopped {
                return Err("stopped");
            }
            self.proved(theorem, &self.at(&places, usize::try_from(place).expect("not negative"), row))
        });
        if stopped {
            return None;
        }
        // The first place at which the worst run is one: beyond it that run is one, too.
        let (mut low, mut high) = (proved.safe.map_or(0, |safe| safe + 1), most + 1);
        while low < high {
            let middle = i64::midpoint(low, high);
            let question = self.at(&places, usize::try_from(middle).expect("not negative"), row);
            if is_refuted(&question) { high = middle } else { low = middle + 1 }
        }
        for (place, number) in (0..).zip(places) {
            points[number] = match proved.safe {
                Some(safe) if place <= safe => Point::Safe,
                _ if place >= low => Point::Unsafe,
                _ => Point::Undecided,
            };
        }
        Some(points)
    }

    /// The numbers of the values along a row that client-go takes, the safest first; none if there are none.
    fn places(&self, row: usize) -> Option<Vec<usize>> {
        let mut places: Vec<usize> = (0..self.along.count()).filter(|&n| self.question(n, row).is_some()).collect();
        if self.along.varied == Varied::LeaseDuration {
            places.reverse();
        }
        (!places.is_empty()).then_some(places)
    }

    fn at(&self, places: &[usize], place: usize, row: usize) -> Question {
        self.question(places[place], row).expect("places are where there is a question")
    }

    /// The last place at which something is left by this arithmetic.
    fn guess(&self, places: &[usize], row: usize, left: impl Fn(&Question) -> i64) -> i64 {
        let most = i64::try_from(places.len()).expect("few values") - 1;
        guess(most, |place| left(&self.at(places, usize::try_from(place).expect("not negative"), row)))
    }

    fn proved(&self, theorem: &Theorem, question: &Question) -> Result<bool, &'static str> {
        match question.covering() {
            Some(covering) if self.proofs.iter().any(|proof| covering.allows_no_more_than(proof)) => Ok(true),
            Some(covering) if is_refuted(&covering) => Ok(false),
            _ => theorem.proved(question),
        }
    }
}

impl Question {
    /// True if each run of this question has its like in the other, for what is said in this module's head.
    fn allows_no_more_than(&self, other: &Question) -> bool {
        let (a, b) = (&self.assumed, &other.assumed);
        let assumed = self.request().nanos <= other.request().nanos
            && a.stop_time.nanos <= b.stop_time.nanos
            && a.pause.nanos <= b.pause.nanos
            && a.clock_ppm <= b.clock_ppm;
        let contenders = self.contenders.len() == other.contenders.len()
            && self.contenders.iter().zip(&other.contenders).all(|(c, d)| {
                (c.client_go, c.releases, c.durations.retry()) == (d.client_go, d.releases, d.durations.retry())
                    && c.durations.lease().nanos >= d.durations.lease().nanos
                    && c.durations.renew().nanos <= d.durations.renew().nanos
            });
        assumed && contenders
    }
}

/// True if the worst run of some pair is one here.
fn is_refuted(question: &Question) -> bool {
    question.roles().any(|roles| {
        let (pair, assumptions) = stated(question, roles, None);
        drawn(&pair, &assumptions).is_some()
    })
}
