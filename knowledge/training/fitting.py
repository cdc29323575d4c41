"""Softmax and logistic regression with numpy, and the folds of cross-validation."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
FOLDS = 5
_RATE, _STEPS = 0.15, 300


def fold_of(group: str) -> int:
    """The fold of everything that belongs to this group, always the same."""
    return int(hashlib.md5(group.encode(), usedforsecurity=False).hexdigest(), 16) % FOLDS


@dataclass(frozen=True, slots=True)
class Choice:
    """One question: the features of its candidates, which of them are right, and how much it counts."""

    features: Matrix
    right: NDArray[np.bool_]
    weight: float


def softmax(choices: Sequence[Choice], columns: int, l2: float) -> Matrix:
    """Weights under which the right candidates together get most of the belief (Adam, from zero)."""
    used = [choice for choice in choices if choice.right.any() and not choice.right.all()]
    features = np.concatenate([choice.features for choice in used])
    right = np.concatenate([choice.right for choice in used])
    sizes = np.asarray([len(choice.features) for choice in used])
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    counts = np.asarray([choice.weight for choice in used])
    counts /= counts.sum()
    of = np.repeat(np.arange(len(used)), sizes)
    weights, mean, square = np.zeros(columns), np.zeros(columns), np.zeros(columns)
    for step in range(1, _STEPS + 1):
        scores = features @ weights
        raised = np.exp(scores - np.maximum.reduceat(scores, starts)[of])
        belief = raised / np.add.reduceat(raised, starts)[of]
        best = raised * right
        wanted = best / np.add.reduceat(best, starts)[of]
        slope = features.T @ ((belief - wanted) * counts[of]) + l2 * weights
        mean = 0.9 * mean + 0.1 * slope
        square = 0.99 * square + 0.01 * slope * slope
        weights = weights - _RATE * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return weights


def logistic(features: Matrix, wanted: Matrix, counts: Matrix, l2: float = 0.001) -> Matrix:
    """Newton's method on standardised features; the first column is the constant 1."""
    mean, spread = features[:, 1:].mean(axis=0), features[:, 1:].std(axis=0) + 1e-9
    scaled = features.copy()
    scaled[:, 1:] = (features[:, 1:] - mean) / spread
    weights = np.zeros(features.shape[1])
    pull = np.eye(len(weights)) * l2 * counts.sum()
    pull[0, 0] = 1e-9
    for _ in range(50):
        belief = 1 / (1 + np.exp(-np.clip(scaled @ weights, -30, 30)))
        slope = scaled.T @ (counts * (belief - wanted)) + pull @ weights
        bend = (scaled * (counts * belief * (1 - belief))[:, None]).T @ scaled + pull + 1e-9 * np.eye(len(weights))
        step = np.linalg.solve(bend, slope)
        weights = weights - step
        if np.abs(step).max() < 1e-9:
            break
    plain = weights.copy()
    plain[1:] = weights[1:] / spread
    plain[0] = weights[0] - (weights[1:] * mean / spread).sum()
    return plain


def area(belief: Matrix, wanted: Matrix) -> float:
    """Area under the curve: how often a right one is believed more than a wrong one."""
    order = np.empty(len(belief))
    order[np.argsort(belief)] = np.arange(len(belief))
    yes = wanted > 0
    return float((order[yes].mean() - (yes.sum() - 1) / 2) / max((~yes).sum(), 1))
