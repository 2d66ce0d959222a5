#!/usr/bin/env python3
"""Writes generated.json: 3,000 LeaderMigrationConfiguration texts, good, bad and odd, the same on every machine.

Every text starts as a correct configuration and gets none to three mistakes or oddities; ci/facts asks upstream's
real reader, validator and filters about each. The random numbers are our own, so that no Python release changes the file.
"""
import json
import pathlib

COUNT = 3000
SEED = 2436

GROUP = "controllermanager.config.k8s.io/"
OLD = ["service", "route", "cloud-node-lifecycle", "nodeipam", "cloud-node"]
CANONICAL = ["service-lb-controller", "node-route-controller", "cloud-node-lifecycle-controller", "node-ipam-controller", "cloud-node-controller"]
BUILT_IN = ["service-controller", "route-controller", "cloud-node-lifecycle-controller"]
COMPONENTS = ["*", "kube-controller-manager", "cloud-controller-manager"]
FIELDS = ["apiVersion", "kind", "leaderName", "resourceLock", "controllerLeaders"]


class Random:
    """splitmix64, whose results no library release can change."""

    def __init__(self, seed):
        self.state = seed

    def below(self, n):
        mask = (1 << 64) - 1
        self.state = (self.state + 0x9E3779B97F4A7C15) & mask
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        return ((z ^ (z >> 31)) * n) >> 64

    def one(self, items):
        return items[self.below(len(items))]

    def chance(self, percent):
        return self.below(100) < percent

    def shuffled(self, items):
        items = list(items)
        for i in range(len(items) - 1, 0, -1):
            j = self.below(i + 1)
            items[i], items[j] = items[j], items[i]
        return items


class Raw(str):
    """A scalar to be written as it stands, in YAML's own spelling."""


ODD_SCALARS = [Raw(s) for s in (
    "5", "-3", "0755", "0x1F", "1.5", "1e3", ".inf", "yes", "no", "On", "off", "true", "False", "y", "~", "null", "Null", "2021-04-08", "1:30", "1_000",
    "!!str 5", "!!str route", "!!int 5", "[route]", "{a: b}", "[]", "{}", '""', "''", "|-\n      route", ">\n      route", "*", "*x", "&x route", "&x", "route # service",
    '"\\x72oute"', "'it''s'", "a: b", "a:b", "@route", "%route", "- route", "?route", "<<", "=", "0o17", "0b11", "!x route", "! 5", "012", "08", "+5", ".5", "5.", "NaN", ".nan", "0.0", "-0")]
ODD_NAMES = ["Service", "SERVICE", "service ", " service", "services", "svc", "node-ipam", "route_controller", "deployment-controller", "*", "", "r\u00e4ute", "service\tlb", "service\nlb"]
ODD_COMPONENTS = ["kube-controller-manger", "Kube-controller-manager", "kcm", "ccm", "cloud-controller-manager ", " *", "**", "", "kube-scheduler", "kube-controller-manager,cloud-controller-manager"]


def scalar(r, value, style):
    """Writes a string so that YAML reads it back, in the plain, single- or double-quoted style if that is possible."""
    if isinstance(value, Raw):
        return str(value)
    plain = value and value[0] not in "*&!%@`-?:,[]{}#|>'\"=< \t" and value[-1] != " " and not any(c in value for c in "\n\t#") and ": " not in value
    if style == "plain" and plain:
        return value
    if style == "single" and "\n" not in value and "\t" not in value:
        return "'" + value.replace("'", "''") + "'"
    return json.dumps(value)


def typed(value):
    """A value for the JSON form; YAML's own spellings become strings, some of them other JSON types."""
    if isinstance(value, Raw):
        return {"5": 5, "true": True, "null": None, "1.5": 1.5, "[route]": ["route"], "{a: b}": {"a": "b"}}.get(str(value), str(value))
    return value


def misspelt(r, key):
    return r.one([key.lower(), key[0].upper() + key[1:], key.upper(), key[:-1], key + "s", key.replace("L", "_l"), " " + key, key + " "])


