"""The constants of ranking and confidence, as `knowledge.training` wrote them."""

import functools
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowledge.comparing import Matrix
from knowledge.ranking import FEATURES, QUESTION_FEATURES

FILE = Path(__file__).parent / "weights.json"


@dataclass(frozen=True, slots=True)
class Weights:
    """procedures, questions: by feature; top, question, in_domain: logistic models by sign.

    turn: by sign, one number for each of `turns.READINGS`.
    """

    procedures: dict[str, float]
    questions: dict[str, float]
    top: dict[str, float]
    question: dict[str, float]
    in_domain: dict[str, float]
    turn: dict[str, list[float]]

    def of_procedures(self, matrix: Matrix) -> Matrix:
        """The score of each title row."""
        return _weighed(matrix, FEATURES, self.procedures)

    def of_questions(self, matrix: Matrix) -> Matrix:
        """The score of each question of the FAQ base."""
        return _weighed(matrix, QUESTION_FEATURES, self.questions)


def _weighed(matrix: Matrix, names: tuple[str, ...], weights: dict[str, float]) -> Matrix:
    return np.asarray(matrix @ np.asarray([weights.get(name, 0.0) for name in names]), dtype=np.float64)


@functools.cache
def load(path: Path = FILE) -> Weights:
    """Reads the constants. Raises OSError or ValueError when the file is missing or damaged."""
    return Weights(**json.loads(path.read_text(encoding="utf-8")))
