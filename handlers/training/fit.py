"""Multinomial logistic regression over hashed features, by seeded mini-batches in numpy."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from handlers.kinds import BUCKETS, Kinds, features
from handlers.training.corpus import Example

EPOCHS = 6
ORDERS = 2
BATCH = 64
RATE = 0.1
SHRINK = 2e-5
"""How strongly constants are pulled towards 0, for each step."""


def fit(examples: Sequence[Example], seed: int) -> Kinds:
    """The model for these examples; the same examples and seed give the same constants.

    The mean of several passes in other orders: a single one is a message or two better or worse by chance.
    """
    made = [_fitted(examples, seed + n) for n in range(ORDERS)]
    weights = sum((kinds.weights for kinds in made[1:]), made[0].weights) / np.float32(ORDERS)
    bias = sum((kinds.bias for kinds in made[1:]), made[0].bias) / np.float32(ORDERS)
    return Kinds(made[0].labels, weights, bias)


def _fitted(examples: Sequence[Example], seed: int) -> Kinds:
    labels = tuple(sorted({example.label for example in examples}))
    numbers = {label: n for n, label in enumerate(labels)}
    read = [features(example.text) for example in examples]
    wanted = np.array([numbers[example.label] for example in examples])
    counted = np.array([example.weight for example in examples], dtype=np.float32)
    weights = np.zeros((BUCKETS, len(labels)), dtype=np.float32)
    bias = np.zeros(len(labels), dtype=np.float32)
    squares = np.full((BUCKETS, 1), 1e-6, dtype=np.float32)
    mean_weights, mean_bias, kept = np.zeros_like(weights), np.zeros_like(bias), 0
    shuffled = np.random.default_rng(seed)
    for epoch in range(EPOCHS):
        for batch in _batches(shuffled.permutation(len(examples))):
            buckets = np.concatenate([read[n][0] for n in batch])
            values = np.concatenate([read[n][1] for n in batch])
            starts = np.cumsum([0, *(len(read[n][0]) for n in batch[:-1])])
            owners = np.repeat(np.arange(len(batch)), [len(read[n][0]) for n in batch])
            scores = np.add.reduceat(weights[buckets] * values[:, None], starts, axis=0) + bias
            errors = _softmax(scores)
            errors[np.arange(len(batch)), wanted[batch]] -= 1
            errors *= counted[batch][:, None]
            touched, places = np.unique(buckets, return_inverse=True)
            summed = [np.bincount(places, column[owners] * values, len(touched)) for column in errors.T]
            gradient = np.stack(summed, axis=1).astype(np.float32) / len(batch) + SHRINK * weights[touched]
            squares[touched] += (gradient**2).mean(axis=1, keepdims=True)
            weights[touched] -= RATE * gradient / np.sqrt(squares[touched])
            bias -= RATE * 0.1 * errors.mean(axis=0)
        if epoch >= EPOCHS // 2:
            mean_weights += weights
            mean_bias += bias
            kept += 1
    return Kinds(labels, mean_weights / np.float32(kept), mean_bias / np.float32(kept))


def _batches(order: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    return [order[start : start + BATCH] for start in range(0, len(order), BATCH)]


def _softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: NDArray[np.float32] = raised / raised.sum(axis=1, keepdims=True)
    return shares
