//! Values on the command line, all wrong ones reported at once.

use leasehold_model::election::Durations;
use leasehold_model::facts::elections::{RequestLimit, UNKNOWN};
use leasehold_model::launch::duration::GoDuration;
use leasehold_model::lease_time::question::{Assumed, Contender, Parameter};
use leasehold_model::release::Release;
use leasehold_scenarios::timing;

use super::judge::{Group, Member};

/// What is wrong with the arguments.
#[derive(Default)]
pub struct Wrong(pub Vec<String>);

impl Wrong {
    fn take<T>(&mut self, flag: &str, read: Result<T, String>) -> Option<T> {
        read.map_err(|why| self.0.push(format!("--{flag}: {why}"))).ok()
    }

    /// A duration that may not be negative.
    pub fn duration(&mut self, flag: &str, text: &str) -> Option<GoDuration> {
        self.take(flag, timing::duration(text))
    }

    /// A duration as client-go is given it: its own rules come later.
    fn timing(&mut self, flag: &str, text: Option<&str>, default: GoDuration) -> Option<GoDuration> {
        text.map_or(Some(default), |text| self.take(flag, GoDuration::parse(text)))
    }
}

/// The durations given as flags.
pub struct Given<'a> {
    /// `--lease-duration`
    pub lease: Option<&'a str>,
    /// `--renew-deadline`
    pub renew: Option<&'a str>,
    /// `--retry-period`
    pub retry: Option<&'a str>,
    /// `--client-go`
    pub client_go: Option<Release>,
    /// `--release-on-cancel`
    pub releases: bool,
    /// `--other`, each `LEASE/RENEW/RETRY[@CLIENT-GO]`
    pub others: &'a [String],
}

impl Given<'_> {
    /// True if any is given.
    pub fn any(&self) -> bool {
        self.lease.is_some() || self.renew.is_some() || self.retry.is_some() || !self.others.is_empty()
    }

    /// Who contends for the lease that the flags describe.
    pub fn group(&self, wrong: &mut Wrong) -> Option<Group> {
        let lease = wrong.timing("lease-duration", self.lease, UNKNOWN.lease.default);
        let renew = wrong.timing("renew-deadline", self.renew, UNKNOWN.renew.default);
        let retry = wrong.timing("retry-period", self.retry, UNKNOWN.retry.default);
        let mut members = Vec::new();
        if let (Some(lease), Some(renew), Some(retry)) = (lease, renew, retry) {
            let origins = [self.lease, self.renew, self.retry].map(|given| {
                if given.is_some() { "flag".to_string() } else { "client-go's recommended value".to_string() }
            });
            members.extend(self.member("given by flags", [lease, renew, retry], origins, self.client_go, wrong));
        }
        for other in self.others {
            match parse_other(other) {
                Ok((durations, client_go)) => {
                    let origins = ["--other"; 3].map(str::to_string);
                    let client_go = client_go.or(self.client_go);
                    members.extend(self.member("given by --other", durations, origins, client_go, wrong));
                }
                Err(why) => wrong.0.push(format!("--other {other}: {why}")),
            }
        }
        (members.len() == 1 + self.others.len()).then(|| Group { lock: "the lease".into(), members })
    }

    fn member(
        &self,
        name: &str,
        [lease, renew, retry]: [GoDuration; 3],
        origins: [String; 3],
        client_go: Option<Release>,
        wrong: &mut Wrong,
    ) -> Option<Member> {
        match Durations::new(lease, renew, retry) {
            Err(rule) => {
                let given = format!("{lease} lease duration, {renew} renew deadline, {retry} retry period");
                wrong.0.push(format!("client-go refuses these durations: {rule} ({given})"));
                None
            }
            Ok(durations) if durations.recorded_seconds() == 0 => {
                wrong.0.push(unrecordable(durations));
                None
            }
            Ok(durations) => Some(Member {
                contender: Contender {
                    durations,
                    client_go: client_go.unwrap_or(Release::NEWEST),
                    releases: self.releases,
                    request_limit: RequestLimit::HalfOfRenewDeadline,
                },
                name: name.into(),
                object: None,
                origins,
                client_go_assumed: client_go.is_none(),
                component: None,
            }),
        }
    }
}

/// Why a lease duration under a second elects nobody
/// (kubernetes/kubernetes:pkg/apis/coordination/validation/validation.go:52@v1.33.13).
pub fn unrecordable(durations: Durations) -> String {
    format!(
        "a lease duration of {} is recorded as 0 whole seconds, which the API server refuses: nobody ever leads",
        durations.lease()
    )
}

fn parse_other(text: &str) -> Result<([GoDuration; 3], Option<Release>), String> {
    let (durations, release) = text.split_once('@').map_or((text, None), |(d, r)| (d, Some(r)));
    let release = release.map(|r| r.parse::<Release>().map_err(|error| error.to_string())).transpose()?;
    let parts: Vec<&str> = durations.split('/').collect();
    let [lease, renew, retry] = parts.as_slice() else {
        return Err("expected LEASE/RENEW/RETRY[@CLIENT-GO], such as 15s/10s/2s@1.26".into());
    };
    Ok(([GoDuration::parse(lease)?, GoDuration::parse(renew)?, GoDuration::parse(retry)?], release))
}

/// The assumptions as given.
pub fn assumed(reply: &str, stop: &str, pause: &str, clock: &str, wrong: &mut Wrong) -> Option<Assumed> {
    let mut assumed = Assumed::USUAL;
    let given = [
        (Parameter::ReplyDelay, reply),
        (Parameter::StopTime, stop),
        (Parameter::Pause, pause),
        (Parameter::ClockRate, clock),
    ];
    let right = given.map(|(parameter, text)| wrong.take(parameter.name(), timing::set(&mut assumed, parameter, text)));
    right.iter().all(Option::is_some).then_some(assumed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wrong_value_is_reported() {
        let others = ["15s/10s".to_string(), "15s/10s/2s@1.99".to_string(), "10s/10s/2s".to_string()];
        let given = Given {
            lease: Some("15"),
            renew: Some("10x"),
            retry: None,
            client_go: None,
            releases: false,
            others: &others,
        };
        let mut wrong = Wrong::default();
        assert!(given.group(&mut wrong).is_none());
        assert!(assumed("1y", "-1s", "0s", "fast", &mut wrong).is_none());
        assert_eq!(
            wrong.0,
            [
                "--lease-duration: time: missing unit in duration \"15\"",
                "--renew-deadline: time: unknown unit \"x\" in duration \"10x\"",
                "--other 15s/10s: expected LEASE/RENEW/RETRY[@CLIENT-GO], such as 15s/10s/2s@1.26",
                "--other 15s/10s/2s@1.99: leasehold knows 1.21 to 1.37",
                "client-go refuses these durations: leaseDuration must be greater than renewDeadline \
                 (10s lease duration, 10s renew deadline, 2s retry period)",
                "--reply-delay: time: unknown unit \"y\" in duration \"1y\"",
                "--stop-time: -1s is negative",
                "--clock-rate: `fast` is no clock rate: expected 500ppm or 0.05%, at most 500000ppm",
            ]
        );
    }
}
