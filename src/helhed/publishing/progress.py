"""Shows how far a run is: a bar in a terminal, one line per finished notebook elsewhere."""

from collections.abc import Iterable

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from helhed.publishing.runner import Failure, Progress
from helhed.texts import text


def show_progress(
    news: Iterable[Progress | Failure], total: int, lang: str, console: Console
) -> tuple[list[Failure], int]:
    """Show progress as it comes and return the failures and the number of notebooks that needed not be run again."""
    failures, n_reused = [], 0
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Bar(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=total)
        for item in news:
            if isinstance(item, Failure):
                failures.append(item)
                continue
            n_reused += item.is_reused
            where = f"{item.municipality} · {item.step} · {text(f'publishing.language_{item.lang}', lang)}"
            bar.update(task, advance=int(item.is_finished), description=where)
            if item.is_finished and not console.is_terminal:
                same = f" ({text('publishing.reused', lang)})" if item.is_reused else ""
                console.print(f"{bar.tasks[0].completed:.0f}/{total} {where}{same}")
    return failures, n_reused
