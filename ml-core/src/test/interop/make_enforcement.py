"""Asks real MLflow which values it takes: python make_enforcement.py > ../resources/mlflow/enforcement.json

JSON has one kind of number. Each whole number is handed over as the narrowest integer that holds it, and each fractional one as
what the column declares, because those two points are where Plimsoll differs on purpose.
"""

import json
import logging
import sys

import mlflow
import numpy as np
import pandas as pd
from mlflow.models.utils import _enforce_params_schema, _enforce_schema
from mlflow.types.schema import ParamSchema, Schema

logging.disable(logging.WARNING)
BIG = 1 << 40


def number(value, declared):
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    if isinstance(value, int):
        return np.int32(value) if -(1 << 31) <= value < 1 << 31 else np.int64(value)
    return np.float32(value) if declared == "float" else np.float64(value)


def typed(value, spec):
    """The value with numpy's types."""
    declared = spec.get("type") if isinstance(spec, dict) else None
    if isinstance(value, list):
        items = spec.get("items", {})
        children = [typed(v, items) for v in value]
        if children and all(isinstance(c, np.generic) for c in children):
            return np.array(children)  # keeps the elements' type, which pandas would widen
        return children
    if isinstance(value, dict):
        inner = spec.get("properties", {}) if declared == "object" else {}
        return {k: typed(v, inner.get(k, spec.get("values", {}))) for k, v in value.items()}
    return number(value, declared)


def takes(spec, required, value):
    column = dict(spec, name="c", required=required)
    try:
        # one cell that holds the object itself, so that a scalar keeps its own type
        cell = typed(value, spec)
        series = pd.Series([cell]) if isinstance(cell, np.generic) else pd.Series([cell], dtype=object)
        if not isinstance(cell, (dict, list, np.ndarray, np.generic)):
            series = pd.Series([cell])
        _enforce_schema(pd.DataFrame({"c": series}), Schema.from_json(json.dumps([column])))
        return True
    except Exception:
        return False


def array(items):
    return {"type": "array", "items": items}


def mapped(values):
    return {"type": "map", "values": values}


def nested(**properties):
    return {"type": "object", "properties": properties}


DOUBLE, LONG, INTEGER, STRING, BOOLEAN = ({"type": t} for t in ("double", "long", "integer", "string", "boolean"))
ANY = {"type": "any"}
POINT = nested(x=dict(DOUBLE, required=True), y=dict(DOUBLE, required=False))
columns = [
    (array(DOUBLE), [[], [1.5], [1.5, None], [None], [1, 2], [BIG], ["a"], [[1.5]], None, 1.5, "a", {}, {"a": 1.5}]),
    (array(LONG), [[], [1], [1, None], [BIG], [1.5], [True], [None], "a"]),
    (array(INTEGER), [[1], [BIG], [1, BIG]]),
    (array(STRING), [["a"], ["a", None], [None], [], "a", {"a": "b"}]),
    (array(BOOLEAN), [[True, False], [True, None], [1], ["true"]]),
    (array(array(DOUBLE)), [[[1.5], []], [[1.5], 2.5], [[1.5], ["a"]], [None], []]),
    (array(ANY), [[1, "a", None, {}], [], None, "a"]),
    (mapped(DOUBLE), [{}, {"a": 1.5}, {"a": 1.5, "b": 2}, {"a": "x"}, {"a": None}, {"a": [1.5]}, [], [1.5], "a", None]),
    (mapped(array(LONG)), [{"a": [1]}, {"a": []}, {"a": [1.5]}, {"a": 1}, {"a": None}]),
    (mapped(ANY), [{"a": None, "b": [1, "x"]}, {}, None, []]),
    (POINT, [{"x": 1.5}, {"x": 1.5, "y": 2.5}, {"y": 1.5}, {}, {"x": 1.5, "z": 1.5}, {"x": None}, {"x": 1.5, "y": None},
             {"x": "a"}, {"x": BIG}, {"x": 7}, [1.5], "x", None]),
    (array(POINT), [[{"x": 1.5}], [{"x": 1.5}, {}], [{"x": 1.5}, None], [], [{"x": 1.5, "z": 1}], {"x": 1.5}]),
    (mapped(POINT), [{"a": {"x": 1.5}}, {"a": {}}, {"a": {"x": "b"}}]),
    (nested(p=dict(POINT, required=True), tags=dict(array(STRING), required=False)),
     [{"p": {"x": 1.5}}, {"p": {"x": 1.5}, "tags": ["a"]}, {"p": {"x": 1.5}, "tags": []}, {"p": {"x": 1.5}, "tags": None},
      {"p": {}}, {"p": None}, {"tags": ["a"]}, {"p": {"x": 1.5}, "tags": "a"}]),
    (nested(v=dict(ANY, required=True)), [{"v": 1}, {"v": None}, {"v": {"w": [1, "a"]}}, {}, {"v": 1, "w": 1}]),
    (ANY, [1, "a", None, [1, "a"], {"a": None}, True, 1.5]),
]

