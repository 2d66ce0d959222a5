package electors

import (
	"net/http"
	"reflect"
	"strconv"
	"sync"
	"time"
)

// lease is a Lease as it goes over the wire, with the fields of every release: an old client drops those it does not know.
type lease struct {
	APIVersion string `json:"apiVersion,omitempty"`
	Kind       string `json:"kind,omitempty"`
	Metadata   meta   `json:"metadata"`
	Spec       spec   `json:"spec"`
}

type meta struct {
	Name            string `json:"name,omitempty"`
	Namespace       string `json:"namespace,omitempty"`
	UID             string `json:"uid,omitempty"`
	ResourceVersion string `json:"resourceVersion,omitempty"`
}

type spec struct {
	HolderIdentity       *string  `json:"holderIdentity,omitempty"`
	LeaseDurationSeconds *int32   `json:"leaseDurationSeconds,omitempty"`
	AcquireTime          *instant `json:"acquireTime,omitempty"`
	RenewTime            *instant `json:"renewTime,omitempty"`
	LeaseTransitions     *int32   `json:"leaseTransitions,omitempty"`
	Strategy             *string  `json:"strategy,omitempty"`
	PreferredHolder      *string  `json:"preferredHolder,omitempty"`
}

// instant is a MicroTime as JSON: six decimals, always.
type instant struct{ time.Time }

func (i instant) MarshalJSON() ([]byte, error) {
	return []byte(`"` + i.UTC().Format("2006-01-02T15:04:05.000000Z") + `"`), nil
}

// store is the one Lease of a run as a kube-apiserver keeps it, with the gate CoordinatedLeaderElection on:
// k8s.io/kubernetes:pkg/registry/coordination/lease/strategy.go@v1.33.13.
type store struct {
	mu      sync.Mutex
	version int // the last resource version given out; one per write that changes anything
	uid     int
	lease   *lease // nil: absent
}

// refusal is an answer of the API server that is no Lease.
type refusal struct {
	code   int
	reason string
}

var (
	notFound      = &refusal{http.StatusNotFound, "NotFound"}
	alreadyExists = &refusal{http.StatusConflict, "AlreadyExists"}
	conflict      = &refusal{http.StatusConflict, "Conflict"}
	invalid       = &refusal{http.StatusUnprocessableEntity, "Invalid"}
)

func (s *store) get() (lease, *refusal) {
	if s.lease == nil {
		return lease{}, notFound
	}
	return *s.lease, nil
}

func (s *store) create(l lease) (lease, *refusal) {
	// Validation precedes storage: k8s.io/apiserver:pkg/registry/rest/create.go:122@v0.33.13.
	if !valid(l.Spec) {
		return lease{}, invalid
	}
	if s.lease != nil {
		return lease{}, alreadyExists
	}
	s.uid++
	l.Metadata.UID = "uid-" + strconv.Itoa(s.uid)
	return s.put(l), nil
}

func (s *store) update(l lease) (lease, *refusal) {
	// An absent Lease may be created by an update, but one that was read carries its UID, and a precondition on a UID that is
	// gone is a conflict: k8s.io/apiserver:pkg/registry/rest/update.go:187, pkg/storage/interfaces.go:149,
	// pkg/storage/errors/storage.go:80@v0.33.13.
	if s.lease == nil || l.Metadata.UID != s.lease.Metadata.UID {
		return lease{}, conflict
	}
	// The version is compared before the object is validated: pkg/registry/generic/registry/store.go:733-750@v0.33.13.
	if l.Metadata.ResourceVersion != s.lease.Metadata.ResourceVersion {
		return lease{}, conflict
	}
	if !valid(l.Spec) {
		return lease{}, invalid
	}
	// An update that changes nothing is not written, and its version stays: pkg/storage/etcd3/store.go:526,
	// pkg/endpoints/handlers/fieldmanager/equality.go:112@v0.33.13.
	if reflect.DeepEqual(l.Spec, s.lease.Spec) {
		return *s.lease, nil
	}
	return s.put(l), nil
}

// put stores a Lease unconditionally, as the person or component behind a foreign write does after having read it.
func (s *store) put(l lease) lease {
	s.version++
	l.APIVersion, l.Kind = "coordination.k8s.io/v1", "Lease"
	l.Metadata.ResourceVersion = strconv.Itoa(s.version)
	s.lease = &l
	return l
}

func (s *store) remove() {
	s.version++
	s.lease = nil
}

// valid says whether the API server takes the spec: k8s.io/kubernetes:pkg/apis/coordination/validation/validation.go:47@v1.33.13.
func valid(s spec) bool {
	if s.LeaseDurationSeconds != nil && *s.LeaseDurationSeconds <= 0 || s.LeaseTransitions != nil && *s.LeaseTransitions < 0 {
		return false
	}
	strategy := s.Strategy != nil && *s.Strategy != ""
	return !(s.PreferredHolder != nil && *s.PreferredHolder != "" && !strategy)
}
