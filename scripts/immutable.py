"""Applies the old object of each row and then the new one, for scripts/immutable.

    immutable.py TABLES REQUEST

TABLES is tests/impact; REQUEST a file with a request for a certificate, for rows that need one. A row is asked when it
changes an object, unless `ask` says why it cannot be. The server's answer to the new object is one of

    refused   because a field cannot be changed; any other refusal is a mistake in the table
    ignored   taken, and nothing but bookkeeping is different
    taken
"""

import base64
import copy
import json
import os
import pathlib
import re
import ssl
import sys
import time
import urllib.error
import urllib.request

import yaml

# What the API server says of fields that cannot be changed.
IMMUTABLE = re.compile(
    r"immutable|may not be changed|may not change|cannot change|can not be less than"
    r"|updates? to .* (?:are|is) forbidden|for fields other than|can only be modified in tandem|existing toleration can not be"
)
# Cluster-wide objects whose name says what they are.
NAMED = {"CustomResourceDefinition", "APIService", "IPAddress"}
DANGEROUS = {"replace", "data-loss"}


class Server:
    """The API server of a kubeconfig that scripts/apiserver wrote."""

    def __init__(self, path):
        config = yaml.safe_load(pathlib.Path(path).read_text())
        cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
        authority = pathlib.Path(path).parent / cluster["certificate-authority"]
        self.url, self.token = cluster["server"], user["token"]
        self.context = ssl.create_default_context(cafile=str(authority))
        self.kinds = {}

    def call(self, method, path, body=None, kind="application/json"):
        """Returns the status code and the answer, parsed."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": kind}
        request = urllib.request.Request(self.url + path, data=data, method=method, headers=headers)
        try:
            with urllib.request.urlopen(request, context=self.context, timeout=30) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            text = error.read().decode(errors="replace")
            try:
                return error.code, json.loads(text)
            except ValueError:
                return error.code, {"message": text}

    def resource(self, manifest):
        """Returns the folder and the plural of a kind, and whether it is namespaced."""
        version, kind = manifest["apiVersion"], manifest["kind"]
        folder = f"/apis/{version}" if "/" in version else f"/api/{version}"
        if folder not in self.kinds:
            _, answer = self.call("GET", folder)
            self.kinds[folder] = {each["kind"]: each for each in answer.get("resources", []) if "/" not in each["name"]}
        if kind not in self.kinds[folder]:
            raise LookupError(f"the server has no {kind} in {version}")
        known = self.kinds[folder][kind]
        return folder, known["name"], known["namespaced"]

    def path(self, manifest):
        folder, plural, namespaced = self.resource(manifest)
        metadata = manifest["metadata"]
        middle = f"/namespaces/{metadata['namespace']}" if namespaced else ""
        return f"{folder}{middle}/{plural}/{metadata['name']}"

    def apply(self, manifest):
        query = "?fieldManager=macadam&force=true&fieldValidation=Strict"
        return self.call("PATCH", self.path(manifest) + query, manifest, "application/apply-patch+yaml")

    def delete(self, manifest):
        path = self.path(manifest)
        self.call("DELETE", path + "?gracePeriodSeconds=0")
        for _ in range(50 if manifest["kind"] in NAMED else 0):
            if self.call("GET", path)[0] == 404:
                return
            time.sleep(0.1)


def patch(target, changes):
    """RFC 7386."""
    if not isinstance(changes, dict):
        return copy.deepcopy(changes)
    result = dict(target) if isinstance(target, dict) else {}
    for key, change in changes.items():
        if change is None:
            result.pop(key, None)
        else:
            result[key] = patch(result.get(key), change)
    return result


def visible(manifest):
    """An object without what the server writes down about every request."""
    manifest = copy.deepcopy(manifest)
    for key in ("managedFields", "resourceVersion", "generation"):
        manifest["metadata"].pop(key, None)
    manifest.pop("status", None)
    return manifest


def ask(server, table, row, number, request):
    """Returns the server's answer to a row: a word, and what it said."""
    old = patch(table["bases"][row["of"]], row.get("old", {}))
    new = patch(old, row.get("new", {}))
    namespaced = server.resource(old)[2]
    for manifest in (old, new):
        if manifest["kind"] == "CertificateSigningRequest":
            manifest["spec"]["request"] = base64.b64encode(request).decode()
        if namespaced:
            manifest["metadata"] = {**manifest["metadata"], "namespace": f"row-{number}"}
        elif manifest["kind"] not in NAMED:
            manifest["metadata"] = {**manifest["metadata"], "name": f"{manifest['metadata']['name']}-{number}"}
    if namespaced:
        space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": f"row-{number}"}}
        code, answer = server.apply(space)
        if code not in (200, 201):
            return "error", f"no namespace: {answer.get('message')}"
    for name in row.get("setup", []):
        code, answer = server.apply(table["bases"][name])
        if code not in (200, 201):
            return "error", f"`{name}` is refused: {answer.get('message')}"
    try:
        return ask_objects(server, row, old, new)
    finally:
        if not namespaced:
            server.delete(old)


