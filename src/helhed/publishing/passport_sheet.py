"""The implementation passport as a workbook: milestones with deadlines counted by formulas, timeline, signatures."""

import io
from datetime import date

from xlsxwriter.worksheet import Worksheet

from helhed.publishing.form_pages import how_lines
from helhed.publishing.passport import Milestone, Phase, days_late, due, month_of, passport
from helhed.publishing.passport_documents import months_in_words
from helhed.sheets import BLUE, LIGHT, new_book, print_setup, protect, row_height, set_widths, styles
from helhed.texts import number, text

_HEADS = ("milestone", "responsible", "first_month", "last_month", "due", "evidence", "risk", "cure", "done", "late",
          "note")  # fmt: skip
_WIDTHS = (25, 17, 8, 8, 12, 27, 25, 27, 12, 8, 18)
_WRITTEN = ("first_month", "last_month", "responsible", "evidence", "risk", "cure", "done", "note")
_FIRST, _LAST, _DUE, _DONE, _LATE = (
    _HEADS.index(head) for head in ("first_month", "last_month", "due", "done", "late")
)
_SIGNATURE = (("phase_head", 22), ("gate_head", 56), ("reached", 11), ("of", 11), ("decision", 18), ("conditions", 30),
              ("signed_by", 22), ("date", 12))  # fmt: skip
_START = "$B$3"
_MARK = "■"
_TWO_LINES = 32


def passport_workbook(lang: str, is_example: bool = False) -> bytes:
    """Return the workbook, the same every time: empty, or the filled example, which is invented and says so."""
    return _Workbook(lang, is_example).content()


