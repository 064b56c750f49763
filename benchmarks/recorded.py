"""Where the benchmarks write what they measured, for the guide's page of promises."""

import tomllib
from pathlib import Path

PROMISES = Path(__file__).resolve().parents[1] / "src/helhed/publishing/promises"


def record_ratio(name: str, value: float, goal: float, is_at_least: bool) -> None:
    """Write a measured ratio and its goal beside the others."""
    file = PROMISES / "speed.toml"
    known = tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    known[name] = {"value": round(value, 2), "goal": float(goal), "is_at_least": is_at_least}
    parts = ["\n".join([f"[{ratio}]", *(f"{key} = {_toml(v)}" for key, v in known[ratio].items())]) for ratio in known]
    file.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _toml(value: float | bool) -> str:
    return str(value).lower()
