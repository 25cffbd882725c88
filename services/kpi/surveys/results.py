"""What all answers together say, question by question. Pure. What people wrote is counted and not repeated."""

from collections.abc import Sequence
from typing import Any

from services.kpi.surveys.rules import Answers, Asked


def totals(asked: Sequence[Asked], given: Sequence[Answers]) -> list[dict[str, Any]]:
    """Of each question how many answered it, and what; a question that was left out is no answer."""
    return [
        {"key": question.key, "kind": question.kind, "text": question.text, "answers": len(answers)}
        | _summed(question, answers)
        for question in asked
        for answers in [[each[question.key] for each in given if question.key in each]]
    ]


def _summed(question: Asked, answers: Sequence[Any]) -> dict[str, Any]:
    match question.kind:
        case "number":
            return {
                "sum": sum(answers),
                "mean": sum(answers) / len(answers) if answers else None,
                "smallest": min(answers, default=None),
                "largest": max(answers, default=None),
            }
        case "yes_no":
            yes = sum(answers)
            return {"yes": yes, "no": len(answers) - yes}
        case "choice":
            return {"choices": {choice: answers.count(choice) for choice in question.choices or ()}}
    return {}