def configuration(r):
    """One configuration as (fields, entries); both are lists of pairs, so that keys may repeat and have any order."""
    version = r.one(["v1alpha1", "v1beta1", "v1"])
    pool = r.one([OLD, CANONICAL, BUILT_IN, OLD + CANONICAL, OLD + CANONICAL + BUILT_IN])
    component = r.one(COMPONENTS)
    entries = []
    for _ in range(r.one([0, 1, 1, 2, 2, 3, 3, 3, 4, 6])):
        c = component if r.chance(70) else r.one(COMPONENTS)
        entries.append([["name", r.one(pool)], ["component", c]])
        if r.chance(20):
            entries[-1].reverse()
    fields = [["apiVersion", GROUP + version], ["kind", "LeaderMigrationConfiguration"], ["leaderName", r.one(["cloud-provider-extraction-migration", "migration", "m"])]]
    if version != "v1":
        fields.append(["resourceLock", "endpoints" if r.chance(10) else "leases"])
    fields.append(["controllerLeaders", None])
    if r.chance(40):
        fields = r.shuffled(fields)
    return fields, entries


def mutate(r, fields, entries):
    """Makes one mistake."""
    kind = r.below(16)
    if kind == 0:  # a field is missing
        del fields[r.below(len(fields))]
    elif kind == 1:  # a field appears twice, the second time the same or different
        if fields:
            key, value = r.one(fields)
            fields.insert(r.below(len(fields) + 1), [key, value if value is None or r.chance(50) else r.one(["other", value, "endpoints", "leases", GROUP + "v1", GROUP + "v1beta1"])])
    elif kind == 2:  # a field is misspelt
        if fields:
            f = r.one(fields)
            f[0] = misspelt(r, f[0])
    elif kind == 3:  # a field that does not exist
        fields.insert(r.below(len(fields) + 1), [r.one(["other", "metadata", "spec", "leaderNamespace", "name", "leaseDuration", "5", "yes", "x-common", "status"]), r.one(["x", Raw("{name: x}"), Raw("null"), Raw("5"), Raw("[]"), ""])])
    elif kind == 4:  # an odd value
        choices = [f for f in fields if f[1] is not None]
        if choices:
            r.one(choices)[1] = r.one(ODD_SCALARS)
    elif kind == 5:  # the lock
        fields[:] = [f for f in fields if f[0] != "resourceLock"]
        if r.chance(75):
            fields.insert(r.below(len(fields) + 1), ["resourceLock", r.one(["leases", "endpoints", "configmaps", "endpointsleases", "configmapsleases", "Leases", "lease", "leases ", "", Raw("null"), Raw("1")])])
    elif kind == 6:  # the version or kind
        for f in fields:
            if f[0] == "apiVersion" and r.chance(70):
                f[1] = r.one([GROUP + "v2", GROUP + "v1alpha2", "v1", "v1beta1", "controllermanager.k8s.io/v1", "kubecontrollermanager.config.k8s.io/v1alpha1", GROUP + "V1", GROUP, GROUP + "v1/x", "", GROUP + "__internal"])
            elif f[0] == "kind":
                f[1] = r.one(["LeaderMigrationConfigurations", "leaderMigrationConfiguration", "ConfigMap", "List", "", "KubeControllerManagerConfiguration", "GenericControllerManagerConfiguration", "ControllerLeaderConfiguration", "WatchEvent", "Status", "CreateOptions"])
    elif kind == 7:  # the lease's name
        for f in fields:
            if f[0] == "leaderName":
                f[1] = r.one(["", "a/b", "Upper", "kube-controller-manager", "cloud-controller-manager", " m", "m.m", "m" * 260, "\u00fc", "5", "null", "true"])
    elif kind == 8 and entries:  # an entry appears twice
        entries.insert(r.below(len(entries) + 1), [list(p) for p in r.one(entries)])
    elif kind == 9 and entries:  # the same name, another component
        name = r.one(entries)
        if name and isinstance(name[0][1], str):
            entries.append([["name", dict(map(tuple, name)).get("name", "route")], ["component", r.one(COMPONENTS)]])
    elif entries:
        e = r.one(entries)
        if kind == 10 and e:
            del e[r.below(len(e))]
        elif kind == 11 and e:
            e.insert(r.below(len(e) + 1), [r.one(e)[0], r.one(OLD + COMPONENTS)])
        elif kind == 12 and e:
            p = r.one(e)
            p[0] = misspelt(r, p[0])
        elif kind == 13:
            e.insert(r.below(len(e) + 1), [r.one(["other", "namespace", "leader", "leaderName", "Name", "COMPONENT"]), r.one(["x", "*", Raw("5"), Raw("null"), Raw("{}")])])
        elif kind == 14 and e:
            p = r.one(e)
            p[1] = r.one(ODD_SCALARS)
        else:
            for p in e:
                if p[0] == "name" and r.chance(60):
                    p[1] = r.one(ODD_NAMES)
                elif p[0] == "component" and r.chance(60):
                    p[1] = r.one(ODD_COMPONENTS)
    else:  # no entries to spoil: spoil the list
        for f in fields:
            if f[0] == "controllerLeaders":
                f[1] = r.one([Raw("null"), Raw("{}"), Raw("{route: '*'}"), Raw("route"), Raw("[route]"), Raw("[null]"), Raw("[{}]"), Raw("[[]]"), Raw("5"), Raw('""')])


