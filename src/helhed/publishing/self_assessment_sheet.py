"""A self-assessment as a workbook: yellow cells to fill in, and a result that formulas count by the declared rule."""

import io
from collections.abc import Mapping, Sequence

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from helhed.publishing.self_assessment import Part, Score, SelfAssessment, score, self_assessments
from helhed.publishing.self_assessment_documents import how_lines
from helhed.sheets import BLUE, new_book, print_setup, protect, row_height, set_widths, styles
from helhed.texts import number, text

#: Widths of the columns: the statements, their points, what shows it, who; and those of the result.
_ANSWERS, _RESULT = (70, 12, 50, 26), (34, 14, 14, 14, 14, 62)
_POINTS = 1


def self_assessment_workbook(name: str, lang: str, answers: Mapping[str, Sequence[int | None]] | None = None) -> bytes:
    """Return the workbook, the same every time; empty, or with the answers of each part in the order of its questions.

    With the declared example's answers it also shows the example's notes and says that they are invented.
    """
    return _Workbook(self_assessments()[name], lang, answers or {}).content()


class _Workbook:
    """One workbook while it is written."""

    def __init__(self, one: SelfAssessment, lang: str, answers: Mapping[str, Sequence[int | None]]):
        self.one, self.lang, self.answers = one, lang, answers
        self.is_example = answers == one.example()
        self.counted: Score = score(one, answers)
        self.buffer = io.BytesIO()
        self.book = new_book(self.buffer, one.words["title"][lang])
        verdict = {"bold": True, "font_size": 14, "font_color": BLUE, "valign": "top"}
        self.looks = styles(self.book, verdict=verdict, wrapped={"text_wrap": True, "valign": "top"})
        #: First and last row of each part's answers, from 0.
        self.rows: dict[str, tuple[int, int]] = {}

    def content(self) -> bytes:
        """Return the whole workbook."""
        answers, result = (self._page(key) for key in ("sheet_answers", "sheet_result"))
        self._write_answers(answers)
        self._write_result(result)
        self.book.close()
        return self.buffer.getvalue()

    def _say(self, key: str, **values) -> str:
        return text(f"self_assessment.{key}", self.lang, **values)

    def _page(self, key: str) -> Worksheet:
        sheet = self.book.add_worksheet(self._say(key))
        sheet.hide_gridlines(2)
        protect(sheet)
        print_setup(sheet, f"&L{self.one.words['title'][self.lang]} · &A&R{self._say('print_title')}", repeated=0)
        return sheet

    def _write_answers(self, sheet: Worksheet) -> None:
        set_widths(sheet, _ANSWERS)
        row = self._introduction(sheet)
        for at, part in enumerate(self.one.parts):
            if at == len(self.one.parts) // 2:
                sheet.set_h_pagebreaks([row])
            row = self._part(sheet, part, row)

    def _introduction(self, sheet: Worksheet) -> int:
        """Write title, purpose and how; return the next free row."""
        title, lines = self.one.words["title"][self.lang], [self.one.words["purpose"][self.lang]]
        lines += [f"{self._say(key)}: {self.one.words[key][self.lang]}" for key in ("who", "time")]
        lines += [f"{at}. {line}" for at, line in enumerate(how_lines(self.one, self.lang), start=1)]
        levels = [f"{number(at, self.lang)} = {level[self.lang]}" for at, level in enumerate(self.one.levels)]
        lines += [" · ".join(levels), self._say("fill_in")]
        sheet.write_string(0, 0, title, self.looks["title"])
        if self.is_example:
            sheet.write_string(1, 0, self._say("example_invented"), self.looks["warning"])
        for row, line in enumerate(lines, start=2):
            sheet.merge_range(row, 0, row, len(_ANSWERS) - 1, line, self.looks["words"])
            sheet.set_row(row, row_height([line], [sum(_ANSWERS)]))
        return len(lines) + 3

    def _part(self, sheet: Worksheet, part: Part, row: int) -> int:
        """Write a part's questions; return the next free row."""
        heads = [part.title[self.lang], self._say("answer", top=self.one.top), self._say("shows"), self._say("by_whom")]
        for column, head in enumerate(heads):
            sheet.write_string(row, column, head, self.looks["head_input" if column else "head"])
        sheet.write_string(row + 1, 0, part.meaning[self.lang], self.looks["words"])
        sheet.set_row(row + 1, row_height([part.meaning[self.lang]], _ANSWERS[:1]))
        first = row + 2
        given = self.answers.get(part.id, [None] * len(part.items))
        for at, (item, answer) in enumerate(zip(part.items, given, strict=True), start=first):
            sheet.write_string(at, 0, item.words[self.lang], self.looks["words"])
            note = item.example_note.get(self.lang, "") if self.is_example else ""
            by_whom = part.example_owner[self.lang] if self.is_example else None
            for column, value in enumerate((answer, note or None, by_whom), start=_POINTS):
                write = sheet.write_blank if value is None else sheet.write
                write(at, column, value, self.looks["input"])
            cells = (item.words[self.lang], note, by_whom or "")
            sheet.set_row(at, row_height(cells, [_ANSWERS[0], *_ANSWERS[2:]]))
        last = first + len(part.items) - 1
        self._limit(sheet, first, last)
        self.rows[part.id] = (first, last)
        return last + 2

    def _limit(self, sheet: Worksheet, first: int, last: int) -> None:
        words = self._say("answer_help", top=self.one.top)
        rule = {"validate": "list", "source": list(range(self.one.top + 1)), "input_message": words}
        sheet.data_validation(first, _POINTS, last, _POINTS, {**rule, "error_message": words})

    def _write_result(self, sheet: Worksheet) -> None:
        set_widths(sheet, _RESULT)
        sheet.write_string(0, 0, self._say("result"), self.looks["title"])
        if self.is_example:
            sheet.write_string(1, 0, self._say("example_invented"), self.looks["warning"])
        heads = [self._say(key) for key in ("part", "points", "most", "share", "answered")]
        for column, head in enumerate(heads):
            sheet.write_string(2, column, head, self.looks["head"])
        for row, part in enumerate(self.one.parts, start=3):
            self._part_result(sheet, part, row)
        last = 2 + len(self.one.parts)
        shares = f"D4:D{last + 1}"
        bar = {"type": "data_bar", "bar_color": "#9CC3E0", "min_type": "num", "max_type": "num"}
        sheet.conditional_format(shares, {**bar, "min_value": 0, "max_value": 1})
        self._totals(sheet, last + 1, shares)
        self._verdict(sheet, last + 4)
        foot, words = last + 9 + len(self.one.bands), self._say("not_total")
        sheet.merge_range(foot, 0, foot, len(_RESULT) - 1, words, self.looks["words"])
        sheet.set_row(foot, row_height([words], [sum(_RESULT)]))

    def _part_result(self, sheet: Worksheet, part: Part, row: int) -> None:
        first, last = (xl_rowcol_to_cell(at, _POINTS) for at in self.rows[part.id])
        answers, line, found = f"'{self._say('sheet_answers')}'!{first}:{last}", row + 1, self.counted.parts[part.id]
        sheet.write_string(row, 0, part.title[self.lang], self.looks["words"])
        sheet.set_row(row, row_height([part.title[self.lang]], _RESULT[:1]))
        sheet.write_formula(row, 1, f"=SUM({answers})", self.looks["count"], found.points)
        sheet.write_number(row, 2, found.most, self.looks["count"])
        sheet.write_formula(row, 3, f"=B{line}/C{line}", self.looks["share"], found.share)
        sheet.write_formula(row, 4, f"=COUNT({answers})", self.looks["count"], found.n_answered)

    def _totals(self, sheet: Worksheet, row: int, shares: str) -> None:
        """Write the sums of all parts, and below them the weakest part's share and the questions that are open."""
        counted, first = self.counted.parts.values(), 4
        sheet.write_string(row, 0, self._say("total"), self.looks["bold"])
        for column, name in ((1, "points"), (2, "most"), (4, "n_answered")):
            cell = "ABCDE"[column]
            total = sum(getattr(part, name) for part in counted)
            sheet.write_formula(row, column, f"=SUM({cell}{first}:{cell}{row})", self.looks["count"], total)
        sheet.write_formula(row, 3, f"=B{row + 1}/C{row + 1}", self.looks["share"], self.counted.share)
        sheet.write_string(row + 1, 0, self._say("weakest_share"), self.looks["bold"])
        weakest = min(part.share for part in counted)
        sheet.write_formula(row + 1, 3, f"=MIN({shares})", self.looks["share"], weakest)
        sheet.write_string(row + 2, 0, self._say("n_open"), self.looks["bold"])
        sheet.write_formula(row + 2, 3, f"={self.one.n_items}-E{row + 1}", self.looks["count"], self.counted.n_open)

    def _verdict(self, sheet: Worksheet, row: int) -> None:
        """Write what the result means, chosen by a formula from the bands below it."""
        first, lang = row + 4, self.lang
        whole, weakest, n_open = f"D{row - 2}", f"D{row - 1}", f"D{row}"
        title, meaning = f"A{first + len(self.one.bands)}", f"F{first + len(self.one.bands)}"
        for line in range(first + len(self.one.bands) - 1, first, -1):
            reached = f"AND({whole}>=B{line},{weakest}>=C{line})"
            title, meaning = f"IF({reached},A{line},{title})", f"IF({reached},F{line},{meaning})"
        band, not_yet = self.counted.band, self._say("not_yet")
        shown = (band.title[lang], band.meaning[lang]) if band else (not_yet, "")
        sheet.set_row(row, 22)
        sheet.write_formula(row, 0, f'=IF({n_open}>0,"{not_yet}",{title})', self.looks["verdict"], shown[0])
        sheet.merge_range(row + 1, 0, row + 1, len(_RESULT) - 1, "", self.looks["wrapped"])
        sheet.write_formula(row + 1, 0, f'=IF({n_open}>0,"",{meaning})', self.looks["wrapped"], shown[1])
        sheet.set_row(row + 1, row_height(["x" * max(len(b.meaning[lang]) for b in self.one.bands)], [sum(_RESULT)]))
        heads = [self._say(key) for key in ("means", "total", "weakest_share")]
        for column, head in enumerate((*heads, "", "", "")):
            sheet.write_string(row + 3, column, head, self.looks["head"])
        for at, each in enumerate(self.one.bands, start=row + 4):
            sheet.write_string(at, 0, each.title[lang], self.looks["words"])
            sheet.write_number(at, 1, each.least_share, self.looks["share"])
            sheet.write_number(at, 2, each.least_part_share, self.looks["share"])
            sheet.write_string(at, 5, each.meaning[lang], self.looks["words"])
            sheet.set_row(at, row_height([each.meaning[lang]], [_RESULT[5]]))
