"""The record of a run: inputs, settings, versions and the state of each step. Always whole on disk."""

import json
from pathlib import Path
from threading import Lock
from typing import Any

from helhed.publishing.run_folder import replace_file

FILE_NAME = "manifest.json"


class Manifest:
    """The record of one run; every change is on disk before the next one begins, also where threads share it."""

    def __init__(self, run_dir: Path):
        self._writing = Lock()
        self.file = run_dir / FILE_NAME
        self.content: dict[str, Any] = (
            json.loads(self.file.read_text(encoding="utf-8")) if self.file.is_file() else {"steps": {}}
        )

    def differences(self, facts: dict[str, Any]) -> list[str]:
        """Return what finished steps rest on that is no longer so; empty when nothing has finished.

        Files are named one by one, so are settings and libraries; ``key``, ``code`` and the rest by the fact's name.
        """
        if not self.content["steps"]:
            return []
        return [name for fact, now in facts.items() for name in _differences(fact, self.content.get(fact), now)]

    def start(self, facts: dict[str, Any]) -> None:
        """Record what the run rests on; forget finished steps if they rest on something else."""
        if self.differences(facts):
            self.content = {"steps": {}}
        self.content.update(facts)
        self._save()

    def go_on(self, facts: dict[str, Any]) -> None:
        """Record what the run rests on from now; what has finished still counts."""
        self.content.update(facts)
        self._save()

    def is_done(self, step: str, lang: str) -> bool:
        """Return whether a step has been finished in a language on these inputs and settings."""
        return self.content["steps"].get(step, {}).get(lang, {}).get("state") == "done"

    def made(self, step: str, lang: str) -> dict[str, str]:
        """Return the files that a finished step made in a language, with their hashes."""
        return self.content["steps"].get(step, {}).get(lang, {}).get("made", {})

    def record(self, step: str, lang: str, **facts: Any) -> None:
        """Record the state of a step in a language, with row counts or the message it stopped with."""
        with self._writing:
            self.content["steps"].setdefault(step, {})[lang] = facts
            self._save()

    def _save(self) -> None:
        replace_file(self.file, json.dumps(self.content, ensure_ascii=False, indent=1, sort_keys=True).encode())


def _differences(fact: str, then: Any, now: Any) -> list[str]:
    if isinstance(then, dict) and isinstance(now, dict):
        return sorted(name for name in {*then, *now} if then.get(name) != now.get(name))
    return [] if then == now else [fact]
