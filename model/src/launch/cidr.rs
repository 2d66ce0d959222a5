//! Lists of CIDRs, as far as the managers check them before they start a controller that needs them
//! (kubernetes/kubernetes:cmd/kube-controller-manager/app/core.go validateCIDRs@v1.30.4).

use std::net::Ipv6Addr;

/// Why a manager refuses `list`, as far as every release says it in the same words; `None` if it takes it.
pub(super) fn problem(list: &str) -> Option<String> {
    let parts: Vec<&str> = list.trim().split(',').collect();
    if let Some(bad) = parts.iter().find(|part| family(part).is_none()) {
        return Some(format!("invalid CIDR address: {bad}"));
    }
    let dual = parts.iter().any(|p| family(p) == Some(4)) && parts.iter().any(|p| family(p) == Some(6));
    if parts.len() > 1 && !dual {
        return Some(format!("len of ClusterCIDRs=={} and they are not configured as dual stack", parts.len()));
    }
    (parts.len() > 2).then(|| format!("length of clusterCIDRs is:{} more than max allowed of 2", parts.len()))
}

/// 4 or 6, if `cidr` is one. Leading zeros in IPv4 are taken, as Kubernetes does.
fn family(cidr: &str) -> Option<u8> {
    let (address, prefix) = cidr.split_once('/')?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let prefix: u8 = prefix.parse().ok().filter(|_| digits(prefix))?;
    let octets: Vec<&str> = address.split('.').collect();
    let is_v4 = octets.len() == 4 && octets.iter().all(|o| digits(o) && o.parse::<u16>().is_ok_and(|n| n < 256));
    match (is_v4, address.parse::<Ipv6Addr>()) {
        (true, _) if prefix <= 32 => Some(4),
        (_, Ok(_)) if prefix <= 128 => Some(6),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::problem;

    #[test]
    fn lists_are_checked_as_the_managers_do() {
        for good in
            ["10.244.0.0/16", " 10.0.0.0/8 ", "010.0.0.0/8", "10.0.0.0/8,fd00::/64", "10.0.0.0/32", "fd00::/128"]
        {
            assert_eq!(problem(good), None, "{good}");
        }
        for (bad, message) in [
            ("", "invalid CIDR address: "),
            ("10.0.0.0", "invalid CIDR address: 10.0.0.0"),
            ("10.0.0.0/33", "invalid CIDR address: 10.0.0.0/33"),
            ("10.0.0.0/", "invalid CIDR address: 10.0.0.0/"),
            ("10.0.0.0/+8", "invalid CIDR address: 10.0.0.0/+8"),
            ("10.0.0/8", "invalid CIDR address: 10.0.0/8"),
            ("10.0.0.256/8", "invalid CIDR address: 10.0.0.256/8"),
            ("10.0.0.x/8", "invalid CIDR address: 10.0.0.x/8"),
            ("10.0..0/8", "invalid CIDR address: 10.0..0/8"),
            ("fd00::/129", "invalid CIDR address: fd00::/129"),
            ("10.0.0.0/8, fd00::/64", "invalid CIDR address:  fd00::/64"),
            ("10.0.0.0/8,11.0.0.0/8", "len of ClusterCIDRs==2 and they are not configured as dual stack"),
            ("fd00::/64,fd01::/64", "len of ClusterCIDRs==2 and they are not configured as dual stack"),
            ("10.0.0.0/8,fd00::/64,11.0.0.0/8", "length of clusterCIDRs is:3 more than max allowed of 2"),
        ] {
            assert_eq!(problem(bad).as_deref(), Some(message), "{bad}");
        }
    }
}
