"""Makes dvc.json: folders of data with the .dvc files that a real DVC writes for them.

make_dvc.py OUT.json FOLDER: FOLDER is emptied and becomes a repository. Data are given as runs: a base64 text and how often it is repeated.
Hashes of the form before version 3 are computed by DVC's own code, written into .dvc files as version 2 wrote them, and confirmed by
"dvc status".
"""
import base64
import json
import os
import pathlib
import shutil
import subprocess
import sys

from dvc_data.hashfile.build import build
from dvc_data.hashfile.db import HashFileDB
from dvc_data.hashfile.hash import file_md5
from dvc_objects.fs import localfs

out, root = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
dvc = pathlib.Path(sys.executable).parent / "dvc"
os.environ["DVC_NO_ANALYTICS"] = "1"


def run(*arguments):
    return subprocess.run([dvc, *arguments], cwd=root, check=True, capture_output=True, text=True).stdout


shutil.rmtree(root, ignore_errors=True)
root.mkdir(parents=True)
run("init", "-q", "--no-scm")

CHUNK = 1 << 20  # DVC reads so much at a time
crlf = b"a,b\r\n1,2\r\n\r"
runs = {  # path: runs of bytes
    "lf.csv": [(b"a,b\n1,2\n", 1)],
    "crlf.csv": [(crlf, 1)],
    "zero.bin": [(b"a\0b\r\n", 1)],
    "latin1.txt": [(b"\xe4\xf6\xfc\xdf\r\n", 20)],  # two in three bytes are no ASCII
    "few.txt": [(b"gr\xfc\xdfe aus aller Welt\r\n", 20)],
    "empty.csv": [],
    "return.txt": [(b"a\r", 1)],
    "long.csv": [(b"0123456789,abcd\r\n", 100_000)],  # a line ends across the border of two chunks: 17 does not divide 2^20
    "across.txt": [(b"x", CHUNK - 1), (b"\r\n", 3)],
    "later.bin": [(b"x\r\n", CHUNK // 3 + 1), (b"\0\r\n", 100)],
    "sooner.bin": [(b"\0", CHUNK), (b"x\r\n", 100)],
}
folders = {
    "images": {
        "b/2.png": [(b"two", 1)],
        '\u00e4 "1"\\.png': [(b"one", 1)],
        "notes.txt": [(crlf, 1)],
        ".hidden": [(b"h", 1)],
        "empty": [],
        "\U0001f600.png": [(b"smile", 1)],
        "\ue000.png": [(b"private", 1)],  # after the one before in UTF-16, before it in Unicode
        "b.png": [(b"b", 1)],
        "b-1.png": [(b"b1", 1)],
        "tab\t\x7f.txt": [(b"t", 1)],
    },
    "nothing": {},
}


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(text * times for text, times in content))


def described(content):
    return [{"base64": base64.b64encode(text).decode(), "times": times} for text, times in content]


def files_of(name):
    if name in runs:
        return {name: described(runs[name])}
    return {name + "/" + path: described(content) for path, content in folders[name].items()}


for name, content in runs.items():
    write(root / name, content)
for name, files in folders.items():
    (root / name).mkdir()
    for path, content in files.items():
        write(root / name / path, content)

cases = []
run("add", "-q", *runs, *folders)
for name in [*runs, *folders]:
    cases.append({"name": name, "folder": name in folders, "files": files_of(name), "dvc": (root / (name + ".dvc")).read_text()})

for name in [*runs, *folders]:
    path = root / name
    if name in runs:
        md5, size = file_md5(str(path), localfs, name="md5-dos2unix"), path.stat().st_size
        more = f"  size: {size}\n"
    else:
        odb = HashFileDB(localfs, str(root / ".dvc" / "old"), hash_name="md5-dos2unix", tmp_dir=str(root / ".dvc" / "tmp"))
        _, meta, tree = build(odb, str(path), localfs, "md5-dos2unix")
        md5, more = tree.hash_info.value, f"  size: {meta.size}\n  nfiles: {meta.nfiles}\n"
    text = f"outs:\n- md5: {md5}\n{more}  path: {name}\n"
    (root / (name + ".dvc")).write_text(text)
    cases.append({"name": name + ", before version 3", "folder": name in folders, "files": files_of(name), "dvc": text})

(root / "deeper" / "down").mkdir(parents=True)
write(root / "deeper" / "down" / "lf.csv", runs["lf.csv"])
md5 = file_md5(str(root / "lf.csv"), localfs, name="md5")
text = f"wdir: deeper\nouts:\n- md5: {md5}\n  size: 8\n  hash: md5\n  path: down/lf.csv\n"
(root / "moved.dvc").write_text(text)
cases.append({"name": "working directory", "folder": False, "files": {"deeper/down/lf.csv": described(runs["lf.csv"])}, "dvc": text})

changed = {target: what for target, what in json.loads(run("status", "--json")).items()}
for target, what in changed.items():
    print(target, json.dumps(what))
modified = [t for t, what in changed.items() if "modified" in json.dumps(what) or "deleted" in json.dumps(what)]
if modified:
    sys.exit(f"DVC says that these differ: {modified}")
version = run("--version").strip()
out.parent.mkdir(parents=True, exist_ok=True)
out.write_text(json.dumps({"dvc": version, "cases": cases}, indent=1) + "\n")
print(version, len(cases), "cases")
