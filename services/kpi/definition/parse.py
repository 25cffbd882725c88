"""From the text of a plan file to a plan, or to a list of its mistakes, each with file, line and reason."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from services.kpi.definition.bounds import excesses
from services.kpi.definition.plan import Plan
from services.kpi.definition.vocabulary import Vocabulary, misunderstandings
from shared.errors import Text
from shared.validation import field_error

Place = Sequence[str | int]


@dataclass(frozen=True, slots=True)
class Mistake:
    file: str
    line: int
    field: str
    reason: Text

    def __str__(self) -> str:
        return (
            f"{self.file}:{self.line}: {self.field}: {self.reason.en}"
            if self.field
            else f"{self.file}:{self.line}: {self.reason.en}"
        )


class PlanInvalid(Exception):
    """A plan file that cannot be used, with everything that is wrong with it."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = tuple(mistakes)


def read_plan(file: Path, vocabulary: Vocabulary) -> Plan:
    return parse_plan(file.read_text(encoding="utf-8"), vocabulary, name=file.name)


def parse_plan(text: str, vocabulary: Vocabulary, *, name: str = "plan.yaml") -> Plan:
    """The plan in `text`. Raises `PlanInvalid`: a goal that would silently count nothing is a mistake, not a zero."""
    root, data = _load(text, name)
    mistakes = [Mistake(name, _line(key), str(key.value), TWICE) for key in _repeated(root)]
    mistakes += [Mistake(name, _line(text), "", UNSTORABLE) for text in _texts(root) if "\x00" in text.value]
    try:
        plan = Plan.model_validate(data)
    except ValidationError as error:
        mistakes += [
            _mistake(name, root, found["loc"], _reason(found))
            for found in error.errors(include_url=False, include_input=False)
        ]
        raise PlanInvalid(mistakes) from None
    found = [*misunderstandings(plan, vocabulary), *excesses(plan)]
    mistakes += [_mistake(name, root, place, reason) for place, reason in found]
    if mistakes:
        raise PlanInvalid(mistakes)
    return plan


def _load(text: str, name: str) -> tuple[yaml.Node, object]:
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            raise PlanInvalid([Mistake(name, 1, "", EMPTY)])
        return node, loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise PlanInvalid([Mistake(name, line, "", _no_yaml(error.problem))]) from None
    except yaml.YAMLError as error:
        raise PlanInvalid([Mistake(name, 1, "", _no_yaml(str(error)))]) from None
    except ValueError as error:
        # A date that is none, such as 2023-02-30, is refused by the constructor without a place.
        no_day = Text("datoen findes ikke", str(error))
        raise PlanInvalid([Mistake(name, _line_of_bad_date(text), "", no_day)]) from None
    finally:
        loader.dispose()


def _mistake(name: str, root: yaml.Node, place: Place, reason: Text) -> Mistake:
    """The line of the innermost part of `place` that the file has: what is missing is told where it is missing from."""
    node, path = root, []
    for step in place:
        found = _child(node, step)
        if found is None:
            # Pydantic names the variant of a union as a step of its own, which the file does not have.
            continue
        key, node = found
        path.append(_written(key, node, step))
    if reason == MISSING:
        path.append(str(place[-1]))
    return Mistake(name, _line(node), ".".join(path), reason)


TWICE = Text("står to gange samme sted", "written twice in the same place")
UNSTORABLE = Text("indeholder et tegn, der ikke kan gemmes", "contains a character that cannot be stored")
EMPTY = Text("filen er tom", "the file is empty")
MISSING = Text("mangler", "is missing")
_REASONS = {
    "missing": MISSING,
    "extra_forbidden": Text("er ikke et ord i plansproget", "is not a word of the plan language"),
    "string_type": Text("skal være tekst: sæt det i anførselstegn", "must be text: put it in quotes"),
}


def _reason(found: Mapping[str, Any]) -> Text:
    return _REASONS.get(found["type"]) or field_error(found).message


def _no_yaml(problem: str | None) -> Text:
    """PyYAML has its words in English only."""
    return Text(f"er ikke YAML: {problem}", f"not YAML: {problem}") if problem else Text("er ikke YAML", "not YAML")


def _child(node: yaml.Node, step: str | int) -> tuple[yaml.Node | None, yaml.Node] | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return None, node.value[step]
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if str(key.value) == str(step):
                return key, value
    return None


def _written(key: yaml.Node | None, node: yaml.Node, step: str | int) -> str:
    """A goal is known by its id, not by its place in the list."""
    if key is None and isinstance(node, yaml.MappingNode):
        found = _child(node, "id")
        if found is not None:
            return str(found[1].value)
    return str(step)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _repeated(node: yaml.Node) -> list[yaml.Node]:
    """Keys that one mapping has twice; YAML would keep the last and say nothing."""
    found: list[yaml.Node] = []
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if str(key.value) in seen:
                found.append(key)
            seen.add(str(key.value))
            found += _repeated(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            found += _repeated(item)
    return found


def _texts(node: yaml.Node) -> Iterator[yaml.ScalarNode]:
    if isinstance(node, yaml.ScalarNode):
        yield node
    elif isinstance(node, yaml.CollectionNode):
        for each in node.value:
            for part in each if isinstance(each, tuple) else (each,):
                yield from _texts(part)


def _line_of_bad_date(text: str) -> int:
    """YAML's constructor names no place for a date that is none, so the lines are asked one by one."""
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            yaml.safe_load(line.strip().removeprefix("- "))
        except yaml.YAMLError:
            continue
        except ValueError:
            return number
    return 1