class _Workbook:
    """One workbook while it is written."""

    def __init__(self, lang: str, is_example: bool):
        self.one, self.lang, self.is_example = passport(), lang, is_example
        self.start: date | None = self.one.example_start if is_example else None
        self.buffer = io.BytesIO()
        self.title = self.one.words["title"][lang]
        self.book = new_book(self.buffer, self.title)
        self.looks = styles(
            self.book,
            date_input={"locked": False, "bg_color": "#FFF2CC", "border": 1, "border_color": "#BFBFBF",
                        "valign": "top", "align": "left", "num_format": "dd-mm-yyyy"},
            tall={"rotation": 90, "num_format": "mmm yyyy", "font_size": 10, "align": "center"},
            mark={"font_color": BLUE, "align": "center", "font_size": 10},
            centre={"align": "center", "bold": True, "bg_color": LIGHT, "font_size": 10},
        )  # fmt: skip
        #: The row of each milestone on the first sheet, from 0.
        self.rows: dict[str, int] = {}

    def content(self) -> bytes:
        """Return the whole workbook."""
        milestones, timeline, signatures = (
            self._page(key) for key in ("sheet_passport", "sheet_timeline", "sheet_signatures")
        )
        self._write_milestones(milestones)
        self._write_timeline(timeline)
        self._write_signatures(signatures)
        self.book.close()
        return self.buffer.getvalue()

    def _say(self, key: str, **values) -> str:
        return text(f"implementation.{key}", self.lang, **values)

    def _page(self, key: str) -> Worksheet:
        sheet = self.book.add_worksheet(self._say(key))
        sheet.hide_gridlines(2)
        protect(sheet)
        print_setup(sheet, f"&L{self.title} · &A&R{text('self_assessment.print_title', self.lang)}", repeated=0)
        return sheet

    def _done(self, each: Milestone) -> date | None:
        return each.example_done if self.is_example else None

    def _write_milestones(self, sheet: Worksheet) -> None:
        set_widths(sheet, _WIDTHS)
        self._introduction(sheet)
        row = self._totals_row() + 4
        for at, phase in enumerate(self.one.phases, start=1):
            words = {"at": at, "title": phase.title[self.lang], "months": months_in_words(phase, self.lang)}
            sheet.write_string(row, 0, self._say("phase", **words), self.looks["title"])
            for column, head in enumerate(_HEADS):
                look = "head_input" if head in _WRITTEN else "head"
                sheet.write_string(row + 1, column, self._say(head), self.looks[look])
            sheet.set_row(row + 1, _TWO_LINES)
            for line, each in enumerate(phase.milestones, start=row + 2):
                self._milestone(sheet, line, each)
            row += len(phase.milestones) + 3
        self._totals(sheet)

    def _introduction(self, sheet: Worksheet) -> None:
        sheet.write_string(0, 0, self.title, self.looks["title"])
        if self.is_example:
            sheet.write_string(1, 0, text("self_assessment.example_invented", self.lang), self.looks["warning"])
        sheet.write_string(2, 0, self._say("start"), self.looks["bold"])
        sheet.set_row(2, row_height([self._say("start")], [_WIDTHS[0]]))
        self._date(sheet, 2, 1, self.start, self._say("start_help"))
        for row, line in enumerate(self._lines(), start=4):
            sheet.merge_range(row, 0, row, len(_WIDTHS) - 1, line, self.looks["words"])
            sheet.set_row(row, row_height([line], [sum(_WIDTHS)]))

    def _lines(self) -> list[str]:
        told = [
            f"{text(f'self_assessment.{key}', self.lang)}: {self.one.words[key][self.lang]}" for key in ("who", "time")
        ]
        numbered = [f"{at}. {line}" for at, line in enumerate(how_lines(self.one.words, self.lang), start=1)]
        return [self.one.words["purpose"][self.lang], *told, *numbered, self._say("fill_in")]

    def _totals_row(self) -> int:
        return 5 + len(self._lines())

    def _totals(self, sheet: Worksheet) -> None:
        """Write how many milestones there are, are reached and were reached late, counted by formulas."""
        row, last = self._totals_row(), max(self.rows.values()) + 1
        done, late = (f"{'ABCDEFGHIJK'[column]}{row + 5}:{'ABCDEFGHIJK'[column]}{last}" for column in (_DONE, _LATE))
        reached = [each for each in self.one.milestones if self._done(each)]
        n_late = sum(days_late(each, self.start, self._done(each)) > 0 for each in reached) if self.start else 0
        for at, (key, formula, value) in enumerate((
            ("of", f"={len(self.rows)}", len(self.rows)),
            ("reached", f"=COUNT({done})", len(reached)),
            ("reached_late", f'=COUNTIF({late},">0")', n_late),
        )):  # fmt: skip
            sheet.write_string(row + at, 0, self._say(key), self.looks["bold"])
            sheet.write_formula(row + at, 1, formula, self.looks["count"], value)

    def _milestone(self, sheet: Worksheet, row: int, each: Milestone) -> None:
        self.rows[each.id] = row
        words = {key: each.words[key][self.lang] for key in ("responsible", "evidence", "risk", "cure")}
        words["note"] = each.example_note.get(self.lang, "") if self.is_example else ""
        sheet.write_string(row, 0, each.words["title"][self.lang], self.looks["bold"])
        for head, value in words.items():
            write = sheet.write_string if value else sheet.write_blank
            write(row, _HEADS.index(head), value or None, self.looks["input"])
        for column, month in ((_FIRST, each.first_month), (_LAST, each.last_month)):
            sheet.write_number(row, column, month, self.looks["input"])
            words_of_rule = self._say("month_help", months=number(self.one.months, self.lang))
            rule = {"validate": "integer", "criteria": "between", "minimum": 1, "maximum": self.one.months}
            sheet.data_validation(row, column, row, column, {**rule, "error_message": words_of_rule})
        self._date(sheet, row, _DONE, self._done(each), self._say("date_help"))
        line, end = row + 1, due(self.start, each.last_month) if self.start else ""
        formula = f'=IF({_START}="","",EOMONTH({_START},D{line}-1))'
        sheet.write_formula(row, _DUE, formula, self.looks["date"], _serial(end) if end else "")
        late = days_late(each, self.start, self._done(each)) if self.start and self._done(each) else ""
        formula = f'=IF(OR(I{line}="",E{line}=""),"",MAX(0,I{line}-E{line}))'
        sheet.write_formula(row, _LATE, formula, self.looks["count"], late)
        cells = [each.words["title"][self.lang], *words.values()]
        widths = [_WIDTHS[0], *(_WIDTHS[_HEADS.index(head)] for head in words)]
        sheet.set_row(row, row_height(cells, widths))

    def _date(self, sheet: Worksheet, row: int, column: int, value: date | None, help_words: str) -> None:
        if value:
            sheet.write_datetime(row, column, value, self.looks["date_input"])
        else:
            sheet.write_blank(row, column, None, self.looks["date_input"])
        rule = {"validate": "date", "criteria": ">", "value": date(2000, 1, 1), "input_message": help_words}
        sheet.data_validation(row, column, row, column, {**rule, "error_message": help_words})

    def _write_timeline(self, sheet: Worksheet) -> None:
        """Write a line of marks for each milestone; formulas read the months on the first sheet."""
        sheet.set_column(0, 0, 46)
        sheet.set_column(1, self.one.months, 3)
        sheet.write_string(0, 0, self._say("timeline"), self.looks["title"])
        sheet.write_string(1, 0, self._say("timeline_follows", sheet=self._say("sheet_passport")))
        sheet.set_row(2, 60)
        for month in range(1, self.one.months + 1):
            formula = f'=IF({self._cell(_START)}="","",EDATE({self._cell(_START)},{month - 1}))'
            first = _serial(month_of(self.start, month)) if self.start else ""
            sheet.write_formula(2, month, formula, self.looks["tall"], first)
            sheet.write_number(3, month, month, self.looks["centre"])
        sheet.write_string(3, 0, self._say("months_head"), self.looks["head"])
        sheet.freeze_panes(4, 1)
        row = 4
        for phase in self.one.phases:
            sheet.write_string(row, 0, phase.title[self.lang], self.looks["bold"])
            for at, each in enumerate(phase.milestones, start=row + 1):
                self._marks(sheet, at, each)
            row += len(phase.milestones) + 1

    def _marks(self, sheet: Worksheet, row: int, each: Milestone) -> None:
        sheet.write_string(row, 0, f"   {each.words['title'][self.lang]}")
        line = self.rows[each.id] + 1
        first, last = self._cell(f"$C${line}"), self._cell(f"$D${line}")
        for month in range(1, self.one.months + 1):
            is_in = each.first_month <= month <= each.last_month
            formula = f'=IF(AND({first}<={month},{last}>={month}),"{_MARK}","")'
            sheet.write_formula(row, month, formula, self.looks["mark"], _MARK if is_in else "")

    def _cell(self, address: str) -> str:
        return f"'{self._say('sheet_passport')}'!{address}"

    def _write_signatures(self, sheet: Worksheet) -> None:
        set_widths(sheet, [width for _, width in _SIGNATURE])
        sheet.write_string(0, 0, self._say("sheet_signatures"), self.looks["title"])
        sheet.write_string(1, 0, self._say("signatures_follow"))
        for column, (key, _) in enumerate(_SIGNATURE):
            sheet.write_string(3, column, self._say(key), self.looks["head_input" if column > 3 else "head"])
        sheet.set_row(3, _TWO_LINES)
        for row, phase in enumerate(self.one.phases, start=4):
            self._signature(sheet, row, phase)

    def _signature(self, sheet: Worksheet, row: int, phase: Phase) -> None:
        first, last = (self.rows[phase.milestones[at].id] + 1 for at in (0, -1))
        reached = sum(self._done(each) is not None for each in phase.milestones)
        sheet.write_string(row, 0, phase.title[self.lang], self.looks["bold"])
        sheet.write_string(row, 1, phase.gate[self.lang], self.looks["words"])
        sheet.write_formula(row, 2, f"=COUNT({self._cell(f'$I${first}:$I${last}')})", self.looks["count"], reached)
        sheet.write_number(row, 3, len(phase.milestones), self.looks["count"])
        for column in (4, 5, 6):
            sheet.write_blank(row, column, None, self.looks["input"])
        words = self._say("decision_help")
        rule = {"validate": "list", "source": self._say("decisions").split("|"), "error_message": words}
        sheet.data_validation(row, 4, row, 4, rule)
        self._date(sheet, row, 7, None, self._say("date_help"))
        sheet.set_row(row, row_height([phase.gate[self.lang]], [dict(_SIGNATURE)["gate_head"]]))


def _serial(when: date) -> int:
    """Return a date as Excel counts it."""
    return (when - date(1899, 12, 30)).days
