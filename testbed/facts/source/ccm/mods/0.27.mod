module leasehold.test/facts/ccm

go 1.21

require (
	k8s.io/client-go v0.27.3
	k8s.io/cloud-provider v0.27.3
	k8s.io/controller-manager v0.27.3
)
