"""Every benchmark can be run by anyone in the same way."""

import importlib
import pkgutil

import pytest

import benchmarks
from tests.places import ROOT

NAMES = [module.name for module in pkgutil.iter_modules(benchmarks.__path__) if not module.name.startswith("_")]


def test_there_are_benchmarks() -> None:
    assert "search" in NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_benchmark_is_a_module_with_a_json_switch(name: str) -> None:
    module = importlib.import_module(f"benchmarks.{name}")

    assert callable(module.main)
    source = (ROOT / "benchmarks" / f"{name}.py").read_text(encoding="utf-8")
    assert '"--json"' in source
    assert '__name__ == "__main__"' in source


@pytest.mark.parametrize("name", NAMES)
def test_its_figures_are_in_the_performance_page(name: str) -> None:
    assert f"python -m benchmarks.{name} --json" in (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
