"""What ``chainrule reproduce --infer`` finds out: how well candidates for what is unsaid explain a report's numbers."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from chainrule.records.base import Decimals, Environment, Record

INFERENCE = "inference.json"
"""Where it lies in a folder of results."""


class TriedNumber(Record):
    """A published number beside the runs under one combination.

    Attributes:
        row, metric: which number.
        published, decimals: the report's value and the decimals that it prints.
        values: one a seed.
        mean, deviation: theirs; the deviation is at least that of a proportion of the images.
        log_likelihood: of the number; see :mod:`chainrule.experiments.likelihood`.
        agrees: whether it lies in the 95% prediction interval.
    """

    row: str
    metric: str
    published: float
    decimals: Decimals
    values: list[float]
    mean: float
    deviation: float
    log_likelihood: float
    agrees: bool


class TriedCombination(Record):
    """One combination of candidates: its ``choice`` for each unknown, its numbers, and its share of all probability."""

    choice: dict[str, str]
    numbers: list[TriedNumber]
    log_likelihood: float
    share: float


class CandidateOdds(Record):
    """What one candidate of an unknown has for it, over all that crossed unknowns may have been.

    Attributes:
        name: the candidate's.
        share: of the probability of all candidates, none having been more probable before.
        log_odds: against what the recipe assumes; 0 for that itself.
        low, high: where they lie with probability 0.95 over seeds.
    """

    name: str
    share: float
    log_odds: float
    low: float
    high: float

    @property
    def told(self) -> bool:
        """Whether even odds lie outside."""
        return self.low > 0 or self.high < 0


class InferredUnknown(Record):
    """What was found out about one unknown; ``candidates`` begin with the assumed one.

    Attributes:
        rows: whose published numbers it was judged by.
        crossed_with: the unknowns judged together with it.
        sentence: the outcome in words.
    """

    name: str
    rows: list[str]
    crossed_with: list[str]
    candidates: list[CandidateOdds] = Field(min_length=2)
    sentence: str

    @property
    def rival(self) -> CandidateOdds:
        """The most probable of those that are not assumed."""
        return max(self.candidates[1:], key=lambda candidate: candidate.log_odds)


class RecipeInference(Record):
    """One recipe's unknowns.

    Attributes:
        title: the recipe's.
        unknowns: in the recipe's order.
        tried: every group of unknowns that were judged together, with its combinations.
        unexplained: numbers that lie outside the 95% interval under the best combination of every group.
        not_tried: inferred entries that nothing was tried for, and why.
    """

    recipe: str
    title: str
    unknowns: list[InferredUnknown]
    tried: list[list[TriedCombination]]
    unexplained: list[str]
    not_tried: dict[str, str]

    @model_validator(mode="after")
    def _of_the_same_numbers(self) -> RecipeInference:
        if any(len({len(combination.numbers) for combination in group}) != 1 for group in self.tried):
            raise ValueError(
                "combinations that were judged together have different numbers, or there are none"
            )
        return self


class Inference(Record):
    """All that was found out; ``environment`` as in :class:`chainrule.records.runs.Results`."""

    version: Literal[1] = 1
    recipes: list[RecipeInference]
    environment: Environment = Field(default_factory=dict)
