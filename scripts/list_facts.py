"""Writes what the comparison knows of Kubernetes' own kinds, from the project's OpenAPI document.

    list_facts.py SWAGGER > src/diff/compare/facts/kubernetes.txt

SWAGGER is `api/openapi-spec/swagger.json` of the module k8s.io/kubernetes. The grammar of what is written stands in
`src/diff/compare/facts.rs`. Types from which no fact can be reached are left out; versions of one type become one.
"""

import collections
import json
import re
import sys

QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity"
# Associative lists whose order nothing reads: OpenAPI does not tell them from those like `containers` and `env`.
UNORDERED = {
    "claims", "conditions", "hostAliases", "imagePullSecrets", "matchConditions", "ownerReferences", "podIPs",
    "resourceClaims", "schedulingGates", "secrets", "topologySpreadConstraints", "volumeDevices", "volumeMounts",
    "volumes",
}


def version_rank(name):
    """Sorts v1 behind v1beta1 behind v1alpha1, so that the most stable version is merged last."""
    major, level, minor = re.search(r"\.v(\d+)(?:(alpha|beta)(\d+))?\.", name).groups()
    return ({"alpha": 0, "beta": 1, None: 2}[level], int(major), int(minor or 0))


def unversioned(name):
    """`io.k8s.api.apps.v1.Deployment` -> `apps.Deployment`."""
    parts = name.split(".")
    return f"{parts[-3]}.{parts[-1]}"


def field(name, schema):
    """Target, and how it is reached, of one property: (target, marks)."""
    through = ""
    pairing = ""
    while True:
        if schema.get("type") == "array":
            kind = schema.get("x-kubernetes-list-type")
            if kind == "set":
                pairing = "{}"
            elif kind == "map":
                mark = "~" if name in UNORDERED or (name == "ports" and "containerPort" in str(schema)) else ""
                pairing = "[" + ",".join(schema["x-kubernetes-list-map-keys"]) + "]" + mark
            elif schema.get("x-kubernetes-patch-merge-key"):
                pairing = "[" + schema["x-kubernetes-patch-merge-key"] + "]"
            through += "-"
            schema = schema["items"]
        elif isinstance(schema.get("additionalProperties"), dict):
            through += "*"
            schema = schema["additionalProperties"]
        else:
            break
    reference = schema.get("$ref", "").removeprefix("#/definitions/")
    target = "quantity" if reference == QUANTITY else unversioned(reference) if reference.count(".") > 3 else ""
    return target, through, pairing


def read(definitions):
    types = collections.defaultdict(dict)
    roots = {}
    for name in sorted((n for n in definitions if re.search(r"\.v\d", n)), key=version_rank):
        schema = definitions[name]
        own = unversioned(name)
        for key, value in schema.get("properties", {}).items():
            if key != "status":
                types[own][key] = field(key, value)
        for kind in schema.get("x-kubernetes-group-version-kind", []):
            if "metadata" in schema.get("properties", {}) and not kind["kind"].endswith("List"):
                roots[own] = kind["kind"] + ("." + kind["group"] if kind["group"] else "")
    return types, roots


def prune(types):
    """The types that hold a fact or lead to one."""
    useful = {name for name, fields in types.items() if any(t == "quantity" or p for t, _, p in fields.values())}
    while True:
        more = {n for n, fields in types.items() if any(t in useful for t, _, _ in fields.values())} - useful
        if not more:
            return useful
        useful |= more


def main():
    definitions = json.load(open(sys.argv[1]))["definitions"]
    types, roots = read(definitions)
    useful = prune(types)
    print("# Written by scripts/list_facts.py from the OpenAPI document of Kubernetes 1.34.2: do not edit.")
    reached = []
    queue = sorted((name for name in roots if name in useful), key=roots.get)
    for name in queue:
        targets = sorted({t for t, _, _ in types[name].values() if t in useful} - set(queue))
        queue.extend(targets)
    for name in queue:
        print(f"{name} {roots.get(name, '')}".rstrip())
        for key, (target, through, pairing) in sorted(types[name].items()):
            target = target if target == "quantity" or target in useful else ""
            if target or pairing:
                print("  " + " ".join(part for part in (key, through, target, pairing) if part))


main()
