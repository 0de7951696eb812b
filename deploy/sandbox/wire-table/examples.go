package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"time"

	apps "k8s.io/api/apps/v1"
	authorization "k8s.io/api/authorization/v1"
	coordination "k8s.io/api/coordination/v1"
	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
)

type marshaler interface {
	Marshal() ([]byte, error)
}

// Writes objects that have a field of every type, with and without zeros: NAME.pb as a client sends it, and NAME.json.
func examples(folder string) {
	uid := types.UID("1")
	at := time.Date(2026, 2, 3, 4, 5, 6, 789012000, time.UTC)
	pod := core.PodSpec{
		Containers: []core.Container{{
			Name:  "c",
			Args:  []string{"a", "", "ä"},
			Ports: []core.ContainerPort{{Name: "http", ContainerPort: 8080}},
			Env: []core.EnvVar{{Name: "P", ValueFrom: &core.EnvVarSource{SecretKeyRef: &core.SecretKeySelector{
				LocalObjectReference: core.LocalObjectReference{Name: "s"}, Key: "password", Optional: to(false)}}}},
			ReadinessProbe: &core.Probe{
				ProbeHandler:  core.ProbeHandler{TCPSocket: &core.TCPSocketAction{Port: intstr.FromString("http")}},
				PeriodSeconds: 2},
			LivenessProbe: &core.Probe{ProbeHandler: core.ProbeHandler{
				HTTPGet: &core.HTTPGetAction{Path: "/", Port: intstr.FromInt32(8080)}}},
			Resources: core.ResourceRequirements{Limits: core.ResourceList{
				core.ResourceMemory: resource.MustParse("64Mi"), core.ResourceCPU: resource.MustParse("1500m")}},
			SecurityContext: &core.SecurityContext{RunAsUser: to(int64(0)), AllowPrivilegeEscalation: to(false)},
		}},
		Volumes: []core.Volume{
			{Name: "e", VolumeSource: core.VolumeSource{EmptyDir: &core.EmptyDirVolumeSource{}}},
			{Name: "s", VolumeSource: core.VolumeSource{Secret: &core.SecretVolumeSource{SecretName: "s", DefaultMode: to(int32(0))}}},
		},
		TerminationGracePeriodSeconds: to(int64(0)),
		SecurityContext:               &core.PodSecurityContext{SupplementalGroups: []int64{0, 7, -1}},
	}
	write(folder, "statefulset", "apps/v1", "StatefulSet", &apps.StatefulSet{
		ObjectMeta: meta.ObjectMeta{
			Name: "web", Labels: map[string]string{"a": "b", "empty": ""}, CreationTimestamp: meta.NewTime(at),
			OwnerReferences: []meta.OwnerReference{{APIVersion: "v1", Kind: "X", Name: "x", UID: "1", Controller: to(false)}},
			ManagedFields: []meta.ManagedFieldsEntry{{Manager: "m", Operation: "Update", FieldsType: "FieldsV1",
				FieldsV1: &meta.FieldsV1{Raw: []byte(`{"f:spec":{"f:replicas":{}}}`)}}},
		},
		Spec: apps.StatefulSetSpec{
			Replicas: to(int32(0)),
			Selector: &meta.LabelSelector{MatchExpressions: []meta.LabelSelectorRequirement{
				{Key: "a", Operator: meta.LabelSelectorOpIn, Values: []string{"b", "c"}}}},
			Template: core.PodTemplateSpec{Spec: pod},
			VolumeClaimTemplates: []core.PersistentVolumeClaim{{
				ObjectMeta: meta.ObjectMeta{Name: "data"},
				Spec: core.PersistentVolumeClaimSpec{
					StorageClassName: to(""),
					Resources: core.VolumeResourceRequirements{Requests: core.ResourceList{
						core.ResourceStorage: resource.MustParse("10Gi")}}}}},
		},
	})
	write(folder, "secret", "v1", "Secret", &core.Secret{
		ObjectMeta: meta.ObjectMeta{Name: "s", Namespace: "default"}, Type: core.SecretTypeOpaque, Immutable: to(false),
		Data: map[string][]byte{"bytes": {0, 255, 128}, "empty": {}}})
	write(folder, "lease", "coordination.k8s.io/v1", "Lease", &coordination.Lease{
		ObjectMeta: meta.ObjectMeta{Name: "l"},
		Spec:       coordination.LeaseSpec{HolderIdentity: to("me"), LeaseTransitions: to(int32(0)), RenewTime: to(meta.NewMicroTime(at))}})
	write(folder, "delete", "v1", "DeleteOptions", &meta.DeleteOptions{
		GracePeriodSeconds: to(int64(0)), PropagationPolicy: to(meta.DeletePropagationOrphan),
		Preconditions: &meta.Preconditions{UID: &uid}, DryRun: []string{"All"}})
	write(folder, "review", "authorization.k8s.io/v1", "SelfSubjectAccessReview", &authorization.SelfSubjectAccessReview{
		Spec: authorization.SelfSubjectAccessReviewSpec{ResourceAttributes: &authorization.ResourceAttributes{
			Verb: "create", Resource: "pods"}}})
}

func to[T any, P *T](value T) P { return &value }

func write(folder, name, version, kind string, object marshaler) {
	raw, err := object.Marshal()
	check(err)
	envelope := runtime.Unknown{TypeMeta: runtime.TypeMeta{APIVersion: version, Kind: kind}, Raw: raw}
	body, err := envelope.Marshal()
	check(err)
	check(os.WriteFile(filepath.Join(folder, name+".pb"), append([]byte("k8s\x00"), body...), 0o644))
	text, err := json.MarshalIndent(object, "", "  ")
	check(err)
	check(os.WriteFile(filepath.Join(folder, name+".json"), append(text, '\n'), 0o644))
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
