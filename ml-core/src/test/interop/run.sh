#!/usr/bin/env bash
# Plimsoll against real MLflow: run.sh FOLDER [JAVA_BUILD_OPTIONS...]
# FOLDER (made if need be) gets a Python environment with requirements.txt, a tracking server's data and its log. The server
# listens on loopback only and is stopped at the end.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
work="$(mkdir -p "$1" && cd "$1" && pwd)"
shift
port="${MLFLOW_PORT:-5077}"
export GIT_PYTHON_REFRESH=quiet MLFLOW_DISABLE_TELEMETRY=true DO_NOT_TRACK=true

if [ ! -x "$work/venv/bin/mlflow" ]; then
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install --quiet -r "$here/requirements.txt"
fi
rm -rf "$work/server" && mkdir -p "$work/server"
"$work/venv/bin/mlflow" server --host 127.0.0.1 --port "$port" --workers 1 \
  --backend-store-uri "sqlite:///$work/server/mlflow.db" --artifacts-destination "$work/server/artifacts" \
  > "$work/server/log.txt" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true' EXIT
for _ in $(seq 120); do
  if "$work/venv/bin/python" -c "import urllib.request as u; u.urlopen('http://127.0.0.1:$port/health')" 2>/dev/null; then break; fi
  sleep 1
done
"$work/venv/bin/python" "$here/log_models.py" "http://127.0.0.1:$port" "$work/expected.json"
cd "$here/../../../.."
mvn -B -ntp -pl ml-core -Pinterop verify -Dplimsoll.mlflow="http://127.0.0.1:$port" \
  -Dplimsoll.mlflow.expected="$work/expected.json" "$@"
