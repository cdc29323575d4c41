"""How sure the search may be: logistic models over a few signs of two ranked lists."""

import math
from collections.abc import Mapping, Sequence

LEADS = {
    "lead_near": "near",
    "lead_name": "near_name",
    "lead_apart": "apart_all",
    "lead_pairs": "apart_pairs",
    "lead_said": "said_both",
    "lead_operation": "same_operation",
    "lead_other_operation": "other_operation",
    "lead_unasked": "unasked_qualifier",
    "lead_missing": "missing_qualifier",
}
"""Signs that say by how much the best procedure is ahead of the second in one feature."""
QUESTION_LEADS = {
    "question_lead_near": "near",
    "question_lead_said": "said_both",
    "question_lead_apart": "apart_said",
    "question_lead_texts": "apart_said_texts",
}
"""The same for the best question of the FAQ base."""
SIGNS = (
    "constant",
    "top",
    "lead",
    "lead_third",
    "title",
    "asked",
    "mass",
    "unknown",
    "phrase",
    "bm25",
    "outside",
    "own",
    "said",
    "uncovered",
    "share",
    "start",
    "said_share",
    "alike",
    "no_operation",
    "only_special",
    "parts",
    "near_name",
    "near_said",
    "apart",
    *LEADS,
    "rival",
)
"""What the best procedure is judged by; share: of the belief over all candidates; parts: words of the message, as a
logarithm; rival: probability that a question of the FAQ base is meant instead."""
RATIOS = ("ratio_expanded", "ratio_original", "ratio_said", "ratio_near")
"""Logarithms: how much better the words of a message fit the FAQ base than the procedures."""
QUESTION_SIGNS = (
    "constant",
    "question_top",
    "question_lead",
    "said_row",
    "said_query",
    "said_both",
    "said_row_pairs",
    "likeness",
    "mass",
    "unknown",
    "outside",
    "top",
    "title",
    "own",
    "part_asked",
    "near_name",
    "near_said",
    "near_question",
    *QUESTION_LEADS,
    *RATIOS,
)
"""What the best question of the FAQ base is judged by; top, title and own are those of the best procedure."""
DOMAIN_SIGNS = (*SIGNS, *(sign for sign in QUESTION_SIGNS if sign not in SIGNS))
"""What it is judged by whether a message asks for any entry at all."""


def probability(signs: Mapping[str, float], constants: Mapping[str, float]) -> float:
    """Between 0 and 1."""
    total = sum(signs[name] * constant for name, constant in constants.items())
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def shares(scores: Sequence[float]) -> list[float]:
    """Softmax: how the belief is spread over a ranked list."""
    if not scores:
        return []
    highest = max(scores)
    raised = [math.exp(score - highest) for score in scores]
    whole = sum(raised)
    return [value / whole for value in raised]
