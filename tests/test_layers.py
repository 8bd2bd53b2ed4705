"""The shape of the code: rooms import only downwards, functions and files stay small."""

import ast
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
FILES = [path for path in (ROOT / "src").rglob("*.py") if "migrations" not in path.parts]
MEDIAN_LINES = 8
MOST_LINES = 400


def functions() -> Iterator[tuple[int, str]]:
    """The length in lines of every function, with its name."""
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield (node.end_lineno or node.lineno) - node.lineno + 1, f"{path.relative_to(ROOT)}:{node.name}"


def test_rooms_import_only_downwards():
    tool = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([tool], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_functions_stay_small():
    lengths = sorted(functions(), reverse=True)
    median = statistics.median(length for length, _ in lengths)
    assert median <= MEDIAN_LINES, f"the median is {median}; the longest are {lengths[:10]}"


def test_files_stay_small():
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in FILES}
    assert not {name: length for name, length in lengths.items() if length > MOST_LINES}
