"""Trains the quickstart's model and writes every data file of the sample.

    python train.py path/to/hour.csv            # the hourly table of UCI Bike Sharing, plain or gzipped

README.md beside this file says where the table comes from and what comes out.
"""

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pandas as pd
import sklearn
import skl2onnx
from onnx import TensorProto, helper
from skl2onnx.common.data_types import BooleanTensorType, FloatTensorType, Int64TensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.metrics import mean_absolute_error, r2_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder

SEED = 2013
SERVING_ROWS = 3_000
BASELINE_ROWS = 2_000
EXPECTED_ROWS = 32
NAME = "bike-rentals"
VERSION = "1"
OPSETS = {"": 17, "ai.onnx.ml": 3}  # at most, so that ONNX Runtime 1.21 reads it; the converter writes the lowest that will do

SEASONS = {1: "WINTER", 2: "SPRING", 3: "SUMMER", 4: "FALL"}
WEATHERS = {1: "CLEAR", 2: "MIST", 3: "RAIN", 4: "STORM"}
CATEGORIES = {"season": list(SEASONS.values()), "weather": list(WEATHERS.values())}
DECIMALS = {"temperature": 2, "humidity": 1, "windspeed": 1}
NUMBERS = [*DECIMALS, "hour", "weekday", "workingday"]
FEATURES = [*NUMBERS, *CATEGORIES]
TARGET = "rentals"


def check_source(raw):
    """Refuses another table, or another scaling of this one: the units below are read off the data, not only believed."""
    if len(raw) != 17_379 or raw["cnt"].sum() != 3_292_679 or raw.isna().any().any():
        raise SystemExit("not hour.csv of UCI Bike Sharing: expected 17379 complete rows and 3292679 rentals in all")

    wind = raw["windspeed"] * 67
    off_wind = (wind - wind.round()).abs().max()
    felt = raw["atemp"] * (50 + 16) - 16
    off_felt = (felt - felt.round()).abs().max()
    if off_wind > 0.01 or off_felt > 0.01:
        raise SystemExit("windspeed and atemp are not whole km/h and whole degrees: another scaling?")
    print(f"windspeed * 67 is whole to {off_wind:.4f} km/h; atemp * 66 - 16 is whole to {off_felt:.4f} degrees")

    def gap(air, felt):  # without wind, and neither hot nor freezing, the air feels as warm as it is
        calm = (raw["windspeed"] == 0) & air.between(0, 20)
        return (felt - air)[calm].abs().mean()

    print(
        "calm hours of 0..20 degrees, mean |felt - air|: "
        f"{gap(raw['temp'] * (39 + 8) - 8, felt):.2f} with temp * 47 - 8, {gap(raw['temp'] * 41, raw['atemp'] * 50):.2f} with temp * 41"
    )

    months = raw.groupby("season")["mnth"].agg(lambda m: sorted(m.unique().tolist()))
    celsius = (raw["temp"] * 47 - 8).groupby(raw["season"]).mean()
    for code, name in SEASONS.items():
        print(f"season {code} = {name}: months {months[code]}, mean {celsius[code]:.1f} degrees")


def in_units(raw):
    """The table as a service would see it: physical units, names instead of codes, rounded as it is written."""
    return pd.DataFrame(
        {
            "temperature": (raw["temp"] * (39 + 8) - 8).round(DECIMALS["temperature"]),
            "humidity": (raw["hum"] * 100).round(DECIMALS["humidity"]),
            "windspeed": (raw["windspeed"] * 67).round(DECIMALS["windspeed"]),
            "hour": raw["hr"].astype("int64"),
            "weekday": raw["weekday"].astype("int64"),
            "workingday": raw["workingday"] == 1,
            "season": raw["season"].map(SEASONS).astype(object),
            "weather": raw["weathersit"].map(WEATHERS).astype(object),
            TARGET: raw["cnt"].astype("int64"),
        }
    )


def train(rows):
    """Counts get a Poisson loss: the answer is exp(sum of trees), so it is never negative."""
    encode = OneHotEncoder(categories=list(CATEGORIES.values()), handle_unknown="ignore", sparse_output=False)
    pipeline = Pipeline(
        [
            ("columns", ColumnTransformer([("numbers", "passthrough", NUMBERS), ("categories", encode, list(CATEGORIES))])),
            (
                "trees",
                HistGradientBoostingRegressor(
                    loss="poisson", max_iter=50, max_leaf_nodes=31, learning_rate=0.2, early_stopping=False, random_state=SEED
                ),
            ),
        ]
    )
    return pipeline.fit(rows[FEATURES], rows[TARGET])


def to_onnx(pipeline):
    """One named input per column, one output `rentals`."""
    types = {column: FloatTensorType([None, 1]) for column in DECIMALS}
    types |= {column: Int64TensorType([None, 1]) for column in ("hour", "weekday")}
    types |= {"workingday": BooleanTensorType([None, 1])}
    types |= {column: StringTensorType([None, 1]) for column in CATEGORIES}
    model = skl2onnx.convert_sklearn(
        pipeline, NAME, initial_types=[(column, types[column]) for column in FEATURES], target_opset=OPSETS
    )

    # The converter leaves out the inverse of the Poisson loss's link: its output is the logarithm of the rentals.
    graph = model.graph
    log_rentals = graph.output[0].name
    graph.node.append(helper.make_node("Exp", [log_rentals], [TARGET], name="inverse_link"))
    del graph.output[:]
    graph.output.append(helper.make_tensor_value_info(TARGET, TensorProto.FLOAT, ["N", 1]))

    for node in graph.node:  # hit rates are optional, and a runtime does not read them
        kept = [attribute for attribute in node.attribute if attribute.name != "nodes_hitrates"]
        del node.attribute[:]
        node.attribute.extend(kept)
    for value in graph.input:
        value.type.tensor_type.shape.dim[0].dim_param = "N"

    graph.name = NAME
    model.model_version = int(VERSION)
    model.doc_string = (
        "Bikes rented in an hour, from its weather and the calendar. Trained on UCI Bike Sharing "
        "(Fanaee-T and Gama 2013, doi:10.24432/C5W894), CC BY 4.0."
    )
    helper.set_model_props(model, {"name": NAME, "version": VERSION})
    onnx.checker.check_model(model, full_check=True)
    return model


