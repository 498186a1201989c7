"""Chapter 7: admission, missing items and their cost, measures, bundles, guides, flaws in the lists."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hallplan.model.service_inputs import Catalogue, CatalogueItem, Confirmed, GivenBundle, GivenMeasure, ServiceInputs
from hallplan.model.services import ItemsPlan
from hallplan.services import effect_of, plan_items, with_appointments, with_missing
from hallplan.terms import read_data
from hallplan.windows import plan_windows
from tests.builders import make_demand, make_item
from tests.services.builders import catalogue_of, sized

NAMES = ("内资有限公司设立登记", "食品经营许可", "社会保障卡补领", "动物诊疗许可", "取水许可")


def planned(catalogue: Catalogue, inputs: ServiceInputs | None = None, *more: object) -> ItemsPlan:
    demand, windows, settings = sized()
    demand = replace(demand, items=(*demand.items, *more))  # type: ignore[arg-type]
    return plan_items(demand, catalogue, inputs or ServiceInputs(), windows, settings)


def test_the_ratio_counts_catalogue_items_in_the_hall() -> None:
    plan = planned(catalogue_of(*NAMES))
    assert (plan.overall.admitted, plan.overall.total, plan.overall.share) == (3, 5, 0.6)
    assert {item.name for item in plan.missing} == {"动物诊疗许可", "取水许可"}


def test_an_item_not_admitted_is_missing_with_its_reason() -> None:
    out = make_item("X1", "动物诊疗许可", 300, is_admitted=False, reason_out="涉及国家秘密")
    plan = planned(catalogue_of(*NAMES), None, out)
    missing = {item.name: item for item in plan.missing}
    assert plan.overall.share == 0.6
    assert (missing["动物诊疗许可"].reason, missing["动物诊疗许可"].reason_kind) == ("涉及国家秘密", "secret")
    assert missing["取水许可"].reason_kind == "none"


def test_a_missing_item_with_a_volume_costs_what_its_load_takes() -> None:
    out = make_item("X1", "动物诊疗许可", 1000, is_admitted=False, reason_out="场地受限")
    plan = planned(catalogue_of(*NAMES), None, out)
    demand, _, settings = sized()
    item = next(item for item in plan.missing if item.name == "动物诊疗许可")
    # 1000 cases and 300 consultations over 250 days; (1000 × 15 + 300 × 5) / 1300 minutes each
    assert item.visitors_per_day == pytest.approx(1300 / 250)
    assert item.minutes == pytest.approx(16500 / 1300, abs=0.01)
    peak = max(demand.arrivals.shares) * 60 / demand.arrivals.slot_min
    assert item.windows == pytest.approx(5.2 * peak * item.minutes / 60 / settings.service.max_utilisation, rel=1e-3)
    assert not item.is_assumed
    assert item.reason_kind == "site"


def test_missing_items_are_ranked_by_visitors_for_each_square_metre() -> None:
    quick = make_item("X1", "动物诊疗许可", 500, 3.0, is_admitted=False)
    slow = make_item("X2", "取水许可", 500, 40.0, is_admitted=False)
    rates = [item.visitors_per_m2 for item in planned(catalogue_of(*NAMES), None, quick, slow).missing]
    assert rates == sorted(rates, reverse=True)
    assert planned(catalogue_of(*NAMES), None, quick, slow).missing[0].name == "动物诊疗许可"


def test_marginal_windows_are_those_of_the_window_model() -> None:
    demand, windows, settings = sized()
    names = tuple(f"许可{n}号目录事项" for n in "甲乙丙丁戊己庚辛壬癸")
    out = [make_item(f"X{n}", name, 3000, 12.0, is_admitted=False) for n, name in enumerate(names)]
    plan = planned(catalogue_of(*names), None, *out)
    open_demand = with_missing(
        demand, replace(plan, missing=tuple(replace(m, reason_kind="none") for m in plan.missing))
    )
    more = plan_windows(open_demand, settings).windows_total - windows.windows_total
    assert sum(item.windows for item in plan.missing) == pytest.approx(more, abs=3)


def test_the_same_item_under_two_codes_is_named_and_counted_once() -> None:
    twin = make_item("Z9", "食品经营许可核发", 100)
    plan = planned(catalogue_of(*NAMES), None, twin)
    assert plan.overall.share == 0.6
    assert [flaw.kind for flaw in plan.flaws] == ["same_item_twice"]
    assert {match.item for match in plan.matched} >= {"A03", "Z9"}


def test_more_items_than_the_catalogue_has_never_make_a_ratio_above_one() -> None:
    catalogue = catalogue_of("内资有限公司设立登记", department="行政审批局")
    plan = planned(catalogue)
    assert plan.overall.share == 1.0
    assert "above_one" in {flaw.kind for flaw in plan.flaws}
    assert "社会保障卡补领" in plan.beyond


def test_a_code_of_another_level_is_named() -> None:
    city = make_item("11511600MB1234567Y000131001000", "养犬登记", 100)
    plan = planned(catalogue_of(*NAMES, "养犬登记"), None, city)
    flaw = next(flaw for flaw in plan.flaws if flaw.kind == "other_level")
    assert "市级" in flaw.message
    assert any(match.name == "养犬登记" for match in plan.matched)


def test_an_item_exercised_at_another_level_is_named() -> None:
    item = make_item("Q", "养犬登记", 100, level="")
    plan = planned(Catalogue("made", (CatalogueItem("K", "养犬登记（市级）"),)), None, item)
    assert [flaw.kind for flaw in plan.flaws] == ["other_level"]


def test_a_confirmed_pair_is_remembered() -> None:
    catalogue = catalogue_of("企业名称自主申报", "动物诊疗许可")
    yes = ServiceInputs(confirmed=(Confirmed("内资有限公司设立登记", "企业名称自主申报", True),))
    match = next(match for match in planned(catalogue, yes).matched if match.item == "A01")
    assert (match.catalogue_item, match.how, match.confidence) == ("企业名称自主申报", "confirmed", 1.0)


def test_a_pair_that_a_person_denied_is_not_made_again() -> None:
    catalogue = catalogue_of("食品经营许可")
    no = ServiceInputs(confirmed=(Confirmed("食品经营许可", "食品经营许可", False),))
    assert planned(catalogue).overall.share == 1.0
    assert planned(catalogue, no).overall.share == 0.0


def test_a_bundle_is_covered_when_every_part_is_in_the_hall() -> None:
    inputs = ServiceInputs(
        bundles=(
            GivenBundle("开饭店", "2026", "本地清单", ("内资有限公司设立登记", "食品经营许可")),
            GivenBundle("养宠物", "2026", "本地清单", ("食品经营许可", "犬类准养证")),
        )
    )
    bundles = {bundle.name: bundle for bundle in planned(catalogue_of(*NAMES), inputs).bundles}
    assert bundles["开饭店"].is_covered
    assert bundles["开饭店"].windows
    # one visit saved for each case of the rarer part: 7,000 a year, 1 visit a case
    assert bundles["开饭店"].visits_saved == 7000
    assert (bundles["养宠物"].is_covered, bundles["养宠物"].missing) == (False, ("犬类准养证",))


def test_guides_lack_what_their_row_leaves_blank() -> None:
    inputs = ServiceInputs(guides=(("A01", ("scope", "basis", "conditions", "materials", "process", "fee")),))
    gaps = {gap.item: gap.fields for gap in planned(catalogue_of(*NAMES), inputs).guide_missing}
    assert "申请条件" not in gaps["A01"]
    assert "咨询途径" in gaps["A01"]
    assert "申请条件" in gaps["A02"]
    assert "事项类型" not in gaps["A02"]  # 事项清单 says it


def test_what_the_workbook_says_of_a_measure_wins() -> None:
    inputs = ServiceInputs(measures=(GivenMeasure("首问负责制", True, "咨询台", 2), GivenMeasure("叫号", False)))
    measures = {measure.id: measure for measure in planned(catalogue_of(*NAMES), inputs).measures}
    assert measures["first_asked"].is_provided is True
    assert measures["call"].is_provided is False
    assert measures["told_once"].is_provided is False


def test_guides_and_helpers_grow_with_visitors() -> None:
    demand, windows, settings = sized()
    busier = replace(windows, types=tuple(replace(k, arrivals=tuple(3 * a for a in k.arrivals)) for k in windows.types))
    catalogue = catalogue_of(*NAMES)
    few = {m.id: m.staff for m in plan_items(demand, catalogue, ServiceInputs(), windows, settings).measures}
    many = {m.id: m.staff for m in plan_items(demand, catalogue, ServiceInputs(), busier, settings).measures}
    assert few["guide"] >= 1
    assert many["guide"] > few["guide"]
    assert many["help"] > few["help"]


def test_appointments_flatten_the_day_and_need_no_more_windows() -> None:
    demand, windows, settings = sized()
    half = with_appointments(demand, 0.5)
    assert sum(half.arrivals.shares) == pytest.approx(1.0)
    assert max(half.arrivals.shares) < max(demand.arrivals.shares)
    effect = effect_of("half", windows, plan_windows(half, settings), settings)
    assert effect.windows_saved >= 0


def test_departments_share_the_hall_in_ratios_by_group() -> None:
    items = (*catalogue_of("食品经营许可", department="甲局").items, CatalogueItem("L", "取水许可", "乙局"))
    plan = planned(Catalogue("made", items))
    assert {ratio.group: ratio.share for ratio in plan.by_department} == {"甲局": 1.0, "乙局": 0.0}


def test_ten_items_are_made_for_these_tests() -> None:
    assert {"内资有限公司设立登记", "食品经营许可", "社会保障卡补领"} <= {item.name for item in make_demand().items}


def test_the_ratio_is_judged_once_a_target_is_set() -> None:
    demand, windows, settings = sized()
    assert planned(catalogue_of(*NAMES)).status == "undecided"
    for limit, status in ((0.5, "pass"), (0.9, "fail")):
        rules = settings.rules.model_copy(update={"parameters": {"guide_admission": limit}})
        aimed = settings.model_copy(update={"rules": rules})
        plan = plan_items(demand, catalogue_of(*NAMES), ServiceInputs(), windows, aimed)
        assert (plan.target, plan.status) == (limit, status)


def test_a_match_by_its_name_alone_is_not_called_confirmed() -> None:
    written = "取水许可证"
    item = replace(make_demand(), items=(make_item("A1", written, 500.0),))
    _, windows, settings = sized()
    for said, how in ((), "name"), ((Confirmed(written, "取水许可", True),), "confirmed"):
        plan = plan_items(item, catalogue_of("取水许可"), ServiceInputs(confirmed=said), windows, settings)
        assert [match.how for match in plan.matched] == [how]


def test_a_bundle_of_the_workbook_stands_for_the_national_one_of_its_name() -> None:
    given = GivenBundle("退休“一件事”", "2026", "本地清单", (NAMES[0], NAMES[1]))
    bundles = planned(catalogue_of(*NAMES), ServiceInputs(bundles=(given,))).bundles
    assert [(b.name, b.source) for b in bundles if b.name.startswith("退休")] == [("退休“一件事”", "本地清单")]


def test_the_national_lists_say_how_many_matters_they_have_and_how_many_are_held() -> None:
    lists = planned(catalogue_of(*NAMES)).bundle_lists
    national = [entry for entry in lists if entry.count]
    assert [(entry.count, entry.held) for entry in national] == [(13, 13), (8, 8), (12, 12), (9, 9), (13, 13)]
    assert all(entry.read + entry.placed == entry.held for entry in lists)
    assert [(entry.held, entry.read) for entry in lists if not entry.count] == [(2, 0)]


def test_every_bundle_has_a_year_of_a_list_a_source_and_items() -> None:
    data = read_data("bundles.toml")
    years = {entry["year"] for entry in data["batch"]}
    for bundle in data["bundle"]:
        assert bundle["year"] in years, bundle["id"]
        assert bundle["source"], bundle["id"]
        assert all(bundle["parts"]), bundle["id"]
        assert bundle["confidence"] in ("R", "P", "S"), bundle["id"]
    assert len({bundle["id"] for bundle in data["bundle"]}) == len(data["bundle"])
