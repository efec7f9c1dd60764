#!/usr/bin/env bash
# Plimsoll against a real DVC: run.sh FOLDER [JAVA_BUILD_OPTIONS...]
# FOLDER (made if need be) gets a Python environment with requirements.txt and a repository of DVC's. The golden file of the tests is made
# anew, and the tests that read it are run.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
work="$(mkdir -p "$1" && cd "$1" && pwd)"
shift
export DVC_NO_ANALYTICS=1

if [ ! -x "$work/venv/bin/dvc" ]; then
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install --quiet -r "$here/requirements.txt"
fi
"$work/venv/bin/python" "$here/make_dvc.py" "$here/../resources/golden/lineage/dvc.json" "$work/repository"
cd "$here/../../../.."
mvn -B -ntp -pl ml-validation -am test -Dtest='Dvc*Test' -Dsurefire.failIfNoSpecifiedTests=false "$@"
