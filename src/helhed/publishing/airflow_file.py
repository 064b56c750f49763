"""Writes a file for Apache Airflow that runs municipalities one by one and then builds the book."""

import re
import shlex
from pathlib import Path
from string import Template

from helhed.errors import Problem, WrongCall

_FILE = Template('''\
"""Helhed: one task per municipality, then the book. Written by "helhed airflow"."""

import pendulum
from airflow import DAG

try:
    from airflow.providers.standard.operators.bash import BashOperator
except ImportError:
    from airflow.operators.bash import BashOperator

COMMANDS = {
$commands}
BOOK = $book

with DAG(
    dag_id="helhed",
    schedule=$schedule,
    start_date=pendulum.datetime(2026, 1, 1, tz="Europe/Copenhagen"),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 1},
) as dag:
    book = BashOperator(task_id="book", bash_command=BOOK)
    for name, command in COMMANDS.items():
        BashOperator(task_id=name, bash_command=command) >> book
''')


def dag_text(folders: list[Path], schedule: str, lang: str) -> str:
    """Return the text of a DAG file: one task per municipality and one that builds the book when all have finished.

    A task that is tried again uses what had finished: nothing is run twice.

    Raises
    ------
    WrongCall
        If a folder does not exist or its name would be read as a template by Airflow.
    """
    problems = [Problem("runs.no_folder", value=str(folder)) for folder in folders if not folder.is_dir()]
    # Airflow fills in what stands between such signs, and looks for a file when a command ends in .sh.
    problems += [
        Problem("runs.template_in_name", value=str(folder)) for folder in folders if re.search(r"[{}%#]", str(folder))
    ]
    if problems:
        raise WrongCall(problems, lang)
    places = [folder.resolve() for folder in dict.fromkeys(folders)]
    commands = {name: _command("run", [place]) for name, place in zip(_task_ids(places), places, strict=True)}
    lines = "".join(f"    {name!r}: {command!r},\n" for name, command in commands.items())
    return _FILE.substitute(commands=lines, book=repr(_command("book", places)), schedule=repr(schedule))


def _command(name: str, places: list[Path]) -> str:
    return f"helhed {name} {' '.join(shlex.quote(str(place)) for place in places)} "


def _task_ids(places: list[Path]) -> list[str]:
    """Return a name for each task that Airflow accepts: letters of the English alphabet, digits, dash, dot, line."""
    names = [re.sub(r"[^A-Za-z0-9_.-]", "_", place.name) for place in places]
    return [name if names.count(name) == 1 else f"{name}_{at}" for at, name in enumerate(names, 1)]
