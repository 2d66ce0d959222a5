module leasehold.test/facts/ccm

go 1.21

require (
	k8s.io/client-go v0.25.4
	k8s.io/cloud-provider v0.25.4
	k8s.io/controller-manager v0.25.4
)
