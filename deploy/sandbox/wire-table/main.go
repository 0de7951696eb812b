// Command wire-table prints how Kubernetes' own Go types look as protobuf: which message a kind is, and of each field its
// number, its name in JSON, whether a zero is kept, and its type. The sandbox reads what it prints, so that it understands
// a client that sends protobuf. With a folder as its argument it writes examples there, in both forms, for a test. Run it through deploy/sandbox/wire-table/update when the version in go.mod has changed.
package main

import (
	"fmt"
	"os"
	"reflect"
	"sort"
	"strings"

	apps "k8s.io/api/apps/v1"
	authorization "k8s.io/api/authorization/v1"
	autoscaling "k8s.io/api/autoscaling/v1"
	coordination "k8s.io/api/coordination/v1"
	core "k8s.io/api/core/v1"
	discovery "k8s.io/api/discovery/v1"
	events "k8s.io/api/events/v1"
	policy "k8s.io/api/policy/v1"
	rbac "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// What the sandbox serves, by API version. DeleteOptions come under any of them.
var kinds = map[string][]any{
	"v1": {
		core.Namespace{}, core.Node{}, core.Pod{}, core.Service{}, core.Endpoints{}, core.Secret{}, core.ConfigMap{},
		core.ServiceAccount{}, core.Event{}, core.PersistentVolumeClaim{},
	},
	"apps/v1":                      {apps.StatefulSet{}},
	"policy/v1":                    {policy.PodDisruptionBudget{}},
	"coordination.k8s.io/v1":       {coordination.Lease{}},
	"discovery.k8s.io/v1":          {discovery.EndpointSlice{}},
	"events.k8s.io/v1":             {events.Event{}},
	"rbac.authorization.k8s.io/v1": {rbac.Role{}, rbac.RoleBinding{}, rbac.ClusterRole{}, rbac.ClusterRoleBinding{}},
	"authorization.k8s.io/v1":      {authorization.SelfSubjectAccessReview{}, authorization.SelfSubjectRulesReview{}},
	"autoscaling/v1":               {autoscaling.Scale{}},
	"*":                            {meta.DeleteOptions{}},
}

// Types whose JSON is not an object of their fields.
var special = map[reflect.Type]string{
	reflect.TypeOf(resource.Quantity{}):    "quantity",
	reflect.TypeOf(intstr.IntOrString{}):   "int-or-string",
	reflect.TypeOf(meta.Time{}):            "time",
	reflect.TypeOf(meta.MicroTime{}):       "micro-time",
	reflect.TypeOf(meta.FieldsV1{}):        "json",
	reflect.TypeOf(runtime.RawExtension{}): "json",
}

var messages = map[string][]string{}

func main() {
	if len(os.Args) == 2 {
		examples(os.Args[1])
		return
	}
	fmt.Println("# Written by deploy/sandbox/wire-table/update. A kind, or a message followed by its fields:")
	fmt.Println("# number, name in JSON (- for fields that stand in the message around), when a zero is written, type.")
	var lines []string
	for version, list := range kinds {
		for _, kind := range list {
			t := reflect.TypeOf(kind)
			lines = append(lines, fmt.Sprintf("kind %s %s %s", version, t.Name(), message(t)))
		}
	}
	sort.Strings(lines)
	var names []string
	for name := range messages {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		lines = append(lines, "message "+name)
		lines = append(lines, messages[name]...)
	}
	fmt.Println(strings.Join(lines, "\n"))
}

func message(t reflect.Type) string {
	path := strings.TrimPrefix(strings.TrimPrefix(t.PkgPath(), "k8s.io/api/"), "k8s.io/apimachinery/pkg/apis/")
	name := path + "." + t.Name()
	if _, known := messages[name]; known {
		return name
	}
	messages[name] = nil // A type may contain itself.
	var lines []string
	for i := 0; i < t.NumField(); i++ {
		field := t.Field(i)
		tag := strings.Split(field.Tag.Get("protobuf"), ",")
		if len(tag) < 2 {
			continue
		}
		json := strings.Split(field.Tag.Get("json"), ",")
		if json[0] == "-" {
			panic(name + "." + field.Name + " has no JSON")
		}
		name := json[0]
		if name == "" {
			name = "-"
		}
		zero := "always"
		if strings.Contains(field.Tag.Get("json"), "omitempty") {
			zero = "never"
		}
		of := field.Type
		if of.Kind() == reflect.Pointer {
			zero, of = "present", of.Elem()
		}
		lines = append(lines, fmt.Sprintf("%s %s %s %s", tag[1], name, zero, value(of)))
	}
	messages[name] = lines
	return name
}

func value(t reflect.Type) string {
	if name, found := special[t]; found {
		return name
	}
	switch t.Kind() {
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "bool"
	case reflect.Int32, reflect.Int64:
		return "int"
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return "bytes"
		}
		return "list " + value(t.Elem())
	case reflect.Map:
		return "map " + value(t.Elem())
	case reflect.Struct:
		return message(t)
	}
	fmt.Fprintln(os.Stderr, "no protobuf known for", t)
	os.Exit(1)
	return ""
}
