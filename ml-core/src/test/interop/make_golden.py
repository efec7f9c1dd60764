"""Writes the small folders of src/test/resources/mlflow with real MLflow: python make_golden.py FOLDER.

Fixed seeds, so the models are the same each time; identifiers and times in MLmodel are not.
Beside each folder FOLDER/NAME stands NAME.expected.json: rows, and what Python answers to them.
"""

import json
import pathlib
import shutil
import sys

import lightgbm
import mlflow
import numpy as np
import pandas as pd
import skl2onnx
import xgboost
from mlflow.models import infer_signature
from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression

target = pathlib.Path(sys.argv[1])
target.mkdir(parents=True, exist_ok=True)
names = ["income", "age", "debt_ratio", "tenure"]
x, y = make_classification(400, 4, n_informative=3, n_redundant=0, random_state=7)
x = x.astype(np.float32)
frame = pd.DataFrame(x, columns=names)
rows = frame.head(8)


def save(name, flavor, model, answers, **kwargs):
    folder = target / name
    shutil.rmtree(folder, ignore_errors=True)
    flavor.save_model(model, str(folder), pip_requirements=["mlflow"], **kwargs)
    expected = {"rows": [[float(v) for v in r] for r in rows.to_numpy()], "answers": answers}
    (target / f"{name}.expected.json").write_text(json.dumps(expected, indent=1) + "\n")


sklearn_model = LogisticRegression().fit(x, y)
probabilities = sklearn_model.predict_proba(rows.to_numpy())[:, 1].tolist()
onnx = skl2onnx.to_onnx(sklearn_model, x[:1], options={"zipmap": False}, target_opset=17)
columns = infer_signature(frame, y)

save("onnx-columns", mlflow.onnx, onnx, probabilities, signature=columns, input_example=rows.head(3))
save("onnx-tensor", mlflow.onnx, onnx, probabilities, signature=infer_signature(x, y), input_example=x[:3],
     onnx_session_options={"intra_op_num_threads": 2, "graph_optimization_level": 99})
save("onnx-bare", mlflow.onnx, onnx, probabilities)
save("sklearn-pickle", mlflow.sklearn, sklearn_model, probabilities, signature=columns,
     serialization_format="cloudpickle")

booster = xgboost.train({"objective": "binary:logistic", "max_depth": 2, "seed": 1},
                        xgboost.DMatrix(x, y, feature_names=names), 5)
save("xgboost-booster", mlflow.xgboost, booster,
     booster.predict(xgboost.DMatrix(rows.to_numpy(), feature_names=names)).astype(float).tolist(),
     signature=columns, input_example=rows.head(3))

lgb = lightgbm.train({"objective": "binary", "num_leaves": 4, "verbose": -1, "seed": 1, "num_threads": 1},
                     lightgbm.Dataset(frame, y), 5)
save("lightgbm-booster", mlflow.lightgbm, lgb, lgb.predict(rows).tolist(), signature=columns,
     input_example=rows.head(3))
lgb_sklearn = lightgbm.LGBMClassifier(n_estimators=2, num_leaves=3, verbose=-1, n_jobs=1).fit(frame, y)
save("lightgbm-pickle", mlflow.lightgbm, lgb_sklearn, lgb_sklearn.predict_proba(rows)[:, 1].tolist(),
     signature=columns, serialization_format="cloudpickle")

print("written with", {m.__name__: m.__version__ for m in (mlflow, skl2onnx, xgboost, lightgbm)})
