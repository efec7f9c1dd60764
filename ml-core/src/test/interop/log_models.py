"""Logs real models to a tracking server: python log_models.py SERVER EXPECTED_JSON. Writes what Python answers to them."""

import json
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

server, target = sys.argv[1:3]
mlflow.set_tracking_uri(server)
client = mlflow.MlflowClient()
names = ["income", "age", "debt_ratio", "tenure"]
x, y = make_classification(400, 4, n_informative=3, n_redundant=0, random_state=11)
x = x.astype(np.float32)
frame = pd.DataFrame(x, columns=names)
rows = frame.head(50)
signature = infer_signature(frame, y)
expected = []


def log(name, engine, flavor, model, answers, loadable=True, **kwargs):
    with mlflow.start_run() as run:
        info = flavor.log_model(model, name="model", registered_model_name=name, signature=signature,
                                pip_requirements=["mlflow"], **kwargs)
    client.set_registered_model_alias(name, "champion", "1")
    expected.append({
        "uris": [f"models:/{name}@champion", f"models:/{name}/1", f"runs:/{run.info.run_id}/model", info.model_uri],
        "engine": engine, "loadable": loadable, "answers": [float(a) for a in answers],
        "rows": [[float(v) for v in r] for r in rows.to_numpy()]})


regression = LogisticRegression().fit(x, y)
onnx = skl2onnx.to_onnx(regression, x[:1], options={"zipmap": False}, target_opset=17)
log("credit-onnx", "onnx", mlflow.onnx, onnx, regression.predict_proba(rows.to_numpy())[:, 1],
    input_example=rows.head(3))
matrix = xgboost.DMatrix(x, y, feature_names=names)
booster = xgboost.train({"objective": "binary:logistic", "max_depth": 3}, matrix, 10)
log("credit-xgboost", "xgboost", mlflow.xgboost, booster, booster.predict(matrix)[:50], input_example=rows.head(3))
trees = lightgbm.train({"objective": "binary", "verbose": -1}, lightgbm.Dataset(frame, y), 10)
log("credit-lightgbm", "lightgbm", mlflow.lightgbm, trees, trees.predict(rows), input_example=rows.head(3))
classifier = xgboost.XGBClassifier(n_estimators=10, max_depth=3).fit(frame, y)
log("credit-xgboost-sklearn", "xgboost", mlflow.xgboost, classifier, classifier.predict_proba(rows)[:, 1],
    input_example=rows.head(3))
scores = xgboost.train({"objective": "reg:squarederror", "max_depth": 3, "base_score": 0.5}, matrix, 10)
log("credit-xgboost-regression", "xgboost", mlflow.xgboost, scores, scores.predict(matrix)[:50], model_format="json")
pickled = lightgbm.LGBMClassifier(n_estimators=5, verbose=-1).fit(frame, y)
log("credit-lightgbm-sklearn", "lightgbm", mlflow.lightgbm, pickled, [], loadable=False, serialization_format="cloudpickle")
log("credit-sklearn", "sklearn", mlflow.sklearn, regression, [], loadable=False, serialization_format="cloudpickle")

with open(target, "w") as file:
    json.dump(expected, file)
print("logged with", {m.__name__: m.__version__ for m in (mlflow, skl2onnx, xgboost, lightgbm)})
