//! Who a manager is to the API server, and what it may do: kubeconfigs, service accounts, roles that are not given.

#[expect(dead_code, reason = "uses other helpers than the other tests")]
mod common;

use common::{Memory, request, resolved};
use leasehold_model::lease::{LeaseId, Verb};
use leasehold_scenarios::resolve::{Manager, Resolved};

const KCM: &str = "\
apiVersion: v1
kind: Pod
metadata: {name: kube-controller-manager, namespace: kube-system}
spec:
  containers:
  - name: kube-controller-manager
    image: registry.k8s.io/kube-controller-manager:v1.30.1
    command: [kube-controller-manager]
";

/// A static pod whose kubeconfig is in VOLUME.
const CCM: &str = "\
apiVersion: v1
kind: Pod
metadata: {name: ccm, namespace: kube-system}
spec:
  containers:
  - name: ccm
    image: registry.k8s.io/provider-aws/cloud-controller-manager:v1.30.0
    args: [--cloud-provider=aws, --kubeconfig=/etc/kubernetes/ccm.conf]
    volumeMounts: [{name: conf, mountPath: /etc/kubernetes}]
  volumes: [{name: conf, VOLUME}]
";

const CONFIG: &str = "\
apiVersion: v1
kind: Config
current-context: here
contexts: [{name: there, context: {cluster: c, user: other}}, {name: here, context: {cluster: c, user: me}}]
clusters: [{name: c, cluster: {server: \"https://127.0.0.1:6443\"}}]
users: [{name: other, user: {token: x}}, {name: me, user: {CREDENTIALS}}]
";

/// A role for USER on the leases of kube-system.
const ROLE: &str = "\
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: locks, namespace: kube-system}
rules: [{apiGroups: [coordination.k8s.io], resources: [leases], verbs: [get, create, update]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: locks, namespace: kube-system}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: locks}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: KIND, name: USER}]
";

/// Subject `/O=acme/CN=ccm-of-acme`; nobody has the key.
const OF_ACME: &str = "\
LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUJvRENDQVVlZ0F3SUJBZ0lVSnMxenh4UTIyQUV5aXQvMCsyK0c1QkdQWCtNd0NnWUlLb1pJ\
emowRUF3SXcKSlRFTk1Bc0dBMVVFQ2d3RVlXTnRaVEVVTUJJR0ExVUVBd3dMWTJOdExXOW1MV0ZqYldVd0lCY05Nall4TVRJeApNVGN5TkRJMldo\
Z1BNakV5TmpFd01qZ3hOekkwTWpaYU1DVXhEVEFMQmdOVkJBb01CR0ZqYldVeEZEQVNCZ05WCkJBTU1DMk5qYlMxdlppMWhZMjFsTUZrd0V3WUhL\
b1pJemowQ0FRWUlLb1pJemowREFRY0RRZ0FFWE9wbm1qemkKczlRaXhYeTUwcGlEcFhLMlgxT2NDU3JLS0RoMEhSSGlBYWdTbE9aSjVwSkE0Qmw0\
Nm1NR2N4dkpoS0ZoaFZnQgpXcE1lR0d4Z2htemNtNk5UTUZFd0hRWURWUjBPQkJZRUZET1BwRU1kaVVXWVRaaEFZVGp4dElURmF5ZU9NQjhHCkEx\
VWRJd1FZTUJhQUZET1BwRU1kaVVXWVRaaEFZVGp4dElURmF5ZU9NQThHQTFVZEV3RUIvd1FGTUFNQkFmOHcKQ2dZSUtvWkl6ajBFQXdJRFJ3QXdS\
QUlnYXNUM1Q5c09nWjNRQWxGS3ZuZDlHcHd4MzlIOU5vMnordDBQL3AvTwoyemdDSUhqNkUxN3BvUU1hK3lpcmZSSjd2eUgzSVFJSzlKZ1FJR1I4\
MFBabGxFZ2EKLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo=";

/// Subject `/O=system:masters/CN=kubernetes-admin`; nobody has the key.
const ADMIN: &str = "\
LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUJ2akNDQVdXZ0F3SUJBZ0lVSXRtS0QrckFwWU1Va2JXUWhGSDBZL0xJVkZ3d0NnWUlLb1pJ\
emowRUF3SXcKTkRFWE1CVUdBMVVFQ2d3T2MzbHpkR1Z0T20xaGMzUmxjbk14R1RBWEJnTlZCQU1NRUd0MVltVnlibVYwWlhNdApZV1J0YVc0d0lC\
Y05Nall4TVRJeE1UY3lOREkyV2hnUE1qRXlOakV3TWpneE56STBNalphTURReEZ6QVZCZ05WCkJBb01Ebk41YzNSbGJUcHRZWE4wWlhKek1Sa3dG\
d1lEVlFRRERCQnJkV0psY201bGRHVnpMV0ZrYldsdU1Ga3cKRXdZSEtvWkl6ajBDQVFZSUtvWkl6ajBEQVFjRFFnQUV5b0s5OHlYM1lnMEM2cGxt\
MXA0WUpqTEt0WUd6WXo4QQplbVdTc1F4c1RkVkF1QkxmcEFiQ2hxelk2L21vS3pBZjg0ZDB6QTkvVTQxVDVEY1NsdlFoT3FOVE1GRXdIUVlEClZS\
ME9CQllFRlBWdXBWUktYdCtSNDJOcC81WVRib3RmRjVETU1COEdBMVVkSXdRWU1CYUFGUFZ1cFZSS1h0K1IKNDJOcC81WVRib3RmRjVETU1BOEdB\
MVVkRXdFQi93UUZNQU1CQWY4d0NnWUlLb1pJemowRUF3SURSd0F3UkFJZwpENWZOR3dEWVFxWmlaa21meFk2UXplK2pPajZSb2pKY2NBVjJCUnZO\
aHFVQ0lDQ0RkejlsTU5mTGpzVDNDZ2pCClIvL2V5aTdiTXh0ZVZTTWp4SExKVkxQdAotLS0tLUVORCBDRVJUSUZJQ0FURS0tLS0tCg==";

fn kubeconfig(credentials: &str) -> String {
    CONFIG.replace("CREDENTIALS", credentials)
}

fn certificate(pem: &str) -> String {
    kubeconfig(&format!("client-certificate-data: {pem}, client-key-data: bm8="))
}

fn role(kind: &str, user: &str) -> String {
    ROLE.replace("KIND", kind).replace("USER", &format!("{user:?}"))
}

fn ccm(files: &[(&str, &str)]) -> (Resolved, Manager) {
    let given = [("before/kcm.yaml", KCM), ("after/kcm.yaml", KCM)];
    let files = given.into_iter().chain(files.iter().copied());
    let resolved = resolved(&request(&["before", "after"]), &Memory::of(files));
    let manager = resolved.managers.iter().find(|m| m.library.is_some()).expect("a cloud-controller-manager").clone();
    (resolved, manager)
}

/// The user, what it lacks to hold the migration lease, and what was assumed about it.
fn access((resolved, manager): &(Resolved, Manager)) -> (String, Vec<Verb>, Vec<String>) {
    let lease = LeaseId::kube_system("cloud-provider-extraction-migration");
    let about = |line: &&String| line.contains("user") || line.contains("right");
    let assumed = resolved.inferred.iter().filter(about).cloned().collect();
    (manager.user.clone(), manager.spec.rights.missing(&lease), assumed)
}

fn static_pod(volume: &str) -> String {
    CCM.replace("VOLUME", volume)
}

const ON_THE_NODE: &str = "hostPath: {path: /etc/kubernetes}";

#[test]
fn the_certificate_of_a_kubeconfig_names_the_user() {
    let pod = static_pod(ON_THE_NODE);
    let config = certificate(OF_ACME);
    for (kind, name) in [("User", "ccm-of-acme"), ("Group", "acme")] {
        let bound = role(kind, name);
        let found = access(&ccm(&[("after/ccm.yaml", &pod), ("after/ccm.conf", &config), ("after/rbac.yaml", &bound)]));
        assert_eq!(found, ("ccm-of-acme".into(), vec![], vec![]), "{kind}");
    }
    // The customary user's role is of no use to another user.
    let other = role("User", "system:cloud-controller-manager");
    let found = access(&ccm(&[("after/ccm.yaml", &pod), ("after/ccm.conf", &config), ("after/rbac.yaml", &other)]));
    let all = "ccm: no role for ccm-of-acme is given, so every right on leases is assumed";
    assert_eq!(found, ("ccm-of-acme".into(), vec![], vec![all.into()]));
    // Members of system:masters need no role.
    let admin = certificate(ADMIN);
    let found = access(&ccm(&[("after/ccm.yaml", &pod), ("after/ccm.conf", &admin), ("after/rbac.yaml", &other)]));
    assert_eq!(found, ("kubernetes-admin".into(), vec![], vec![]));
}

#[test]
fn a_kubeconfig_is_read_from_secrets_and_config_maps() {
    let config = certificate(OF_ACME);
    let indented = config.replace('\n', "\n    ");
    let encoded = encode(&config);
    let secret = "secret: {secretName: access, items: [{key: value, path: ccm.conf}]}";
    let object = |kind: &str, data: String| {
        format!("apiVersion: v1\nkind: {kind}\nmetadata: {{name: access, namespace: kube-system}}\n{data}\n")
    };
    for (volume, object) in [
        (secret, object("Secret", format!("data: {{value: {encoded}}}"))),
        (secret, object("Secret", format!("data: {{value: bm90aGluZw==}}\nstringData:\n  value: |\n    {indented}"))),
        ("configMap: {name: access}", object("ConfigMap", format!("data:\n  ccm.conf: |\n    {indented}"))),
        (
            "projected: {sources: [{secret: {name: access, items: [{key: value, path: ccm.conf}]}}]}",
            object("Secret", format!("data: {{value: {encoded}}}")),
        ),
    ] {
        let found = access(&ccm(&[("after/ccm.yaml", &static_pod(volume)), ("after/object.yaml", &object)]));
        assert_eq!(found.0, "ccm-of-acme", "{volume}");
    }
}

#[test]
fn what_a_kubeconfig_does_not_tell_is_assumed_and_said_where_it_decides() {
    let custom = "system:cloud-controller-manager";
    let bound = role("User", custom);
    let files = |config: Option<&str>| -> (String, Vec<Verb>, Vec<String>) {
        let pod = static_pod(ON_THE_NODE);
        let mut files = vec![("after/ccm.yaml", pod.as_str()), ("after/rbac.yaml", &bound)];
        files.extend(config.map(|config| ("after/kubernetes/ccm.conf", config)));
        access(&ccm(&files))
    };
    let assumed = |why: &str| {
        let line = format!("ccm: its kubeconfig /etc/kubernetes/ccm.conf {why}, so its user is taken to be {custom}");
        (custom.to_string(), vec![], vec![line])
    };
    assert_eq!(files(None), assumed("is not among the files"));
    let token = kubeconfig("token: abc");
    assert_eq!(files(Some(&token)), assumed("has a token, which does not tell its user"));
    let file = kubeconfig("client-certificate: /etc/kubernetes/pki/ccm.crt");
    assert_eq!(files(Some(&file)), assumed("names the file of a client certificate, which is not read"));
    let broken = certificate("bm90IGEgY2VydGlmaWNhdGU=");
    assert_eq!(files(Some(&broken)), assumed("has a client certificate that is not readable"));
    let nobody = token.replace("current-context: here", "current-context: nowhere");
    assert_eq!(files(Some(&nobody)), assumed("has no context `nowhere`, which it calls the current one"));
    let impersonating = kubeconfig("token: abc, as: \"system:serviceaccount:kube-system:ccm\"");
    assert_eq!(files(Some(&impersonating)).0, "system:serviceaccount:kube-system:ccm");
    // Where no role decides anything, nothing is said of the user but that every right is assumed.
    let (_, _, said) = access(&ccm(&[("after/ccm.yaml", &static_pod(ON_THE_NODE))]));
    assert_eq!(said, [format!("ccm: no role for {custom} is given, so every right on leases is assumed")]);
}

#[test]
fn a_service_account_counts_where_there_is_no_kubeconfig() {
    let pod = static_pod(ON_THE_NODE).replace("  containers:", "  serviceAccountName: mine\n  containers:");
    assert_eq!(access(&ccm(&[("after/ccm.yaml", &pod)])).0, "system:cloud-controller-manager");
    let pod = pod.replace(", --kubeconfig=/etc/kubernetes/ccm.conf", "");
    assert_eq!(access(&ccm(&[("after/ccm.yaml", &pod)])).0, "system:serviceaccount:kube-system:mine");
}

#[test]
fn a_scenario_names_the_user() {
    let scenario = "apiVersion: leasehold/v1alpha1\nkind: Scenario\nmetadata: {name: x}\nbefore: {manifests: [kcm.yaml, \
                    ccm.yaml, rbac.yaml]}\nassume: {users: [{component: cloud-controller-manager, user: ccm-of-acme, \
                    groups: [acme]}]}\n";
    let (pod, bound) = (static_pod(ON_THE_NODE), role("Group", "acme"));
    let files = [("s.yaml", scenario), ("kcm.yaml", KCM), ("ccm.yaml", pod.as_str()), ("rbac.yaml", bound.as_str())];
    let resolved = resolved(&request(&["s.yaml"]), &Memory::of(files));
    let manager = resolved.managers[1].clone();
    assert_eq!(access(&(resolved, manager)), ("ccm-of-acme".into(), vec![], vec![]));
}

#[test]
fn a_binding_whose_role_is_not_given_is_pointed_out() {
    let pod = static_pod(ON_THE_NODE);
    let notes = |role: &str| {
        let binding = format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {{name: b}}\nroleRef: {{kind: \
             ClusterRole, name: {role:?}}}\nsubjects: [{{kind: User, name: \"system:cloud-controller-manager\"}}]\n"
        );
        let (resolved, manager) = ccm(&[("after/ccm.yaml", &pod), ("after/rbac.yaml", &binding)]);
        let place = |span| resolved.sources.place(span);
        let notes: Vec<String> =
            resolved.notes.iter().map(|n| format!("{} {}", n.span.map(place).unwrap_or_default(), n.message)).collect();
        (notes, manager.spec.rights.missing(&LeaseId::kube_system("cloud-controller-manager")))
    };
    let unknown = "after/rbac.yaml:3:18 ClusterRoleBinding b binds the ClusterRole ccm, which is not among the files";
    assert_eq!(notes("ccm"), (vec![unknown.to_string()], vec![]));
    // Roles that every cluster has: one that may do everything, one that has nothing to do with leases, one that may
    // create them.
    assert_eq!(notes("cluster-admin"), (vec![], vec![]));
    assert_eq!(notes("system:auth-delegator"), (vec![], vec![]));
    assert_eq!(notes("system:kube-controller-manager"), (vec![], vec![Verb::Get, Verb::Update]));
}

/// Base64, as in a Secret.
fn encode(text: &str) -> String {
    const SYMBOLS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let bits = chunk.iter().chain([&0, &0]).take(3).fold(0u32, |bits, &byte| bits << 8 | u32::from(byte));
        for i in 0..4 {
            let symbol = SYMBOLS[(bits >> (18 - 6 * i)) as usize & 63] as char;
            out.push(if i <= chunk.len() { symbol } else { '=' });
        }
    }
    out
}
