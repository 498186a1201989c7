"""English output names nothing in Chinese but what the workbook and the catalogue say."""

from __future__ import annotations

import re

from hallplan.model.service_inputs import Machine, ServiceInputs
from hallplan.services import equipment_report, plan_equipment, plan_items
from hallplan.terms import clause_text, in_turn, listed, speaking
from tests.services.builders import catalogue_of, sized

CHINESE = re.compile("[\u3001\uff1b\uff1a\u3010\u4e00-\u9fff]")

SHEETS = re.compile("服务措施|办事指南|现有设备")
"""Sheets are called what the workbook calls them."""


def test_words_are_set_apart_as_the_language_does() -> None:
    assert listed(["甲", "乙"]) == "甲、乙"
    assert in_turn(["甲", "乙"]) == "甲；乙"
    with speaking("en"):
        assert listed(["a", "b"]) == "a, b"
        assert in_turn(["a", "b"]) == "a; b"
        assert clause_text("《编制说明》第8章要点") == "Compilation notes, chapter 8"
        assert clause_text("GB 55019-2021 2.1.1、2.2.2") == "GB 55019-2021 2.1.1, 2.2.2"


def test_chapter_8_speaks_english() -> None:
    demand, windows, settings = sized()
    with speaking("en"):
        plan = plan_equipment(demand, ServiceInputs(machines=(Machine("T1", "queue machine", ""),)), windows, settings)
        report = equipment_report(plan)
    said = [need[key] for need in report["equipment"] for key in ("name", "basis")] + [report["night"]["basis"]]
    assert [words for words in said if CHINESE.search(SHEETS.sub("", words))] == []


def test_chapter_7_names_measures_and_services_in_english() -> None:
    demand, windows, settings = sized()
    with speaking("en"):
        plan = plan_items(demand, catalogue_of("取水许可"), ServiceInputs(), windows, settings)
    said = [part for m in plan.measures for part in (m.name, m.basis, *m.lacking)]
    said += [offer.name for offer in (*plan.public_services, *plan.value_added)]
    assert [words for words in said if CHINESE.search(SHEETS.sub("", words))] == []
