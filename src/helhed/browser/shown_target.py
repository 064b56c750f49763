"""Shows the target group of the reader's own list: how many meet the rule, who is proposed for a place, and why."""

import csv
import io
from collections.abc import Mapping

from helhed.browser.family_list import DECISION, FAMILY, HAS_PLACE, ORDER_ONLY, FamilyList, Fault, Seen, read_families
from helhed.browser.kit import Kit
from helhed.browser.number_fields import OutsideField
from helhed.browser.persons import Place, require_no_persons_beside
from helhed.browser.table_files import formulas_without_value, sheets_of
from helhed.browser.target_group import Reason, Standing, choose
from helhed.browser.words import Words, paragraphs, table
from helhed.selection.rule_tree import criteria_in
from helhed.selection.statuses import CANNOT_TELL, MET

#: More places than this no municipality has.
MOST_PLACES = 2000
#: Families and faults that a page shows; the file to save holds all families.
_MOST_SHOWN, _MOST_FAULTS = 300, 30
_NO_CRITERION = (FAMILY, HAS_PLACE, DECISION, *ORDER_ONLY)


def target_answer(kit: Kit, values: Mapping[str, str], name: str, content: bytes) -> tuple[str, tuple[str, str] | None]:
    """Return the answer for the page, and the list to save: its file name and its content; none without families.

    Parameters
    ----------
    values
        ``rule`` (a name of the published rules), ``places``, and ``limit_<setting>`` where the reader wants another.
    name, content
        The reader's file.
    """
    sheets = sheets_of(name, content)
    require_no_persons_beside(name, content, sheets)
    listed = read_families(sheets, kit.columns, formulas_without_value(content))
    if not listed.families:
        said = paragraphs([kit.words.say("says_no_families")])
        return said + _faults(kit.words, listed.faults), None
    rule, limits = kit.rules[values["rule"]], _limits(kit, values)
    thresholds = {one: limits.get(kit.criteria[one]["limit"], 1.0) for one in criteria_in(rule["rule"])}
    n_places = _places(kit, values.get("places") or rule["places"])
    standings = choose(listed.families, rule["rule"], thresholds, rule["order_by"], n_places)
    parts = [
        paragraphs(_sentences(kit, rule, listed, standings, n_places)),
        _faults(kit.words, listed.faults),
        _counts(kit.words, standings),
        _list(kit, standings[:_MOST_SHOWN]),
    ]
    return "".join(parts), (kit.words.say("saved_name"), _saved(kit, standings))


def _places(kit: Kit, written: str | int) -> int:
    places = float(written)
    if not 0 <= places <= MOST_PLACES or places != int(places):
        given = places if 0 <= places <= MOST_PLACES else None
        raise OutsideField(kit.words.say("label_places"), 0, MOST_PLACES, given)
    return int(places)


def _limits(kit: Kit, values: Mapping[str, str]) -> dict[str, float]:
    """Return the thresholds in force: the rule's, and those that the reader has set."""
    limits = dict(kit.rules[values["rule"]]["limits"])
    for key in limits:
        written = (values.get(f"limit_{key}") or "").strip()
        if written:
            limits[key] = float(written) / (100 if kit.told["limit_forms"][key] == "share" else 1)
    return limits


def _sentences(kit: Kit, rule: Mapping, listed: FamilyList, standings: list[Standing], n_places: int) -> list[str]:
    words = kit.words
    of = {name: sum(one.standing == name for one in standings) for name in _counted(standings)}
    n_met = sum(one.status == MET for one in standings)
    said = [
        words.say("says_rule", title=rule["title"], rule=rule["words"]),
        words.say(
            "says_found",
            n=words.number(len(standings)),
            met=words.number(n_met),
            unknown=words.number(sum(one.status == CANNOT_TELL for one in standings)),
        ),
        words.say(
            "says_places",
            places=words.number(n_places),
            taken=words.number(of.get("enrolled", 0)),
            proposed=words.number(of.get("shortlisted", 0)),
            waiting=words.number(of.get("reserve", 0)),
        ),
    ]
    if tied := sum(one.is_tied for one in standings):
        said.append(words.say("says_tied", n=words.number(tied)))
    if missing := [one for one in criteria_in(rule["rule"]) if one not in listed.columns]:
        names = ", ".join(kit.criteria[one]["label"] for one in missing)
        said.append(words.say("says_missing", names=names))
    said += _beyond_window(kit, rule, listed)
    if len(standings) > _MOST_SHOWN:
        said.append(words.say("says_first", n=words.number(_MOST_SHOWN)))
    return [*said, rule["note"], rule["settings"]] if rule["note"] else [*said, rule["settings"]]


