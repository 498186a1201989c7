"""Findings for those who run the check in a pipeline: SARIF 2.1.0, JUnit XML, and a baseline of accepted ones."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote
from xml.etree import ElementTree

from hallplan import __version__
from hallplan.model.findings import Finding
from hallplan.terms import text

SARIF_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS: Final = {"mandatory": "error", "recommended": "warning", "own": "note"}
KINDS: Final = {"pass": "pass", "fail": "fail", "undecided": "open"}
FINGERPRINT: Final = "hallplanFinding/v1"


def fingerprint(finding: Finding) -> str:
    """Returns a short name of a finding that stays while rule and place do: places to the metre."""
    where = finding.where
    at = f"{where.at[0]:.0f},{where.at[1]:.0f}" if where.at else ""
    said = "|".join((finding.rule, where.floor, where.zone, at, where.cell))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def write_sarif(findings: Sequence[Finding], source: str, path: Path) -> None:
    """Writes findings as SARIF.  source: the drawing or plan they are about, as a relative path."""
    rules = {finding.rule: finding for finding in findings}
    driver: dict[str, Any] = {
        "name": "hallplan",
        "version": __version__,
        "rules": [_rule(finding) for finding in rules.values()],
    }
    index = {id: n for n, id in enumerate(rules)}
    results = [_result(finding, index[finding.rule], source) for finding in findings]
    run = {"tool": {"driver": driver}, "columnKind": "utf16CodeUnits", "results": results}
    _write(path, json.dumps({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1))


def _write(path: Path, content: str) -> None:
    path.write_text(content + "\n", "utf-8", newline="\n")


def _rule(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.rule,
        "shortDescription": {"text": f"{finding.clause}"},
        "defaultConfiguration": {"level": LEVELS[finding.level]},
        "properties": {"level": finding.level, "confidence": finding.confidence},
    }


def _result(finding: Finding, rule: int, source: str) -> dict[str, Any]:
    where = finding.where
    logical = [name for name in (where.floor, where.zone, where.cell) if name]
    return {
        "ruleId": finding.rule,
        "ruleIndex": rule,
        "kind": KINDS[finding.status],
        "level": LEVELS[finding.level] if finding.status == "fail" else "none",
        "message": {"text": " ".join(part for part in (finding.message, finding.mend) if part)},
        "locations": [
            {
                "physicalLocation": {"artifactLocation": {"uri": quote(source)}},
                "logicalLocations": [{"fullyQualifiedName": "/".join(logical) or "hall"}],
            }
        ],
        "partialFingerprints": {FINGERPRINT: fingerprint(finding)},
        "properties": {"value": finding.value, "limit": finding.limit, "unit": finding.unit, "at": where.at},
    }


def write_junit(findings: Sequence[Finding], path: Path) -> None:
    """Writes findings as JUnit XML: a test case each; what fails is a failure, what cannot be decided is skipped."""
    counts = {status: sum(f.status == status for f in findings) for status in ("fail", "undecided")}
    suite = ElementTree.Element(
        "testsuite", name="hallplan check", tests=str(len(findings)), failures=str(counts["fail"]),
        errors="0", skipped=str(counts["undecided"]),
    )  # fmt: skip
    for finding in findings:
        place = "/".join(name for name in (finding.where.floor, finding.where.zone) if name)
        case = ElementTree.SubElement(
            suite, "testcase", classname=finding.clause, name=f"{finding.rule} {place}".strip()
        )
        if finding.status == "fail":
            failure = ElementTree.SubElement(case, "failure", message=finding.message, type=finding.level)
            failure.text = finding.mend
        elif finding.status == "undecided":
            ElementTree.SubElement(case, "skipped", message=finding.message)
    ElementTree.indent(suite)
    _write(path, '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(suite, encoding="unicode"))


def write_baseline(findings: Sequence[Finding], path: Path) -> None:
    """Writes the failures of a run as accepted."""
    accepted = [
        {"fingerprint": fingerprint(f), "rule": f.rule, "message": f.message} for f in findings if f.status == "fail"
    ]
    _write(path, json.dumps({"note": text("check.baseline_note"), "accepted": accepted}, ensure_ascii=False, indent=1))
