"""Everything that is known of one rule."""

from __future__ import annotations

from collections.abc import Mapping

from hallplan.check.engine import checks
from hallplan.check.mends import MENDS
from hallplan.check.packs import Entries, pack_names, read_packs
from hallplan.errors import UsageError
from hallplan.settings import Settings
from hallplan.terms import language, read_data, text


def explain_rule(id: str, settings: Settings, extra: Mapping[str, Entries] | None = None) -> dict[str, object]:
    """Returns a rule with its clause, level, source, confidence, limit, check and texts; raises UsageError for no rule."""
    packs = {name: read_data(f"rules/{name}.toml") for name in pack_names()} | dict(extra or {})
    home = next((name for name, entries in packs.items() if id in entries), None)
    if home is None:
        import difflib

        known = [rule for entries in packs.values() for rule in entries]
        near = difflib.get_close_matches(id, known, n=1, cutoff=0.3)
        remedy = text("settings.did_you_mean", key=near[0]) if near else ""
        raise UsageError.at("--explain", text("check.unknown", name=id), remedy=remedy)
    entry = packs[home][id]
    tasks = [task for pack in read_packs(settings, extra) for task in pack.tasks if task.rule.id == id]
    return {
        "rule": id, "pack": home, "is_chosen": bool(tasks), "clause": entry["clause"], "level": entry["level"],
        "source": entry.get("source", ""), "confidence": entry["confidence"],
        "confidence_means": text(f"check.confidence_{entry['confidence'].rstrip('+-')}"),
        "check": entry["check"], "decides": (checks()[entry["check"]].__doc__ or "").strip().splitlines()[0],
        "standard_limit": entry.get("limit"), "limit": tasks[0].rule.limit if tasks else entry.get("limit"),
        "unit": entry.get("unit"), "changed": tasks[0].changed if tasks else "",
        "text": entry[language()], "why_undecided": entry.get(f"why_{language()}", ""),
        "has_mend": entry["check"] in MENDS,
    }  # fmt: skip
