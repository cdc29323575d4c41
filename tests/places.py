"""Where tests find the project and the data beside it."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
PLANS = SHARED / "plans"
SNAPSHOT = SHARED / "data" / "procedures-2026-07.jsonl.gz"
QUESTIONS = SHARED / "questions"

needs_shared = pytest.mark.skipif(
    not SNAPSHOT.exists(), reason="the folder ../shared with the national snapshot is not here"
)
needs_plans = pytest.mark.skipif(
    not PLANS.exists(), reason="the folder ../shared with the departments' plans is not here"
)