def run_onnx(path, rows):
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    numpy_types = {"tensor(float)": np.float32, "tensor(int64)": np.int64, "tensor(bool)": np.bool_, "tensor(string)": object}
    feeds = {i.name: rows[i.name].to_numpy().astype(numpy_types[i.type]).reshape(-1, 1) for i in session.get_inputs()}
    return session.run([TARGET], feeds)[0].ravel(), session


def write_csv(rows, path):
    text = rows.copy()
    for column, decimals in DECIMALS.items():
        text[column] = text[column].map(f"{{:.{decimals}f}}".format)
    text["workingday"] = text["workingday"].map({True: "true", False: "false"})
    path.parent.mkdir(parents=True, exist_ok=True)
    text.to_csv(path, index=False, lineterminator="\n")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("table", type=Path, help="hour.csv or hour.csv.gz")
    arguments.add_argument("--out", type=Path, default=Path(__file__).resolve().parents[1], help="the sample's folder")
    arguments = arguments.parse_args()
    main_dir = arguments.out / "src/main/resources/bike"
    test_dir = arguments.out / "src/test/resources/bike"

    raw = pd.read_csv(arguments.table)
    check_source(raw)
    rows = in_units(raw)
    training, serving = train_test_split(rows, test_size=SERVING_ROWS, random_state=SEED, shuffle=True)
    serving = serving.reset_index(drop=True)
    baseline = training[FEATURES].head(BASELINE_ROWS)  # a random sample too: the split has shuffled the rows

    pipeline = train(training)
    write_csv(baseline, main_dir / "baseline.csv")
    write_csv(serving, main_dir / "serving.csv")
    onnx.save(to_onnx(pipeline), main_dir / "model.onnx")

    # From here on the rows as a reader of the written file gets them.
    reread = pd.read_csv(main_dir / "serving.csv")
    pd.testing.assert_frame_equal(reread, serving, check_dtype=False)
    predicted = pipeline.predict(reread[FEATURES])
    by_onnx, session = run_onnx(main_dir / "model.onnx", reread)
    difference = np.abs(by_onnx - predicted) / np.abs(predicted)
    if difference.max() > 1e-4:
        raise SystemExit(f"ONNX and scikit-learn differ by {difference.max():.3g}")

    chosen = range(0, EXPECTED_ROWS * (SERVING_ROWS // EXPECTED_ROWS), SERVING_ROWS // EXPECTED_ROWS)
    expected = {
        "model": NAME,
        "version": VERSION,
        "predictedBy": f"scikit-learn {sklearn.__version__}",
        "rows": [
            {"row": i, "input": json.loads(reread.loc[i, FEATURES].to_json()), "expected": round(float(predicted[i]), 9)}
            for i in chosen
        ],
    }
    test_dir.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join("    " + json.dumps(row) for row in expected.pop("rows"))
    head = json.dumps(expected, indent=2).removesuffix("\n}")
    (test_dir / "expected.json").write_text(f'{head},\n  "rows": [\n{lines}\n  ]\n}}\n', encoding="utf-8")

    truth = reread[TARGET]
    fahrenheit = reread.assign(temperature=reread["temperature"] * 9 / 5 + 32)
    in_fahrenheit = pipeline.predict(fahrenheit[FEATURES])
    print(f"rows: {len(training)} for training, {len(serving)} for serving, {len(baseline)} in the baseline")
    for title, table in (("training", training), ("baseline", baseline), ("serving", serving)):
        print(f"weather in {title}: {table['weather'].value_counts().to_dict()}")
    print(f"serving rows: R2 {r2_score(truth, predicted):.4f}, MAE {mean_absolute_error(truth, predicted):.2f}, mean rentals {truth.mean():.1f}")
    print(f"predictions: {predicted.min():.2f} to {predicted.max():.2f}, mean {predicted.mean():.1f}")
    print(
        f"the same rows with degrees Fahrenheit: R2 {r2_score(truth, in_fahrenheit):.4f}, "
        f"MAE {mean_absolute_error(truth, in_fahrenheit):.2f}, mean prediction {in_fahrenheit.mean():.1f}; "
        f"temperature {fahrenheit['temperature'].min():.2f} to {fahrenheit['temperature'].max():.2f} "
        f"instead of {reread['temperature'].min():.2f} to {reread['temperature'].max():.2f}"
    )
    print(f"ONNX Runtime {onnxruntime.__version__} against scikit-learn: {difference.max():.3g} relative at most")
    for value in (*session.get_inputs(), *session.get_outputs()):
        print(f"  {value.name}: {value.type} {value.shape}")
    print(f"  metadata: {session.get_modelmeta().custom_metadata_map}")
    for path in (*sorted(main_dir.iterdir()), *sorted(test_dir.iterdir())):
        print(f"{path.stat().st_size:8d} bytes  sha256 {hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}")


if __name__ == "__main__":
    main()
