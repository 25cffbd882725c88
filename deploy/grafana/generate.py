"""Writes the dashboard of goals: `python -m deploy.grafana.generate`. Which goals there are, the metrics say."""

import json
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "dashboards" / "goals.json"
SOURCE = {"type": "prometheus", "uid": "prometheus"}
ONE_PLAN = 'tenant="$tenant", plan="$plan"'
OF_THEME = f' and on (tenant, plan, goal) kpi_goal_info{{{ONE_PLAN}, theme="$theme"}}'
RESULTS = {
    "reached": ("Nået", "green"),
    "mostly_reached": ("Nået i overvejende grad", "yellow"),
    "not_reached": ("Ikke nået", "red"),
    "changed": ("≠ mål ændret", "blue"),
    "not_started": ("Ikke begyndt", "text"),
    "too_few": ("For få at dømme efter", "text"),
}
COLUMNS = {
    "goal": "Mål",
    "statement": "Ordlyd",
    "Value #value": "Værdi",
    "Value #target": "Tal at nå",
    "Value #pace": "Bør være nået i dag",
    "result": "Status",
    "Value #silent": "Tavs i",
}


def dashboard() -> dict[str, Any]:
    return {
        "uid": "kompas-goals",
        "title": "Kompas: handlingsplanens mål",
        "tags": ["kompas"],
        "timezone": "Europe/Copenhagen",
        "schemaVersion": 41,
        "version": 2,
        "refresh": "10s",
        "time": {"from": "now-30d", "to": "now"},
        "editable": False,
        "templating": {
            "list": [
                _variable("tenant", "Center", "label_values(kpi_goal_info, tenant)"),
                _variable("plan", "Plan", 'label_values(kpi_goal_info{tenant="$tenant"}, plan)'),
                _variable("theme", "Tema", f"label_values(kpi_goal_info{{{ONE_PLAN}}}, theme)", several=True),
            ]
        },
        "panels": [
            _overview(),
            {
                "id": 2,
                "type": "row",
                "title": "$theme",
                "collapsed": False,
                "repeat": "theme",
                "panels": [],
                "gridPos": {"x": 0, "y": 4, "w": 24, "h": 1},
            },
            _table(),
            _curves(),
        ],
    }


def _variable(name: str, label: str, query: str, *, several: bool = False) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "type": "query",
        "datasource": SOURCE,
        "query": {"query": query, "refId": "var"},
        "refresh": 2,
        "multi": several,
        "includeAll": several,
        "sort": 1,
        "current": {},
    }


def _target(ref: str, query: str, **more: Any) -> dict[str, Any]:
    return {"datasource": SOURCE, "expr": query, "refId": ref, **more}


def _overview() -> dict[str, Any]:
    """How many goals stand how."""
    query = f"count by (result) (kpi_goal_result{{{ONE_PLAN}}})"
    return {
        "id": 1,
        "title": "Planens mål",
        "type": "stat",
        "description": "How many goals stand how, as the counter proposes; people may have decided otherwise.",
        "datasource": SOURCE,
        "gridPos": {"x": 0, "y": 0, "w": 24, "h": 4},
        "targets": [_target("A", query, legendFormat="{{result}}", instant=True)],
        "fieldConfig": {"defaults": {}, "overrides": [_named(name, *shown) for name, shown in RESULTS.items()]},
        "options": {"colorMode": "background", "graphMode": "none", "textMode": "value_and_name"},
    }


def _named(name: str, text: str, colour: str) -> dict[str, Any]:
    return {
        "matcher": {"id": "byName", "options": name},
        "properties": [
            {"id": "displayName", "value": text},
            {"id": "color", "value": {"mode": "fixed", "fixedColor": colour}},
        ],
    }


def _table() -> dict[str, Any]:
    """A goal a line: number, target, pace and status. Silent is a column of its own, so that red is never it."""
    queries = {
        "words": f'kpi_goal_info{{{ONE_PLAN}, theme="$theme"}}',
        "value": f"kpi_goal_value{{{ONE_PLAN}}}{OF_THEME}",
        "target": f"kpi_goal_target{{{ONE_PLAN}}}{OF_THEME}",
        "pace": f"kpi_goal_expected{{{ONE_PLAN}}}{OF_THEME}",
        "status": f"kpi_goal_result{{{ONE_PLAN}}}{OF_THEME}",
        "silent": f"goal:silent{{{ONE_PLAN}}}{OF_THEME}",
    }
    hidden = ["Time", "__name__", "tenant", "plan", "theme", "instance", "job", "Value #words", "Value #status"]
    statuses = {
        name: {"text": text, "color": colour, "index": index}
        for index, (name, (text, colour)) in enumerate(RESULTS.items())
    }
    return {
        "id": 3,
        "title": "Status",
        "type": "table",
        "description": "Value, target, what today's pace asks for, and status; silent: no fact for so long.",
        "datasource": SOURCE,
        "gridPos": {"x": 0, "y": 5, "w": 16, "h": 10},
        "targets": [_target(ref, query, format="table", instant=True) for ref, query in queries.items()],
        "transformations": [
            {"id": "merge", "options": {}},
            {
                "id": "organize",
                "options": {
                    "excludeByName": dict.fromkeys(hidden, True),
                    "indexByName": {name: place for place, name in enumerate(COLUMNS)},
                    "renameByName": COLUMNS,
                },
            },
        ],
        "fieldConfig": {
            "defaults": {"decimals": 0},
            "overrides": [
                _column("Status", [{"id": "mappings", "value": [{"type": "value", "options": statuses}]}, COLOURED]),
                _column("Tavs i", [{"id": "unit", "value": "s"}]),
            ],
        },
        "options": {"showHeader": True, "sortBy": [{"displayName": "Mål", "desc": False}]},
    }


COLOURED = {"id": "custom.cellOptions", "value": {"type": "color-background"}}


def _column(name: str, properties: list[dict[str, Any]]) -> dict[str, Any]:
    return {"matcher": {"id": "byName", "options": name}, "properties": properties}


def _curves() -> dict[str, Any]:
    """Each goal's number with its course behind it."""
    return {
        "id": 4,
        "title": "Forløb",
        "type": "stat",
        "description": "Each goal's value, with its course as a sparkline.",
        "datasource": SOURCE,
        "gridPos": {"x": 16, "y": 5, "w": 8, "h": 10},
        "targets": [_target("A", f"kpi_goal_value{{{ONE_PLAN}}}{OF_THEME}", legendFormat="{{goal}}")],
        "fieldConfig": {"defaults": {"decimals": 0, "color": {"mode": "fixed", "fixedColor": "blue"}}, "overrides": []},
        "options": {"colorMode": "value", "graphMode": "area", "textMode": "value_and_name"},
    }


def written() -> str:
    return json.dumps(dashboard(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
