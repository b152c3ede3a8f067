"""The way has one direction: steps never import each other; only the pipeline composes them."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

NLP = Path(__file__).parent.parent / "nlp"

# What each part may import besides itself.  A step knows records, form and resources only.
SHARED = {"documents", "form", "resources", "likeness", "intervals", "labels"}
STEPS = {
    "read", "structure", "tables", "verify", "statements", "segment", "themes", "indicators",
    "reuse", "lexicon", "claims", "follow", "compare", "corrections",
}  # fmt: skip
ALLOWED = {
    "documents": set(),
    "resources": set(),
    **{leaf: set() for leaf in ("likeness", "intervals", "labels")},
    "form": {"documents", "resources"},
    **dict.fromkeys(STEPS, SHARED),
    "render": SHARED,
    "library": {"documents"},
    "engine": set(),
    "pipeline": SHARED | STEPS | {"render", "library", "engine"},
    "cli": SHARED | {"pipeline"},
    "": SHARED | STEPS | {"library", "pipeline"},
}


def parts() -> list[str]:
    """Every module or folder of the package, ``""`` being the package itself."""
    names = {
        p.stem if p.is_file() else p.name
        for p in NLP.iterdir()
        if p.suffix == ".py" or (p / "__init__.py").exists()
    }
    return sorted(name if name != "__init__" else "" for name in names)


def imports_of(part: str) -> set[str]:
    files = (
        [NLP / "__init__.py"]
        if not part
        else [NLP / f"{part}.py"]
        if (NLP / f"{part}.py").exists()
        else sorted((NLP / part).rglob("*.py"))
    )
    found: set[str] = set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
                names = [node.module]
            found.update(n.split(".")[1] for n in names if n.startswith("nlp."))
    return found - {part}


@pytest.mark.parametrize("part", parts())
def test_a_part_imports_only_what_its_place_allows(part: str) -> None:
    assert part in ALLOWED, f"new part {part!r}: give it a place in the way"
    assert imports_of(part) <= ALLOWED[part]


def test_the_parser_of_imports_sees_imports() -> None:
    assert {"read", "structure", "tables"} <= imports_of("pipeline")
