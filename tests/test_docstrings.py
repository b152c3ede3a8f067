"""Every example in a docstring runs; every public name has a docstring."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil
from types import ModuleType

import pytest

import nlp

MODULES = sorted(
    m.name for m in pkgutil.walk_packages(nlp.__path__, "nlp.") if not m.name.endswith("__main__")
)


def load(name: str) -> ModuleType:
    # nlp.read is the function, so modules are fetched by name, not by attribute.
    return importlib.import_module(name)


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name: str) -> None:
    failed, _ = doctest.testmod(load(name), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert failed == 0


@pytest.mark.parametrize("name", MODULES)
def test_every_module_class_and_function_says_what_it_is(name: str) -> None:
    module = load(name)
    assert module.__doc__, name
    for key, value in vars(module).items():
        own = getattr(value, "__module__", None) == name
        if (
            own
            and not key.startswith("_")
            and (inspect.isclass(value) or inspect.isfunction(value))
        ):
            assert inspect.getdoc(value), f"{name}.{key} has no docstring"


def test_public_names_are_few_and_there() -> None:
    assert len(nlp.__all__) <= 30
    for name in nlp.__all__:
        assert getattr(nlp, name) is not None