def _beyond_window(kit: Kit, rule: Mapping, listed: FamilyList) -> list[str]:
    """Return, for each column that counts more months than the model looks back over, that it was counted otherwise."""
    said = []
    for criterion, window in rule["windows"].items():
        values = [family.seen.get(criterion, Seen()).value or 0 for family in listed.families]
        if n := sum(value > window for value in values):
            label = kit.criteria[criterion]["label"]
            said.append(kit.words.say("says_beyond_window", column=label, n=n, window=window))
    return said


def _counted(standings: list[Standing]) -> list[str]:
    return list(dict.fromkeys(one.standing for one in standings))


def _faults(words: Words, faults: tuple[Fault, ...]) -> str:
    if not faults:
        return ""
    rows = [[fault_place(words, fault), fault_in_words(words, fault)] for fault in faults]
    caption = words.say("faults_caption", n=words.number(len(faults)))
    heads = [words.say("head_where"), words.say("head_what")]
    return table(heads, rows[:_MOST_FAULTS], caption)


def fault_in_words(words: Words, fault: Fault) -> str:
    """Return what is wrong, what the page did about it and what to do."""
    return words.say(f"fault_{fault.code}", value=words.given(fault.value), most=words.number(fault.most))


def fault_place(words: Words, fault: Fault) -> str:
    """Return where something stands in the file, as far as it is known."""
    parts = [
        words.say("place_sheet", value=fault.sheet) if fault.sheet else "",
        words.say("place_row", value=fault.row) if fault.row else "",
        words.say("place_column", value=fault.column) if fault.column else "",
    ]
    return ", ".join(part for part in parts if part) or words.say("place_file")


def place_in_words(words: Words, place: Place) -> str:
    """Return where in a file something stands that is itself not shown."""
    kind = "" if place.kind == "cell" else words.say(f"found_{place.kind}", sheet=place.sheet)
    sheet = "" if place.kind == "sheet_name" else place.sheet
    parts = [
        kind,
        words.say("place_sheet", value=sheet) if sheet else "",
        words.say("place_row", value=place.row) if place.row else "",
        words.say("place_letter", value=place.column) if place.column else "",
    ]
    return ", ".join(part for part in parts if part)


def _counts(words: Words, standings: list[Standing]) -> str:
    rows = [
        [words.say(f"standing_{name}"), words.number(sum(one.standing == name for one in standings))]
        for name in _counted(standings)
    ]
    heads = [words.say("head_standing"), words.say("head_families")]
    return table(heads, rows, words.say("counts_caption"), frozenset({1}))


def _list(kit: Kit, standings: list[Standing]) -> str:
    return table(_heads(kit.words), [_row(kit, one) for one in standings], kit.words.say("list_caption"))


def _heads(words: Words) -> list[str]:
    return [words.say(f"head_{name}") for name in ("family", "rank", "standing", "why")]


def _row(kit: Kit, one: Standing) -> list[str]:
    words = kit.words
    standing = words.say(f"standing_{one.standing}")
    if one.is_tied:
        standing = f"{standing} ({words.say('tied')})"
    why = "\n".join(reason_in_words(kit, reason) for reason in one.reasons)
    if one.family.decision:
        why = f"{why}\n{words.say(f'decision_{one.family.decision}')}"
    return [one.family.name, words.number(one.rank), standing, why]


def reason_in_words(kit: Kit, reason: Reason) -> str:
    """Return how a family came out on a criterion: whether it is met, what was seen, and what it takes."""
    form, words = kit.criteria[reason.criterion]["form"], kit.words
    return words.say(
        f"reason_{reason.status}",
        criterion=kit.criteria[reason.criterion]["label"],
        seen=_seen(words, reason.seen, form),
        threshold=_value(words, reason.threshold, form),
    )


def _seen(words: Words, seen: Seen, form: str) -> str:
    if seen.value is None:
        return words.say("not_told")
    value = _value(words, seen.value, form)
    return words.say("at_least", value=value) if seen.may_be_more else value


def _value(words: Words, value: float, form: str) -> str:
    return words.share(value, 1) if form == "share" else words.number(value)


def _saved(kit: Kit, standings: list[Standing]) -> str:
    """Return the whole list as a CSV file that Excel opens in Danish and English."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow(_heads(kit.words))
    for one in standings:
        writer.writerow([_harmless(cell.replace("\n", "; ")) for cell in _row(kit, one)])
    return "\ufeff" + buffer.getvalue()


def _harmless(cell: str) -> str:
    """Return a cell that a spreadsheet will not take for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
