#!/usr/bin/env python3
"""Writes the small ONNX models in ../resources/models/small: one for each thing that loading and running must cope with.

Needs onnx (written with 1.23.2) and numpy. Run from this folder: python3 make_models.py
"""

import pathlib

import numpy as np
from onnx import TensorProto as T
from onnx import helper as h
from onnx import numpy_helper, save

OUT = pathlib.Path(__file__).resolve().parent.parent / "resources" / "models" / "small"


def value(name, kind, shape):
    return h.make_tensor_value_info(name, kind, shape)


def model(name, nodes, inputs, outputs, weights=(), version=0, props=None, folder=None, external=False):
    graph = h.make_graph(nodes, name, inputs, outputs, list(weights))
    m = h.make_model(
        graph,
        opset_imports=[h.make_opsetid("", 17), h.make_opsetid("ai.onnx.ml", 3)],
        ir_version=8,
        producer_name="plimsoll-tests",
        model_version=version,
    )
    if props:
        h.set_model_props(m, props)
    target = (OUT / folder if folder else OUT) / f"{name}.onnx"
    target.parent.mkdir(parents=True, exist_ok=True)
    if external:
        save(m, target, save_as_external_data=True, all_tensors_to_one_file=True, location="weights.bin", size_threshold=0)
    else:
        save(m, target)


def echo(name, kinds):
    """Every input comes out again as it went in."""
    model(
        name,
        [h.make_node("Identity", [k], [f"{k}_out"]) for k in kinds],
        [value(k, t, ["N", 2]) for k, t in kinds.items()],
        [value(f"{k}_out", t, ["N", 2]) for k, t in kinds.items()],
    )


DJL_KINDS = {
    "f32": T.FLOAT,
    "f64": T.DOUBLE,
    "i8": T.INT8,
    "u8": T.UINT8,
    "i32": T.INT32,
    "i64": T.INT64,
    "bool": T.BOOL,
}
echo("echo", DJL_KINDS)
echo("echo-int16", {"i16": T.INT16})
echo("echo-strings", {"text": T.STRING})
echo("echo-half", {"x": T.FLOAT16})
echo("echo-uint32", {"x": T.UINT32})

double = numpy_helper.from_array(np.array([2.0], np.float32), "two")


def times_two(name, shape_in, shape_out, **more):
    model(
        name,
        [h.make_node("Mul", ["x", "two"], ["y"])],
        [value("x", T.FLOAT, shape_in)],
        [value("y", T.FLOAT, shape_out)],
        [double],
        **more,
    )


times_two("one-row", [1, 3], [1, 3])
times_two("four-rows", [4, 3], [4, 3])
times_two("any-width", ["N", "W"], ["N", "W"])
times_two("no-shape", None, None)
times_two("output-declared-one-row", ["N", 3], [1, 3])  # as exporters write that make only the input's axis dynamic
times_two("numbered", ["N", 3], ["N", 3], version=7)
times_two("versioned", ["N", 3], ["N", 3], version=7, props={"version": "2024-05", "owner": "tests"})
times_two("model", ["N", 3], ["N", 3], folder="outside-weights", external=True)

# The rows are summed away, whatever the model says of its output: the axis is computed, which hides it from shape inference.
model(
    "rows-summed",
    [
        h.make_node("ReduceMin", ["x"], ["least"], keepdims=0),
        h.make_node("Mul", ["least", "nought"], ["product"]),
        h.make_node("Cast", ["product"], ["whole"], to=T.INT64),
        h.make_node("Reshape", ["whole", "one"], ["axis"]),
        h.make_node("ReduceSum", ["x", "axis"], ["y"], keepdims=1),
    ],
    [value("x", T.FLOAT, ["N", 3])],
    [value("y", T.FLOAT, ["N", 3])],
    [
        numpy_helper.from_array(np.array(0, np.float32), "nought"),
        numpy_helper.from_array(np.array([1], np.int64), "one"),
    ],
)

model(
    "square-root",  # NaN for what is negative
    [h.make_node("Sqrt", ["x"], ["y"])],
    [value("x", T.FLOAT, ["N", 1])],
    [value("y", T.FLOAT, ["N", 1])],
)

model(
    "look-up",  # fails on an index beyond 2
    [h.make_node("Gather", ["table", "index"], ["y"], axis=0)],
    [value("index", T.INT64, ["N"])],
    [value("y", T.FLOAT, ["N"])],
    [numpy_helper.from_array(np.array([10, 20, 30], np.float32), "table")],
)

model(
    "sequence-beside",
    [h.make_node("SplitToSequence", ["x"], ["parts"], axis=1), h.make_node("Mul", ["x", "two"], ["y"])],
    [value("x", T.FLOAT, ["N", 3])],
    [
        h.make_tensor_sequence_value_info("parts", T.FLOAT, None),
        value("y", T.FLOAT, ["N", 3]),
    ],
    [double],
)

model(
    "sequence-only",
    [h.make_node("SplitToSequence", ["x"], ["parts"], axis=1)],
    [value("x", T.FLOAT, ["N", 3])],
    [h.make_tensor_sequence_value_info("parts", T.FLOAT, None)],
)


def zipmap(name, key, **labels):
    maps = h.make_value_info(
        "maps",
        h.make_sequence_type_proto(h.make_map_type_proto(key, h.make_tensor_type_proto(T.FLOAT, None))),
    )
    model(
        name,
        [h.make_node("ZipMap", ["x"], ["maps"], domain="ai.onnx.ml", **labels)],
        [value("x", T.FLOAT, ["N", 3])],
        [maps],
    )


zipmap("zipmap-numbers", T.INT64, classlabels_int64s=[10, 9, -1])
zipmap("zipmap-texts", T.STRING, classlabels_strings=["b", "a", "c"])
