"""What was assumed while reading, as plain values for the record of a run."""

from dataclasses import asdict

from helhed.intake.municipality import Intake


def reading_facts(intake: Intake) -> list[dict]:
    """Return how each file or sheet was read (see `helhed.intake.sources.Assumed`): about files, never a person."""
    return [
        {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(one).items()}
        for one in intake.assumed
    ]
