package main

import (
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac/bootstrappolicy"
)

// A lockRule is one right on objects that can be locks, as a fresh cluster grants it: resource is a lock's or *,
// without a namespace it holds in all, without names for all.
type lockRule struct {
	User      string   `json:"user"`
	Role      string   `json:"role"`
	Namespace string   `json:"namespace,omitempty"`
	Resource  string   `json:"resource"`
	Names     []string `json:"names,omitempty"`
	Verbs     []string `json:"verbs"`
}

// bootstrapLockRules are the rights to get, create or update locks of the two managers' users.
func bootstrapLockRules() []lockRule {
	out := []lockRule{}
	add := func(subjects []rbacv1.Subject, role, namespace string, rules []rbacv1.PolicyRule) {
		for _, s := range subjects {
			if s.Kind != rbacv1.UserKind || (s.Name != "system:kube-controller-manager" && s.Name != "system:cloud-controller-manager") {
				continue
			}
			for _, r := range rules {
				verbs := kept(r.Verbs, "*", "get", "create", "update")
				for _, resource := range kept(r.Resources, "*", "leases", "endpoints", "configmaps") {
					if len(verbs) > 0 {
						out = append(out, lockRule{s.Name, role, namespace, resource, r.ResourceNames, verbs})
					}
				}
			}
		}
	}
	for _, b := range bootstrappolicy.ClusterRoleBindings() {
		for _, role := range bootstrappolicy.ClusterRoles() {
			if role.Name == b.RoleRef.Name {
				add(b.Subjects, role.Name, "", role.Rules)
			}
		}
	}
	for namespace, bindings := range bootstrappolicy.NamespaceRoleBindings() {
		for _, b := range bindings {
			for _, role := range bootstrappolicy.NamespaceRoles()[namespace] {
				if role.Name == b.RoleRef.Name {
					add(b.Subjects, role.Name, namespace, role.Rules)
				}
			}
		}
	}
	return out
}

// kept are the elements of list that are among these, sorted.
func kept(list []string, these ...string) []string {
	out := []string{}
	for _, x := range list {
		for _, t := range these {
			if x == t {
				out = append(out, x)
			}
		}
	}
	return sorted(out)
}
