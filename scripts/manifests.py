"""Reads the manifests of one cluster of a rendered tree, for scripts/prove.

    manifests.py FROM INTO

FROM is `kubernetes/<environment>/<cluster>`. Writes into the folder INTO:
    problems          a line for each thing that no server needs to be asked about
    objects           a line for each object: path, kind, namespace, name
    namespaces.json   the Namespaces of the platform leaves, as a List
    namespaces        their names
    pods/*.json       the Pod that a controller would create for each workload; the file's name says for which
"""

import json
import pathlib
import sys

import yaml

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
CONTROLLERS = {"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job"}


def read(source):
    """Returns (path, object) pairs in path order, and the problems."""
    objects, problems, seen = [], [], {}
    for path in sorted(path for path in source.rglob("*") if not path.is_dir()):
        name = path.relative_to(source).as_posix()
        if path.suffix != ".yaml":
            problems.append(f"{name}: not a YAML file")
            continue
        try:
            documents = [document for document in yaml.load_all(path.read_text(), Loader=LOADER) if document is not None]
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            problems.append(f"{name}: {' '.join(str(error).split())}")
            continue
        if len(documents) != 1 or not isinstance(documents[0], dict):
            problems.append(f"{name}: {len(documents)} documents where one object is expected")
            continue
        manifest = documents[0]
        identity = (str(manifest.get("apiVersion")).rpartition("/")[0], *describe(manifest))
        if identity in seen:
            problems.append(f"{name}: the same object as {seen[identity]}")
        seen[identity] = name
        objects.append((name, manifest))
    return objects, problems


def describe(manifest):
    metadata = manifest.get("metadata") or {}
    return str(manifest.get("kind")), str(metadata.get("namespace", "")), str(metadata.get("name", ""))


def pod(manifest):
    """Returns the Pod that the object's controller would create, or None when it has none."""
    kind, spec = manifest.get("kind"), manifest.get("spec") or {}
    if kind == "Pod":
        return manifest
    if kind == "CronJob":
        template = spec["jobTemplate"]["spec"]["template"]
    elif kind in CONTROLLERS:
        template = spec["template"]
    else:
        return None
    metadata = {key: value for key, value in (template.get("metadata") or {}).items() if key in ("labels", "annotations")}
    _, namespace, name = describe(manifest)
    pod_spec = dict(template["spec"])
    claims = [claim["metadata"]["name"] for claim in spec.get("volumeClaimTemplates") or []]
    volumes = [volume for volume in pod_spec.get("volumes") or [] if volume["name"] not in claims]
    volumes += [{"name": claim, "persistentVolumeClaim": {"claimName": f"{claim}-{name}-0"}} for claim in claims]
    if volumes:
        pod_spec["volumes"] = volumes
    metadata |= {"name": name, "namespace": namespace}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": pod_spec}


def main(source, into):
    objects, problems = read(source)
    (into / "pods").mkdir()
    namespaces = []
    for path, manifest in objects:
        kind, namespace, name = describe(manifest)
        if kind == "Namespace" and path.startswith("platform/"):
            namespaces.append(manifest)
        try:
            workload = pod(manifest)
        except (KeyError, TypeError, AttributeError):
            problems.append(f"{path}: no pod template")
            continue
        if workload:
            write_json(into / "pods" / f"{namespace}.{kind.lower()}.{name}.json", workload)
    write_json(into / "namespaces.json", {"apiVersion": "v1", "kind": "List", "items": namespaces})
    write_lines(into / "namespaces", [describe(namespace)[2] for namespace in namespaces])
    write_lines(into / "objects", ["\t".join((path, *describe(manifest))) for path, manifest in objects])
    write_lines(into / "problems", problems)


def write_json(path, value):
    # An unquoted date is text to Kubernetes.
    path.write_text(json.dumps(value, default=str))


def write_lines(path, lines):
    path.write_text("".join(f"{line}\n" for line in lines))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