def yaml_text(r, fields, entries):
    style = r.one(["plain", "plain", "plain", "single", "double"])
    indent = r.one(["", "  ", "  ", "    "])
    flow = r.chance(15)
    merge = len(entries) > 1 and r.chance(3)
    anchor = entries and r.chance(3)
    lines = []
    for key, value in fields:
        if value is not None:
            lines.append(f"{key}: {scalar(r, value, style)}")
        elif not entries:
            lines.append(key + r.one([":", ": []", ": [ ]", ": ~"]))
        elif flow:
            lines.append(key + ": [" + ", ".join("{" + ", ".join(f"{k}: {scalar(r, v, style)}" for k, v in e) + "}" for e in entries) + "]")
        else:
            lines.append(key + ":")
            for i, e in enumerate(entries):
                pairs = [f"{k}: {scalar(r, v, style)}" for k, v in e]
                if merge and i == 0:
                    pairs.insert(0, "&first\n" + indent + "  " + pairs.pop(0) if pairs else "&first {}")
                if merge and i == 1:
                    pairs.insert(r.below(len(pairs) + 1), "<<: *first")
                if anchor and i == 0 and pairs:
                    k, v = e[-1]
                    pairs[-1] = f"{k}: &c {scalar(r, v, style)}"
                if anchor and i == 1 and pairs:
                    pairs[-1] = f"{e[-1][0]}: *c"
                for j, p in enumerate(pairs or ["{}"]):
                    lines.append(indent + ("- " if j == 0 else "  ") + p)
    if r.chance(10):
        lines.insert(r.below(len(lines) + 1), r.one(["# a comment", "", "   ", "  # indented"]))
    if r.chance(2):
        lines[r.below(len(lines))] += r.one(["\t", "  ", " # comment", "#not a comment"])
    if r.chance(2):
        i = r.below(len(lines))
        lines[i] = r.one(["\t", " ", "  ", "\ufeff"]) + lines[i]
    text = "\n".join(lines) + "\n"
    if r.chance(3):
        text = r.one(["---\n", "--- # x\n", "%YAML 1.1\n---\n", "\n", "\ufeff", "---\n---\n", "# x\n---\n"]) + text
    if r.chance(3):
        text += r.one(["---\n", "---\nkind: Other\n", "...\n", "---\n[", "\n\n", "--- \nleaderName: second\n"])
    if r.chance(3):
        text = text.replace("\n", "\r\n")
    if r.chance(1):
        text = text.replace(": ", r.one([":", ":\t", " : ", ":  "]), 1 + r.below(3))
    return text


def json_text(r, fields, entries):
    """The JSON form, written by hand because keys may repeat."""
    gap = r.one(["", " ", "\n"])
    pair = lambda k, v: json.dumps(k) + ":" + gap.replace("\n", " ") + v
    listed = "[" + ("," + gap).join("{" + ("," + gap).join(pair(k, json.dumps(typed(v))) for k, v in e) + "}" for e in entries) + "]"
    text = "{" + gap + ("," + gap).join(pair(k, listed if v is None else json.dumps(typed(v))) for k, v in fields) + gap + "}"
    if r.chance(5):
        text = r.one([text[:-1], text + "}", text + " x", text + text, "  " + text, text + "\n", "# x\n" + text, text.replace('"', "'"), text.replace("}", ",}", 1)])
    return text


def main():
    r = Random(SEED)
    seen, texts = set(), []
    while len(texts) < COUNT:
        fields, entries = configuration(r)
        for _ in range(r.one([0, 1, 1, 1, 2, 3])):
            mutate(r, fields, entries)
        text = json_text(r, fields, entries) if r.chance(12) else yaml_text(r, fields, entries)
        if text not in seen:
            seen.add(text)
            texts.append(text)
    out = pathlib.Path(__file__).with_name("generated.json")
    out.write_text("[\n" + ",\n".join(json.dumps(t) for t in texts) + "\n]\n")
    print(f"{out.name}: {len(texts)} configurations, {out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
