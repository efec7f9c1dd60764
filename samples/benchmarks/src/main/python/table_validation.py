"""Times pandera and Evidently on the file that TableValidationSpeed writes, with the same rules.

Needs Python 3 with pandas, pandera and evidently; no part of the build.

    python table_validation.py FILE [pandera] [evidently]
"""

import os
import sys
import time

import pandas as pd

COLOURS = ["red", "green", "blue", "black", "white"]
NUMBERS = [f"n{i}" for i in range(10)]
INTEGERS = [f"i{i}" for i in range(4)]
NAMES = [f"c{i}" for i in range(4)]


def with_pandera(frame):
    import pandera.pandas as pa

    columns = {
        "id": pa.Column(str, pa.Check.str_length(8, 12)),
        "at": pa.Column(
            "datetime64[ns, UTC]",
            pa.Check.in_range(pd.Timestamp("2026-01-01", tz="UTC"), pd.Timestamp("2036-01-01", tz="UTC")),
            coerce=True,
        ),
    }
    for i, name in enumerate(NUMBERS):
        columns[name] = pa.Column(float, pa.Check.in_range(-10_000, 10_000), nullable=i < 2)
    for name in INTEGERS:
        columns[name] = pa.Column(int, pa.Check.in_range(0, 100_000))
    for name in NAMES:
        columns[name] = pa.Column(str, pa.Check.isin(COLOURS))
    schema = pa.DataFrameSchema(columns, checks=pa.Check(lambda f: f["i0"] <= f["i1"]), strict=True)
    schema.validate(frame, lazy=True)


def with_evidently(frame):
    from evidently import DataDefinition, Dataset, Report
    from evidently.presets import DataSummaryPreset

    definition = DataDefinition(
        numerical_columns=NUMBERS + INTEGERS, categorical_columns=NAMES, text_columns=["id"], datetime_columns=["at"]
    )
    frame = frame.assign(at=pd.to_datetime(frame["at"]))
    Report([DataSummaryPreset()]).run(Dataset.from_pandas(frame, data_definition=definition), None)


def main(path, *ways):
    ways = ways or ("pandera", "evidently")
    megabytes = os.path.getsize(path) / 1e6
    for way in ways:
        for _ in range(3):
            start = time.process_time()
            frame = pd.read_csv(path)
            read = time.process_time()
            {"pandera": with_pandera, "evidently": with_evidently}[way](frame)
            end = time.process_time()
            print(
                f"{way}: {len(frame)} rows: reading {read - start:.2f} s, checking {end - read:.2f} s,"
                f" {megabytes / (end - start):.1f} MB/s of CPU",
                flush=True,
            )


if __name__ == "__main__":
    main(*sys.argv[1:])
