"""Writes JSON schemas in the layout that kubeconform reads, strict ones.

    schemas.py kubernetes FROM INTO   schemas of the kubernetes-validate package -> INTO/v<version>/<kind>[-<group>]-<version>.json
    schemas.py crds FROM INTO         a folder of CRDs -> INTO/crds/<file>.yaml and INTO/schemas/<group>/<kind>_<version>.json
"""

import json
import pathlib
import shutil
import sys


def kubernetes(source, into):
    """Copies the strict schemas, with references that resolve in a folder."""
    for folder in sorted(source.glob("v*-local-strict")):
        target = into / folder.name.removesuffix("-local-strict")
        target.mkdir(parents=True)
        for path in sorted(folder.glob("*.json")):
            schema = json.loads(path.read_text().replace('"/api/_definitions.json#', '"_definitions.json#'))
            # Not where the file is: kubeconform would look for the references there.
            schema.pop("$id", None)
            (target / path.name).write_text(json.dumps(schema))


def crds(source, into):
    """Copies the CRDs of a folder and writes a schema for each served version of each."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    (into / "crds").mkdir()
    found = 0
    for path in sorted(source.glob("*.yaml")):
        documents = [document for document in yaml.load_all(path.read_text(), Loader=loader) if document]
        # Beside the CRDs lie kustomizations and admission policies.
        if any(document["kind"] != "CustomResourceDefinition" for document in documents):
            continue
        shutil.copyfile(path, into / "crds" / path.name)
        for document in documents:
            found += 1
            for version in document["spec"]["versions"]:
                if version["served"]:
                    crd_version(document["spec"], version, into / "schemas")
    if not found:
        sys.exit(f"no CRD in {source.name}")


def crd_version(spec, version, into):
    group, kind = spec["group"], spec["names"]["kind"]
    schema = strict(version["schema"]["openAPIV3Schema"])
    schema["$schema"] = "http://json-schema.org/draft-07/schema#"
    properties = schema.setdefault("properties", {})
    properties["apiVersion"] = {"type": "string", "enum": [f"{group}/{version['name']}"]}
    properties["kind"] = {"type": "string", "enum": [kind]}
    properties["metadata"] = {"type": "object"}
    schema["required"] = sorted({"apiVersion", "kind", "metadata", *schema.get("required", [])})
    target = into / group / f"{kind.lower()}_{version['name']}.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(schema))


def strict(node):
    """Turns a structural schema into JSON Schema that refuses what the API server would prune.

    What stands below `allOf`, `anyOf`, `oneOf` and `not` only restricts values, so it is left as it is.
    """
    result = {key: value for key, value in node.items() if not key.startswith("x-kubernetes-") and key != "nullable"}
    if "properties" in result:
        result["properties"] = {name: strict(value) for name, value in result["properties"].items()}
    for key in ("items", "additionalProperties"):
        if isinstance(result.get(key), dict):
            result[key] = strict(result[key])
    if node.get("x-kubernetes-embedded-resource"):
        for name in ("apiVersion", "kind", "metadata"):
            result.setdefault("properties", {}).setdefault(name, {})
    if node.get("type") == "object" and not node.get("x-kubernetes-preserve-unknown-fields"):
        result.setdefault("additionalProperties", False)
    if node.get("x-kubernetes-int-or-string") and not {"anyOf", "allOf"} & result.keys():
        result["anyOf"] = [{"type": "integer"}, {"type": "string"}]
    return {"anyOf": [{"type": "null"}, result]} if node.get("nullable") else result


def main():
    match sys.argv[1:]:
        case ["kubernetes", source, into]:
            kubernetes(pathlib.Path(source), pathlib.Path(into))
        case ["crds", source, into]:
            crds(pathlib.Path(source), pathlib.Path(into))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
