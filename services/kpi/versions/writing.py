"""From what somebody sent to a plan, or to every mistake in it with its line; and from a stored plan back to a text."""

import asyncio
import json
from collections.abc import Iterator

import yaml

from services.kpi.definition.parse import Mistake, PlanInvalid, parse_plan
from services.kpi.definition.plan import Plan
from services.kpi.definition.vocabulary import spoken
from services.kpi.versions.schemas import WrittenPlan
from shared.errors import FieldError, Invalid, Problem, Text

NO_REFERENCES = Text("en plan har ingen henvisninger (*)", "a plan has no references (*)")
YAML_TYPES = {"application/yaml", "text/yaml", "application/x-yaml", "text/x-yaml", "text/plain"}


class PlanRefused(Problem):
    status, slug = 422, "plan-invalid"
    title = Text("Planen kan ikke bruges, som den er skrevet", "The plan cannot be used as it is written")


class NotAPlan(Problem):
    status, slug = 415, "unsupported-media-type"
    title = Text("Send planen som YAML", "Send the plan as YAML")


def text_of(body: bytes, content_type: str) -> str:
    """YAML as it is, or JSON that holds it."""
    kind = content_type.partition(";")[0].strip().lower()
    try:
        if kind == "application/json":
            return WrittenPlan.model_validate(json.loads(body)).yaml
        if kind in YAML_TYPES:
            return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid.field("body", "skal være skrevet i UTF-8", "must be written in UTF-8") from None
    except (ValueError, RecursionError):  # Pydantic's refusals are ValueErrors too.
        raise Invalid.field("yaml", "skal være planens tekst", "must be the plan's text") from None
    raise NotAPlan(Text("text/yaml eller application/json", "text/yaml or application/json"))


async def understood(text: str, plan_id: str) -> Plan:
    """The plan of this name. Raises `PlanRefused` with line and reason of every mistake."""
    try:
        # Beside the other requests: a long plan takes a tenth of a second.
        return await asyncio.to_thread(_understand, text, plan_id)
    except PlanInvalid as invalid:
        raise PlanRefused(errors=[_error(mistake) for mistake in invalid.mistakes]) from None


def _understand(text: str, plan_id: str) -> Plan:
    try:
        if aliases := list(_aliases(text)):
            raise PlanInvalid(aliases)
        plan = parse_plan(text, spoken())
    except RecursionError:
        raise PlanInvalid(
            [Mistake("plan.yaml", 1, "", Text("er indlejret for dybt", "is nested too deeply"))]
        ) from None
    if plan.id != plan_id:
        line = next((number for number, line in enumerate(text.splitlines(), 1) if line.startswith("plan:")), 1)
        other = Text(f"dette er {plan.id} og ikke {plan_id}", f"this is {plan.id}, and not {plan_id}")
        raise PlanInvalid([Mistake("plan.yaml", line, "plan", other)])
    return plan


def _aliases(text: str) -> Iterator[Mistake]:
    """A few lines of references to references would be a plan as long as the memory."""
    try:
        for token in yaml.scan(text):
            if isinstance(token, yaml.AliasToken):
                yield Mistake("plan.yaml", token.start_mark.line + 1, "", NO_REFERENCES)
    except yaml.YAMLError:
        return  # The parser tells it, with its line.


def _error(mistake: Mistake) -> FieldError:
    place = f"{mistake.field}: " if mistake.field else ""
    return FieldError(f"line {mistake.line}", Text(place + mistake.reason.da, place + mistake.reason.en))


def written(definition: dict[str, object]) -> str:
    """A stored plan as a text that can be changed and sent back."""
    plan = Plan.model_validate(definition).model_dump(
        mode="json", by_alias=True, exclude_none=True, exclude_defaults=True
    )
    return yaml.safe_dump(plan, allow_unicode=True, sort_keys=False, width=110)
