"""What may not change between two schemas of one type, and which change was made. Pure."""

from typing import Any

Schema = dict[str, Any]

# A keyword's value may move in one direction only; None stands for "no limit".
LOWER_LIMITS = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
UPPER_LIMITS = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
# These say nothing about which values are allowed.
NOTES = {"title", "description", "examples", "$id", "$schema", "default"}
UNDERSTOOD = {
    *NOTES, *LOWER_LIMITS, *UPPER_LIMITS,
    "type", "format", "const", "enum", "pattern", "properties", "required", "items", "anyOf", "propertyNames",
    "additionalProperties",
}  # fmt: skip


def breaks(old: Schema, new: Schema, path: str = "") -> list[str]:
    """Why `new` cannot be published under the same type as `old`, one line a reason; empty when it can.

    Both sides of the contract count. Events that were published under `old` are kept for ever and must still be read,
    and readers that were written for `old` must still find what they rely on. A value added to a closed list is no
    break: readers have been told to expect it.
    """
    strange = (old.keys() | new.keys()) - UNDERSTOOD
    return [
        *(f"{path or '.'}: the keyword {word} is not understood here" for word in sorted(strange)),
        *_kind(old, new, path),
        *_limits(old, new, path),
        *_fields(old, new, path),
        *_inside(old, new, path),
    ]


def _kind(old: Schema, new: Schema, path: str) -> list[str]:
    found = [
        f"{path or '.'}: {word} changed from {old.get(word)} to {new.get(word)}"
        for word in ("type", "format", "const")
        if old.get(word) != new.get(word)
    ]
    if "enum" in new and "enum" not in old:
        found.append(f"{path or '.'}: became a closed list")
    if "enum" in old:
        gone = [value for value in old["enum"] if value not in new.get("enum", [])]
        found += [f"{path or '.'}: the value {value} was removed" for value in gone]
    return found


def _limits(old: Schema, new: Schema, path: str) -> list[str]:
    tightened = [word for word in LOWER_LIMITS if word in new and (word not in old or new[word] > old[word])]
    tightened += [word for word in UPPER_LIMITS if word in new and (word not in old or new[word] < old[word])]
    # Whether one pattern allows all that another does cannot be read off them, so any new one is refused.
    tightened += [word for word in ("pattern",) if word in new and new[word] != old.get(word)]
    return [f"{path or '.'}: {word} was tightened" for word in tightened]


def _fields(old: Schema, new: Schema, path: str) -> list[str]:
    before, after = old.get("properties", {}), new.get("properties", {})
    needed_before, needed_after = set(old.get("required", [])), set(new.get("required", []))
    return [
        *(f"{path}.{name}: was removed" for name in before if name not in after),
        *(f"{path}.{name}: became required" for name in sorted(needed_after - needed_before)),
        *(f"{path}.{name}: became optional" for name in sorted(needed_before - needed_after) if name in after),
        *(reason for name in before if name in after for reason in breaks(before[name], after[name], f"{path}.{name}")),
    ]


def _inside(old: Schema, new: Schema, path: str) -> list[str]:
    found = []
    for word, step in (("items", "[]"), ("propertyNames", "{key}"), ("additionalProperties", "{}")):
        before, after = old.get(word), new.get(word)
        if isinstance(before, dict) and isinstance(after, dict):
            found += breaks(before, after, path + step)
        elif before != after:
            found.append(f"{path or '.'}: {word} changed")
    choices, chosen = old.get("anyOf", []), new.get("anyOf", [])
    if len(choices) != len(chosen):
        found.append(f"{path or '.'}: the choices changed")
    for choice, chosen_now in zip(choices, chosen, strict=False):
        found += breaks(choice, chosen_now, path + "|")
    return found
