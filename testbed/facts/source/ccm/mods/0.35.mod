module leasehold.test/facts/ccm

go 1.25.0

require (
	k8s.io/client-go v0.35.10
	k8s.io/cloud-provider v0.35.10
	k8s.io/controller-manager v0.35.10
)
