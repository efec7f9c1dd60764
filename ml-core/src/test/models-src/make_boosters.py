"""Trains the small models of boosted trees in ../resources/models/boosters, one folder for each thing that a file can hold.

    pip install xgboost lightgbm scikit-learn pandas && python make_boosters.py

Every expected.json has rows (null for a missing number) and the answers that the trainer itself gave for them. "refused" in place
of answers names what the reader must say instead. Rows hold ordinary values, missing ones, zeros and categories never trained on.
"""

import json
import shutil
from pathlib import Path

import lightgbm as lgb
import numpy as np
import pandas as pd
import xgboost as xgb

OUT = Path(__file__).parent.parent / "resources" / "models" / "boosters"
ROWS = 300
RNG = np.random.default_rng(20)
COLOURS = ["blue", "green", "red", "white", "black", "grey", "pink", "gold"]


def data():
    """Four numbers, of which the third is often missing and the fourth often zero."""
    x = RNG.normal(size=(ROWS, 4)).astype(np.float32)
    x[RNG.random(ROWS) < 0.3, 2] = np.nan
    x[RNG.random(ROWS) < 0.4, 3] = 0
    signal = 1.5 * x[:, 0] - x[:, 1] + np.where(np.isnan(x[:, 2]), 0.8, x[:, 2]) + np.where(x[:, 3] == 0, 1, 0.5 * x[:, 3])
    return x, signal + 0.3 * RNG.normal(size=ROWS)