params = {
    "integer": (3, [4, 1.5, "a", True, None, [1], {"a": 1}]),
    "long": (3, [4, BIG, 1.5, "a", True, None]),
    "float": (0.5, [1.5, 4, BIG, "a", True, None]),
    "double": (0.5, [1.5, 4, BIG, "a", False, None, [0.5]]),
    "string": ("a", ["b", "", 1, 1.5, True, None]),
    "boolean": (True, [False, 1, "true", None]),
    "datetime": ("2026-01-01T00:00:00", ["2026-02-03", "2026-02-03T04:05:06", "yesterday", 5, None]),
}
arrays = {
    "long": ([1, 2], [[3], [], 3, [1.5], ["a"], [[1]], None, [None]]),
    "double": ([0.5], [[1.5, 2], [BIG], ["a"], 0.5]),
    "string": (["a"], [["b", "c"], [1], "b"]),
}


def resolved(spec, given):
    try:
        schema = ParamSchema.from_json(json.dumps([spec]))
        values = _enforce_params_schema(given, schema)
        return True, {k: v.isoformat() if hasattr(v, "isoformat") else v for k, v in values.items()}
    except Exception:
        return False, None


def param_case(spec, given):
    accepted, values = resolved(spec, given)
    return {"spec": spec, "given": given, "accepted": accepted, "values": values}


cases = {"written with": f"MLflow {mlflow.__version__}, pandas {pd.__version__}, numpy {np.__version__}", "columns": [], "params": []}
for spec, values in columns:
    for value in values:
        for required in (True, False):
            cases["columns"].append({"type": spec, "required": required, "value": value, "accepted": takes(spec, required, value)})
for kind, (default, values) in params.items():
    spec = {"name": "p", "type": kind, "default": default, "shape": None}
    cases["params"] += [param_case(spec, {})] + [param_case(spec, {"p": v}) for v in values]
for kind, (default, values) in arrays.items():
    spec = {"name": "p", "type": kind, "default": default, "shape": [-1]}
    cases["params"] += [param_case(spec, {})] + [param_case(spec, {"p": v}) for v in values]
spec = {"name": "p", "type": "object", "properties": {"k": {"type": "long", "required": True}}, "default": {"k": 1}, "shape": None}
cases["params"] += [param_case(spec, g) for g in ({}, {"p": {"k": 2}}, {"p": {}}, {"p": {"k": 2, "l": 3}}, {"p": 5}, {"q": 1})]
for bad in ({"type": "long", "default": "a"}, {"type": "binary", "default": "a"}, {"type": "long", "default": [1]},
            {"type": "long", "default": 1, "shape": [-1]}, {"type": "long", "default": [1], "shape": [2]},
            {"type": "double", "default": None}):
    cases["params"].append(param_case(dict({"name": "p", "shape": None}, **bad), {}))
json.dump(cases, sys.stdout, indent=None, separators=(", ", ": "))