def ask_objects(server, row, old, new):
    code, answer = server.apply(old)
    if code not in (200, 201):
        return "error", f"the old object is refused: {answer.get('message')}"
    if "status" in row:
        body = {"status": row["status"]}
        code, answer = server.call("PATCH", server.path(old) + "/status", body, "application/merge-patch+json")
        if code != 200:
            return "error", f"its status is refused: {answer.get('message')}"
    if old["kind"] == "CustomResourceDefinition":
        for _ in range(50):
            answer = server.call("GET", server.path(old))[1]
            conditions = {each["type"]: each["status"] for each in (answer.get("status") or {}).get("conditions") or []}
            if conditions.get("Established") == "True":
                break
            time.sleep(0.1)
    before = visible(server.call("GET", server.path(old))[1])
    code, answer = server.apply(new)
    if code in (200, 201):
        return ("ignored" if visible(answer) == before else "taken"), ""
    message = " ".join(str(answer.get("message")).split())
    return ("refused" if code in (403, 422) and IMMUTABLE.search(message) else "error"), message


def judge(row, answer):
    """Returns what is wrong with a row, given the server's answer."""
    impacts = set(row["impacts"])
    if answer == "refused" and not impacts & DANGEROUS:
        return "the server refuses what the table says can be changed"
    if answer == "taken" and "replace" in impacts:
        return "the server takes what the table says cannot be changed"
    if answer != "ignored" and "default/written-out" in row.get("rules", []):
        return "to the server it is no default"
    return None


def main(tables, request_path):
    server = Server(os.environ["KUBECONFIG"])
    request = pathlib.Path(request_path).read_bytes()
    counts, wrong, number = {}, 0, 0
    for path in sorted(pathlib.Path(tables).glob("*.yaml")):
        table = yaml.safe_load(path.read_text())
        if table.get("format", "yaml") != "yaml":
            continue
        for row in table["rows"]:
            if row.get("action", "changed") != "changed":
                continue
            where = f"{path.stem}: {row['say']}"
            if "ask" in row:
                counts["not asked"] = counts.get("not asked", 0) + 1
                print(f"not asked: {where}: {row['ask']}")
                continue
            number += 1
            try:
                answer, message = ask(server, table, row, number, request)
            except LookupError as error:
                answer, message = "error", str(error)
            counts[answer] = counts.get(answer, 0) + 1
            problem = message if answer == "error" else judge(row, answer)
            if problem:
                wrong += 1
                print(f"WRONG: {where} ({answer}): {problem} {message if problem != message else ''}".rstrip())
            elif os.environ.get("VERBOSE"):
                print(f"{answer}: {where}: {message}")
    told = ", ".join(f"{count} {answer}" for answer, count in sorted(counts.items()))
    print(f"{number} rows asked: {told}; {wrong} wrong")
    return 1 if wrong or not number else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
