"""Writes a table of a million rows in several codecs, or reads one: parquet.py write FOLDER, or parquet.py read FILE

Needs pyarrow (Debian sid has it). Reads on one thread; times are CPU milliseconds, the least of several runs.
"""
import json
import sys
import time

import numpy
import pyarrow
import pyarrow.parquet

ROWS = 1_000_000


def table():
    draw = numpy.random.default_rng(1)
    species = numpy.array([f"species_{i:03d}" for i in range(400)])
    people = draw.integers(0, 20000, ROWS)
    return pyarrow.table({
        "id": numpy.arange(ROWS),
        "path": [f"train/{i % 400:03d}/photo_{i * 7919 % ROWS:07d}.jpg" for i in range(ROWS)],
        "label": species[draw.integers(0, 400, ROWS)],
        "label_id": draw.integers(0, 400, ROWS).astype(numpy.int32),
        "x": draw.normal(size=ROWS),
        "area": pyarrow.array(numpy.round(draw.gamma(2, 100, ROWS), 1).astype(numpy.float32), mask=draw.random(ROWS) < 0.1),
        "ok": draw.random(ROWS) < 0.7,
        "photographer": [None if i < 2000 else f"person {i % 3000}" for i in people],
    })


def write(folder):
    made = table()
    for codec in ["none", "snappy", "lz4", "zstd", "gzip"]:
        pyarrow.parquet.write_table(made, f"{folder}/{codec}.parquet", compression=codec)
    pyarrow.parquet.write_table(
        made, f"{folder}/zstd_v2.parquet", compression="zstd", data_page_version="2.0", use_dictionary=False,
        column_encoding={"id": "DELTA_BINARY_PACKED", "path": "DELTA_BYTE_ARRAY", "label": "DELTA_LENGTH_BYTE_ARRAY",
                         "label_id": "DELTA_BINARY_PACKED", "x": "BYTE_STREAM_SPLIT", "area": "BYTE_STREAM_SPLIT", "ok": "RLE",
                         "photographer": "PLAIN"})


def least(run):
    times = []
    for _ in range(9):
        start = time.process_time()
        run()
        times.append((time.process_time() - start) * 1000)
    return min(times)


def texts(path):
    read = pyarrow.parquet.read_table(path, use_threads=False)
    for name in ["path", "label", "photographer"]:
        read[name].to_pylist()


if sys.argv[1] == "write":
    write(sys.argv[2])
else:
    pyarrow.set_cpu_count(1)
    file = sys.argv[2]
    print(json.dumps({"rows": ROWS, "read": least(lambda: pyarrow.parquet.read_table(file, use_threads=False)),
                      "texts": least(lambda: texts(file))}))