X, SIGNAL = data()
BINARY = (SIGNAL > 0.5).astype(int)
CLASSES = np.digitize(SIGNAL, [-0.5, 1.5])
COUNTS = RNG.poisson(np.exp(0.4 * SIGNAL))
POSITIVE = np.exp(0.5 * SIGNAL)
GROUPS = np.full(ROWS // 10, 10)
RELEVANCE = np.clip(CLASSES, 0, 2)
CODES = RNG.integers(0, len(COLOURS), ROWS)
CATEGORY_SIGNAL = SIGNAL + np.array([2, -2, 1.5, -1, 0, 3, -3, 0.5])[CODES]

ASKED = np.concatenate([
    X[:12],
    np.array([[np.nan] * 4, [0] * 4, [0.5, np.nan, 0, 0], [-0.0, 1e-30, -1e-30, 1e-36], [1e6, -1e6, 1e6, -1e6]], np.float32),
])


def write(name, expected, save, asked=ASKED, **more):
    folder = OUT / name
    folder.mkdir(parents=True)
    save(folder)
    rows = [[None if np.isnan(v) else float(v) for v in row] for row in np.asarray(asked, np.float64)]
    answer = {"refused": expected} if isinstance(expected, str) else {"expected": np.asarray(expected, np.float64).tolist()}
    (folder / "expected.json").write_text(json.dumps({**more, "input": rows, **answer}) + "\n")


# ---- XGBoost

def xgboost(name, parameters, label, x=X, asked=ASKED, rounds=5, refused=None, categories=None, forms=("json", "ubj"), **matrix):
    kind = {"feature_types": categories, "enable_categorical": categories is not None}
    train = xgb.DMatrix(x, label, **kind, **matrix)
    booster = xgb.train({"max_depth": 3, "eta": 0.5, "nthread": 1, "seed": 1, **parameters}, train, rounds)
    expected = refused or booster.predict(xgb.DMatrix(asked, **kind))
    write("xgb-" + name, expected, lambda folder: [booster.save_model(folder / f"model.{form}") for form in forms],
          asked, trainer="xgboost " + xgb.__version__)


def make_xgboost():
    xgboost("linear", {"booster": "gblinear", "objective": "reg:squarederror"}, SIGNAL)
    xgboost("linear-classes", {"booster": "gblinear", "objective": "multi:softprob", "num_class": 3}, CLASSES)
    xgboost("dart", {"booster": "dart", "objective": "binary:logistic", "rate_drop": 0.3}, BINARY, rounds=8)
    xgboost("classes", {"objective": "multi:softprob", "num_class": 3}, CLASSES)
    xgboost("label", {"objective": "multi:softmax", "num_class": 3}, CLASSES)
    xgboost("forest", {"objective": "binary:logistic", "num_parallel_tree": 4, "subsample": 0.6, "eta": 1}, BINARY, rounds=1)
    xgboost("ndcg", {"objective": "rank:ndcg"}, RELEVANCE, group=GROUPS)
    xgboost("pairwise", {"objective": "rank:pairwise"}, RELEVANCE, group=GROUPS)
    xgboost("squared-error", {"objective": "reg:squarederror"}, SIGNAL)
    xgboost("absolute-error", {"objective": "reg:absoluteerror"}, SIGNAL)
    xgboost("poisson", {"objective": "count:poisson"}, COUNTS)
    xgboost("gamma", {"objective": "reg:gamma"}, POSITIVE)
    xgboost("tweedie", {"objective": "reg:tweedie", "tweedie_variance_power": 1.4}, COUNTS)
    xgboost("hinge", {"objective": "binary:hinge"}, BINARY)
    xgboost("raw-logit", {"objective": "binary:logitraw"}, BINARY)
    xgboost("cox", {"objective": "survival:cox"}, np.where(BINARY == 1, POSITIVE, -POSITIVE))
    xgboost("quantiles", {"objective": "reg:quantileerror", "quantile_alpha": [0.1, 0.5, 0.9]}, SIGNAL)
    xgboost("two-targets", {"objective": "reg:squarederror"}, np.c_[SIGNAL, COUNTS])
    xgboost("two-labels", {"objective": "binary:logistic"}, np.c_[BINARY, CLASSES == 1])
    xgboost("two-counts", {"objective": "count:poisson"}, np.c_[COUNTS, CLASSES])
    for objective, labels in {
        "reg:squaredlogerror": POSITIVE, "reg:pseudohubererror": SIGNAL, "reg:absoluteerror": SIGNAL, "reg:logistic": BINARY,
        "binary:logitraw": BINARY, "reg:gamma": POSITIVE, "reg:tweedie": COUNTS,
    }.items():
        xgboost("two-of-" + objective.split(":")[1], {"objective": objective, "max_depth": 2}, np.c_[labels, np.roll(labels, 1) * 0.7],
                rounds=2, forms=["ubj"])
    xgboost("linear-two-targets", {"booster": "gblinear", "objective": "reg:squarederror"}, np.c_[SIGNAL, COUNTS])
    xgboost("dart-classes", {"booster": "dart", "objective": "multi:softprob", "num_class": 3, "rate_drop": 0.5}, CLASSES, rounds=4)
    xgboost("base-score", {"objective": "binary:logistic", "base_score": 0.2}, BINARY)
    xgboost("vector-leaves", {"objective": "reg:squarederror", "multi_strategy": "multi_output_tree"}, np.c_[SIGNAL, COUNTS],
            refused="vectors in leaves")
    coded = np.c_[X, CODES].astype(np.float32)
    asked = np.c_[ASKED, [*range(8), 0, 1, 2, 3, np.nan, 0, 5, 6, 7]].astype(np.float32)
    kinds = ["float"] * 4 + ["c"]
    xgboost("one-hot", {"max_cat_to_onehot": 100}, CATEGORY_SIGNAL, coded, asked, categories=kinds)
    xgboost("partition", {"max_cat_to_onehot": 1}, CATEGORY_SIGNAL, coded, asked, categories=kinds)
    # From pandas: the file has the categories themselves, and codes go in.
    frame = pd.DataFrame({"size": X[:, 0], "colour": pd.Categorical.from_codes(CODES, COLOURS)})
    booster = xgb.train({"max_depth": 3, "max_cat_to_onehot": 1, "nthread": 1, "objective": "binary:logistic"},
                        xgb.DMatrix(frame, CATEGORY_SIGNAL > 0.5, enable_categorical=True), 5)
    some = frame[:16]
    write("xgb-pandas", booster.predict(xgb.DMatrix(some, enable_categorical=True)),
          lambda folder: [booster.save_model(folder / f"model.{form}") for form in ("json", "ubj")],
          np.c_[some["size"], some["colour"].cat.codes], trainer="xgboost " + xgb.__version__)


# ---- LightGBM

def lightgbm(name, parameters, label, x=X, asked=ASKED, rounds=5, objective_function=None, **dataset):
    parameters = {"num_leaves": 5, "learning_rate": 0.3, "min_data_in_leaf": 5, "num_threads": 1, "seed": 1, "verbose": -1,
                  "deterministic": True, **parameters}
    if objective_function:
        parameters["objective"] = objective_function
    booster = lgb.train(parameters, lgb.Dataset(np.asarray(x, np.float64), label, **dataset), rounds)
    write("lgbm-" + name, booster.predict(np.asarray(asked, np.float64), num_threads=1),
          lambda folder: booster.save_model(folder / "model.txt"), asked, trainer="lightgbm " + lgb.__version__)


def make_lightgbm():
    lightgbm("binary", {"objective": "binary", "sigmoid": 2.0}, BINARY)
    lightgbm("classes", {"objective": "multiclass", "num_class": 3}, CLASSES)
    lightgbm("one-against-all", {"objective": "multiclassova", "num_class": 3, "sigmoid": 1.5}, CLASSES)
    lightgbm("regression", {"objective": "regression"}, SIGNAL)
    lightgbm("square-root", {"objective": "regression", "reg_sqrt": True}, SIGNAL)
    lightgbm("absolute-error", {"objective": "regression_l1"}, SIGNAL)
    lightgbm("quantile", {"objective": "quantile", "alpha": 0.9}, SIGNAL)
    lightgbm("poisson", {"objective": "poisson"}, COUNTS)
    lightgbm("gamma", {"objective": "gamma"}, POSITIVE)
    lightgbm("tweedie", {"objective": "tweedie"}, COUNTS)
    lightgbm("cross-entropy", {"objective": "cross_entropy"}, 1 / (1 + np.exp(-SIGNAL)))
    lightgbm("cross-entropy-lambda", {"objective": "cross_entropy_lambda"}, 1 / (1 + np.exp(-SIGNAL)))
    lightgbm("lambdarank", {"objective": "lambdarank"}, RELEVANCE, group=GROUPS)
    lightgbm("forest", {"objective": "binary", "boosting": "rf", "bagging_freq": 1, "bagging_fraction": 0.6}, BINARY)
    lightgbm("dart", {"objective": "binary", "boosting": "dart", "drop_rate": 0.5}, BINARY, rounds=8)
    lightgbm("linear-trees", {"objective": "regression", "linear_tree": True}, SIGNAL)
    lightgbm("zero-as-missing", {"objective": "regression", "zero_as_missing": True}, SIGNAL)
    lightgbm("missing-unused", {"objective": "regression", "use_missing": False}, SIGNAL)
    lightgbm("constant", {"objective": "regression", "min_data_in_leaf": ROWS}, SIGNAL)
    lightgbm("own-objective", {}, SIGNAL, objective_function=lambda p, d: (p - d.get_label(), np.ones_like(p)))
    coded = np.c_[X, CODES]
    asked = np.c_[ASKED, [*range(8), 8, 100, -1, 2.7, np.nan, 0, 5, 6, 1e9]]
    lightgbm("categories", {"objective": "regression", "min_data_per_group": 5, "cat_smooth": 1}, CATEGORY_SIGNAL, coded, asked,
             categorical_feature=[4])
    frame = pd.DataFrame({"size": X[:, 0].astype(float), "colour": pd.Categorical.from_codes(CODES, COLOURS)})
    booster = lgb.train({"objective": "binary", "num_leaves": 5, "num_threads": 1, "verbose": -1, "min_data_per_group": 5},
                        lgb.Dataset(frame, CATEGORY_SIGNAL > 0.5), 5)
    some = frame[:16]
    write("lgbm-pandas", booster.predict(some, num_threads=1), lambda folder: booster.save_model(folder / "model.txt"),
          np.c_[some["size"], some["colour"].cat.codes], trainer="lightgbm " + lgb.__version__)


if __name__ == "__main__":
    shutil.rmtree(OUT, ignore_errors=True)
    make_xgboost()
    make_lightgbm()
