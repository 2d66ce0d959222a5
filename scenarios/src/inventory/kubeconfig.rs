//! Kubeconfigs, as far as they tell who a manager is to the API server.
//!
//! The current context names a user, and the user's credentials are what the API server authenticates: of a client
//! certificate the subject's common name is the user and its organisations are the groups
//! (kubernetes/apiserver:pkg/authentication/request/x509/x509.go `CommonNameUserConversion`@v0.36.0). Everything else,
//! such as a token, is known to the API server only.

use x509_cert::Certificate;
use x509_cert::der::DecodePem;
use x509_cert::der::oid::ObjectIdentifier;

use crate::yaml::{Node, base64};

/// `commonName` and `organizationName` (RFC 4519, sections 2.3 and 2.19).
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const ORGANIZATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");

/// Who a kubeconfig makes of the process that uses it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Identity {
    /// This user, in these groups.
    User {
        /// The user's name.
        name: String,
        /// The groups, without those that every user is in.
        groups: Vec<String>,
    },
    /// It does not tell; why, as the rest of a sentence about the kubeconfig: `has a token, which does not tell its user`.
    Untold(String),
}

/// Reads a document of kind Config. Never fails: what is wrong with it is a reason why it does not tell.
pub fn identity(config: &Node) -> Identity {
    let text = |node: &Node, key: &str| node.get(key).and_then(Node::as_str).unwrap_or_default().to_string();
    let named = |list: &str, name: &str| {
        let items = config.get(list).map_or(&[][..], Node::items);
        items.iter().find(|item| text(item, "name") == name)
    };
    let untold = |why: String| Identity::Untold(why);
    let context = text(config, "current-context");
    let user = match named("contexts", &context).and_then(|item| item.get("context")) {
        Some(context) => text(context, "user"),
        None => return untold(format!("has no context `{context}`, which it calls the current one")),
    };
    let Some(credentials) = named("users", &user).and_then(|item| item.get("user")) else {
        return untold(format!("has no user `{user}`"));
    };
    let list = |key: &str| {
        let items = credentials.get(key).map_or(&[][..], Node::items);
        items.iter().filter_map(Node::as_str).map(str::to_string).collect()
    };
    let impersonated = text(credentials, "as");
    if !impersonated.is_empty() {
        return Identity::User { name: impersonated, groups: list("as-groups") };
    }
    // The order in which a request is authenticated does not matter: one of them is all that a kubeconfig has.
    for (key, what) in [
        ("client-certificate", "names the file of a client certificate, which is not read"),
        ("token", "has a token, which does not tell its user"),
        ("tokenFile", "names the file of a token, which does not tell its user"),
        ("exec", "calls a program for its credentials"),
        ("auth-provider", "leaves its credentials to a plugin"),
        ("username", "has a password, and whose it is the API server decides"),
    ] {
        if credentials.get(key).is_some() && credentials.get("client-certificate-data").is_none() {
            return untold(what.into());
        }
    }
    match credentials.get("client-certificate-data").and_then(Node::as_str) {
        Some(data) => {
            certificate(data).unwrap_or_else(|| untold("has a client certificate that is not readable".into()))
        }
        None => untold(format!("has no credentials for its user `{user}`")),
    }
}

const END: &str = "-----END CERTIFICATE-----";

/// The user of a client certificate, in PEM, in base64.
fn certificate(data: &str) -> Option<Identity> {
    let pem = String::from_utf8(base64::decode(data)?).ok()?;
    // What follows is the issuers' chain.
    let end = pem.find(END)? + END.len();
    let certificate = Certificate::from_pem(&pem[..end]).ok()?;
    let (mut name, mut groups) = (None, Vec::new());
    for attribute in certificate.tbs_certificate().subject().iter() {
        let value = || std::str::from_utf8(attribute.value.value()).ok().map(str::to_string);
        if attribute.oid == COMMON_NAME {
            name = value();
        } else if attribute.oid == ORGANIZATION {
            groups.extend(value());
        }
    }
    Some(Identity::User { name: name?, groups })
}
