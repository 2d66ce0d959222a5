//! client-go's leader election without input and output: one [`Elector`] is one `LeaderElector` on a Lease.
//!
//! The same machine runs wherever an elector is needed: in a search, in a simulation, in a program that talks to an API
//! server. It never waits, never draws a random number and reads no clock. Its driver calls
//! [`Elector::handle`] with one [`Event`] at a time and what the host's clocks show, carries out the
//! [`Effect`]s that come back, and fires the timers that [`Elector::timers`] lists:
//!
//! ```
//! use leasehold_model::election::{Clock, Config, Durations, Effect, Elector, Event, Identity, Operation};
//! use leasehold_model::release::Release;
//!
//! let config = Config::new(Release::NEWEST, Identity(1), Durations::CORE).unwrap();
//! let (mut elector, mut effects) = (Elector::new(), Vec::new());
//! elector.handle(&config, Clock::default(), Event::Start, &mut effects);
//! assert!(matches!(effects[..], [Effect::Request(request)] if request.operation == Operation::Get));
//! ```
//!
//! * A request is answered once, by [`Event::Reply`]: when the answer arrives, when the client's own limit
//!   ([`Request::timeout`]) ends it with [`Failure::Timeout`], or when its context ends, at [`Request::deadline`] or at
//!   once after [`Effect::CancelRequest`], with [`Failure::ContextDone`]. Until then the elector is blocked.
//! * A timer is an interval where client-go draws a random wait: the driver picks the moment.
//! * An elector is `Copy`, and equal states behave equally; what is given once ([`Config`]) is kept outside.
//!
//! [`Process`] is how both managers use two of them: the main lease first, the migration lease once ready, and the end of
//! either is the end of the process. [`invariants`] says what holds of every elector at every event.
//!
//! What differs between releases of client-go comes from [`crate::facts::client_go`]. Identities, strategies and
//! resource versions are numbers that the driver gives out.

mod attempt;
mod config;
mod durations;
mod elector;
mod event;
mod healthz;
pub mod invariants;
mod poll;
mod process;
mod record;
mod release;
mod rename;
mod run;
mod time;

pub use config::{Behaviour, Config};
pub use durations::{BadDurations, Durations};
pub use elector::Elector;
pub use event::{Armed, Effect, Event, Failure, LeaseEvent, Operation, Reply, Request, Timer};
pub use healthz::{HealthzAdaptor, TOLERANCE};
pub use process::{Election, Process, ProcessConfig, ProcessEffect, ProcessEvent};
pub use record::{Identity, Lease, Raw, Record, Strategy, Version};
pub use rename::Names;
pub use time::{Clock, Monotonic, Wall};
