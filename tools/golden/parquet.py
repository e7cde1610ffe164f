"""Writes tests/Graft.Formats.Tests/Golden/Parquet: small files by pyarrow, pandas, fastparquet and DuckDB in every encoding and
codec, and expected.json with what pyarrow reads back from them.

Run in a Debian sid root (pyarrow 25, pandas 2.3, DuckDB 2.0): python3 tools/golden/parquet.py [FOLDER]
"""

import base64
import datetime
import decimal
import hashlib
import json
import pathlib
import random
import subprocess
import sys
import types
import uuid

import numpy
import pandas
import pyarrow
import pyarrow.parquet
import pyarrow.parquet.encryption

DEFAULT = pathlib.Path(__file__).resolve().parents[2] / "tests" / "Graft.Formats.Tests" / "Golden" / "Parquet"
OUT = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
UTC = datetime.timezone.utc
pa, pq = pyarrow, pyarrow.parquet
tables, files = {}, {}
draw = random.Random()


def text(kind, value):
    """A value as the test writes it: numbers exactly, floats by their bits, times as they are stored, bytes in hexadecimal."""
    if value is None or not value.is_valid:
        return None
    if isinstance(kind, pa.BaseExtensionType):
        return text(kind.storage_type, value.value)
    if pa.types.is_boolean(kind):
        return "true" if value.as_py() else "false"
    if pa.types.is_floating(kind):
        dtype = {"halffloat": "<f2", "float": "<f4", "double": "<f8"}[str(kind)]
        return numpy.array([value.as_py()], dtype).tobytes()[::-1].hex()
    if pa.types.is_date(kind) or pa.types.is_time(kind) or pa.types.is_timestamp(kind):
        return str(value.value)
    if pa.types.is_dictionary(kind):
        return text(kind.value_type, value.value if hasattr(value, "value") else value)
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return value.as_py().hex()
    if pa.types.is_decimal(kind):
        return format(value.as_py(), "f")
    return str(value.as_py())


def leaves(name, array):
    kind = array.type
    if pa.types.is_struct(kind):
        for i in range(kind.num_fields):
            yield from leaves(f"{name}.{kind.field(i).name}", pyarrow.compute.struct_field(array, i))
    elif pa.types.is_map(kind):
        for part in ("key", "value"):
            inner = kind.key_type if part == "key" else kind.item_type
            yield f"{name}.{part}", [
                None if not row.is_valid else [text(inner, pa.scalar(pair[part], inner)) for pair in row.as_py_pairs()]
                for row in map(Pairs, array)]
    elif pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        if pa.types.is_list(kind.value_type):
            yield name, "nested"
        elif pa.types.is_struct(kind.value_type):
            for i in range(kind.value_type.num_fields):
                field = kind.value_type.field(i)
                yield f"{name}.{field.name}", [
                    None if not row.is_valid else [text(field.type, one[field.name] if one.is_valid else None)
                                                   for one in (row.values or [])]
                    for row in array]
        else:
            yield name, [None if not row.is_valid else [text(kind.value_type, one) for one in row.values] for row in array]
    else:
        yield name, [text(kind, value) for value in array]


class Pairs:
    def __init__(self, scalar):
        self.is_valid = scalar.is_valid
        self.scalar = scalar

    def as_py_pairs(self):
        return [{"key": key, "value": value} for key, value in self.scalar.as_py()]


def note(name, **more):
    """Adds what pyarrow reads from a file."""
    path = OUT / name
    table = pq.read_table(path).combine_chunks()
    columns = {}
    for field, column in zip(table.schema, table.columns):
        array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        if isinstance(array, pa.ChunkedArray):
            array = pa.concat_arrays(array.chunks)
        columns.update(leaves(field.name, array))
    key = hashlib.sha256(json.dumps(columns).encode()).hexdigest()[:12]
    tables[key] = columns
    metadata = pq.read_metadata(path)
    groups = [metadata.row_group(i) for i in range(metadata.num_row_groups)]
    encodings = sorted({encoding for group in groups for i in range(group.num_columns) for encoding in group.column(i).encodings})
    files[name] = {"table": key, "rows": metadata.num_rows, "groups": [group.num_rows for group in groups],
                   "by": metadata.created_by, "encodings": encodings, **more}


def write(name, table, **options):
    pq.write_table(table, OUT / name, **{"store_schema": False, **options})
    note(name)


def maybe(values, every=5):
    return [None if i % every == every - 1 else value for i, value in enumerate(values)]


def all_types(rows):
    draw.seed(rows)
    moments = [datetime.datetime(1960 + i, 1 + i % 12, 1 + i % 28, i % 24, i % 60, (7 * i) % 60, 1000 * (i * 37 % 1000))
               for i in range(rows)]
    words = ["", "ants", "bees", "naïve", "蜂", "a longer text with \"quotes\", commas\nand lines"]
    return pa.table({
        "truth": pa.array([i % 3 == 0 for i in range(rows)]),
        "truth_or_not": pa.array(maybe([i % 7 < 3 for i in range(rows)]), pa.bool_()),
        "i8": pa.array(maybe([i * 5 % 256 - 128 for i in range(rows)]), pa.int8()),
        "i16": pa.array([i * 999 % 65536 - 32768 for i in range(rows)], pa.int16()),
        "i32": pa.array(maybe([draw.randrange(-2**31, 2**31) for _ in range(rows)], 4), pa.int32()),
        "i64": pa.array(maybe([draw.randrange(-2**63, 2**63) for _ in range(rows)], 9), pa.int64()),
        "u8": pa.array([i * 5 % 256 for i in range(rows)], pa.uint8()),
        "u16": pa.array(maybe([65535 - i for i in range(rows)]), pa.uint16()),
        "u32": pa.array(maybe([2**32 - 1 - i * 1000 for i in range(rows)]), pa.uint32()),
        "u64": pa.array([2**64 - 1 - i * 1000 for i in range(rows)], pa.uint64()),
        "half": pa.array(maybe([numpy.float16(i / 8 - 2) for i in range(rows)]), pa.float16()),
        "single": pa.array(maybe([draw.gauss(0, 1) for _ in range(rows)]), pa.float32()),
        "double": pa.array([draw.gauss(0, 1e9) if i % 6 else [0.0, -0.0, float("inf"), float("nan")][i // 6 % 4]
                            for i in range(rows)], pa.float64()),
        "text": pa.array(maybe([words[i % len(words)] for i in range(rows)], 7)),
        "unique": pa.array([f"photo_{i:05d}.jpg" for i in range(rows)], pa.large_string()),
        "bytes": pa.array(maybe([bytes(draw.randrange(256) for _ in range(i % 11)) for i in range(rows)]), pa.binary()),
        "fixed": pa.array(maybe([bytes(draw.randrange(256) for _ in range(5)) for _ in range(rows)]), pa.binary(5)),
        "decimal9": pa.array(maybe([decimal.Decimal(i * 12345 - 99999).scaleb(-2) for i in range(rows)]), pa.decimal128(9, 2)),
        "decimal30": pa.array([decimal.Decimal((-1) ** i * i ** 15).scaleb(-5) for i in range(rows)], pa.decimal128(38, 5)),
        "decimal60": pa.array([decimal.Decimal((-1) ** i * i ** 20).scaleb(-10) for i in range(rows)], pa.decimal256(60, 10)),
        "date": pa.array(maybe([moment.date() for moment in moments]), pa.date32()),
        "time_ms": pa.array([moment.time() for moment in moments], pa.time32("ms")),
        "time_us": pa.array(maybe([moment.time() for moment in moments]), pa.time64("us")),
        "time_ns": pa.array([i * 1234567891 for i in range(rows)], pa.time64("ns")),
        "moment_ms": pa.array(moments, pa.timestamp("ms")),
        "moment_us": pa.array(maybe([moment.replace(tzinfo=UTC) for moment in moments]), pa.timestamp("us", "UTC")),
        "moment_ns": pa.array([i * 987654321987654321 % 2**62 - 2**60 for i in range(rows)], pa.timestamp("ns")),
        "category": pa.array(maybe(["ants", "bees", "wasps"] * (rows // 3 + 1))[:rows]).dictionary_encode(),
        "nothing": pa.nulls(rows),
        "uuid": pa.ExtensionArray.from_storage(
            pa.uuid(), pa.array([uuid.UUID(int=i % 200 * 2**120 + i).bytes for i in range(rows)], pa.binary(16))),
        "json": pa.ExtensionArray.from_storage(pa.json_(), pa.array(maybe(['{"a": %d}' % i for i in range(rows)]))),
    })


def nested(rows):
    return pa.table({
        "image": pa.array([None if i % 6 == 5 else {"bytes": None if i % 4 == 3 else bytes([i] * 20), "path": f"{i}.jpg"}
                           for i in range(rows)], pa.struct([("bytes", pa.binary()), ("path", pa.string())])),
        "label": pa.array(range(rows), pa.int64()),
        "ids": pa.array([None if i % 5 == 4 else list(range(i % 4)) for i in range(rows)], pa.list_(pa.int32())),
        "tags": pa.array([None if i % 5 == 2 else maybe([f"t{k}" for k in range(i % 6)], 3) for i in range(rows)],
                         pa.list_(pa.string())),
        "vector": pa.array([[i / 4, -i, 1] for i in range(rows)], pa.list_(pa.float32(), 3)),
        "boxes": pa.array([[{"id": k, "area": k * 1.5} for k in range(i % 3)] for i in range(rows)],
                          pa.list_(pa.struct([("id", pa.int64()), ("area", pa.float64())]))),
        "map": pa.array([[("a", i), ("b", None)][:i % 3] for i in range(rows)], pa.map_(pa.string(), pa.int64())),
        "deep": pa.array([[[1, 2], [3]]] * rows, pa.list_(pa.list_(pa.int64()))),
    })


def mixed(rows):
    draw.seed(rows)
    return pa.table({
        "id": pa.array(range(1000, 1000 + rows), pa.int64()),
        "value": pa.array(maybe([round(draw.gauss(0, 1), 2) for _ in range(rows)])),
        "label": pa.array([["ants", "bees"][i * i % 7 % 2] for i in range(rows)]),
        "path": pa.array(maybe([f"train/{'ants' if i % 2 else 'bees'}/{i * 7919 % 100000:05d}.jpg" for i in range(rows)], 11)),
        "ok": pa.array([i % 10 < 7 for i in range(rows)]),
    })


def required(table):
    return table.cast(pa.schema([field.with_nullable(False) for field in table.schema]))


def by_pyarrow():
    table = mixed(300)
    for codec in ["NONE", "SNAPPY", "GZIP", "ZSTD", "LZ4", "BROTLI"]:
        for version in ["1.0", "2.0"]:
            write(f"codec_{codec.lower()}_v{version[0]}.parquet", table, compression=codec, data_page_version=version,
                  use_dictionary=["label"])
    # Each level of Zstandard leans on other parts of the format.
    for level in [-5, 1, 9, 19]:
        write(f"zstd_level{level}.parquet", mixed(1000), compression="ZSTD", compression_level=level, use_dictionary=False)
    write("types_v1.parquet", all_types(40), compression="NONE", version="2.6")
    write("types_v2.parquet", all_types(40), compression="ZSTD", data_page_version="2.0", use_dictionary=False)
    write("types_old.parquet", all_types(24).drop_columns(["moment_ns", "time_ns"]), compression="SNAPPY", version="1.0")
    write("types_groups.parquet", all_types(40), compression="SNAPPY", row_group_size=17)
    write("types_integers.parquet", all_types(24).select(["decimal9", "decimal30"]), store_decimal_as_integer=True)
    write("required.parquet", required(all_types(12).select(["truth", "i16", "u64", "unique", "double", "moment_ms"])))
    write("int96.parquet", all_types(40).select(["moment_ms", "moment_us", "moment_ns"]), use_deprecated_int96_timestamps=True)
    write("schema.parquet", all_types(10).select(["i64", "text", "category"]), store_schema=True)
    plain = pa.table({
        "i32": all_types(300)["i32"], "i64": all_types(300)["i64"],
        "near": pa.array([1700000000 + i * 3 + draw.randrange(3) for i in range(300)], pa.int64()),
        "same": pa.array([7] * 300, pa.int32()),
        "few": pa.array(maybe(range(300), 2), pa.int32()),
        "date": pa.array(range(300), pa.date32()),
    })
    write("delta_numbers.parquet", plain, use_dictionary=False, compression="NONE",
          column_encoding={name: "DELTA_BINARY_PACKED" for name in plain.column_names})
    texts = pa.table({
        "path": pa.array([f"data/set/train/{i // 40}/{i:05d}.jpg" for i in range(200)]),
        "text": all_types(60)["text"].combine_chunks().take(pa.array([i % 60 for i in range(200)])),
        "bytes": all_types(60)["bytes"].combine_chunks().take(pa.array([i % 60 for i in range(200)])),
    })
    write("delta_lengths.parquet", texts, use_dictionary=False, compression="NONE",
          column_encoding={name: "DELTA_LENGTH_BYTE_ARRAY" for name in texts.column_names})
    texts = texts.append_column("fixed", pa.array([b"%07d" % (i // 3) for i in range(200)], pa.binary(7)))
    write("delta_texts.parquet", texts, use_dictionary=False, compression="NONE",
          column_encoding={name: "DELTA_BYTE_ARRAY" for name in texts.column_names})
    split = all_types(60).select(["i32", "i64", "single", "double", "half", "fixed", "decimal30"])
    write("split.parquet", split, use_dictionary=False, compression="GZIP",
          column_encoding={name: "BYTE_STREAM_SPLIT" for name in split.column_names})
    truths = pa.table({"truth": [i % 50 < 30 for i in range(400)], "some": maybe([i % 3 == 0 for i in range(400)])})
    for version in ["1.0", "2.0"]:
        write(f"runs_v{version[0]}.parquet", truths, use_dictionary=False, compression="NONE", data_page_version=version,
              column_encoding={"truth": "RLE", "some": "RLE"})
    write("checksums.parquet", mixed(100), write_page_checksum=True, compression="ZSTD", use_dictionary=["label"])
    write("fallback.parquet", mixed(600), dictionary_pagesize_limit=700, data_page_size=500, write_batch_size=64,
          compression="SNAPPY")
    write("pages.parquet", mixed(600), data_page_size=300, write_batch_size=32, compression="ZSTD", data_page_version="2.0")
    write("nested_v1.parquet", nested(30), compression="SNAPPY")
    write("nested_v2.parquet", nested(30), compression="ZSTD", data_page_version="2.0", data_page_size=64, write_batch_size=4)
    write("nested_items.parquet", nested(30), use_compliant_nested_type=False, row_group_size=11)
    write("empty.parquet", mixed(10).slice(0, 0))
    write("nulls.parquet", pa.table({"text": pa.nulls(50, pa.string()), "number": pa.nulls(50, pa.int64()),
                                     "list": pa.nulls(50, pa.list_(pa.float64()))}))
    photos = nested(12).select(["image", "label"]).replace_schema_metadata({"huggingface": json.dumps({"info": {"features": {
        "image": {"_type": "Image"}, "label": {"names": ["ants", "bees"], "_type": "ClassLabel"}}}})})
    write("huggingface.parquet", photos, store_schema=True)
    frame = mixed(40).to_pandas()
    frame["when"] = pandas.date_range("2024-05-01", periods=40, freq="h", tz="Europe/Berlin")
    frame["label"] = frame["label"].astype("category")
    frame.to_parquet(OUT / "pandas.parquet")
    note("pandas.parquet")


class Keys(pq.encryption.KmsClient):
    """A key service that hides nothing."""

    def wrap_key(self, key_bytes, master_key_identifier):
        return base64.b64encode(key_bytes)

    def unwrap_key(self, wrapped_key, master_key_identifier):
        return base64.b64decode(wrapped_key)


def encrypted():
    for plaintext_footer in [False, True]:
        factory = pq.encryption.CryptoFactory(lambda _: Keys())
        settings = pq.encryption.EncryptionConfiguration(
            footer_key="footer", column_keys={"column": ["id"]}, plaintext_footer=plaintext_footer)
        properties = factory.file_encryption_properties(pq.encryption.KmsConnectionConfig(), settings)
        name = "encrypted_columns.parquet" if plaintext_footer else "encrypted.parquet"
        with pq.ParquetWriter(OUT / name, mixed(5).schema, encryption_properties=properties) as writer:
            writer.write_table(mixed(5))


def by_duckdb():
    query = """
        select i::integer as id, (i * 7919 % 1000)::bigint as big, i::utinyint as u8, i::uhugeint::double as double,
            case when i % 5 = 4 then null else 'photo ' || (i % 13) end as text, i % 3 = 0 as truth,
            (i / 7)::decimal(9, 3) as small, (i * 1e12 / 7)::decimal(30, 6) as large,
            date '2024-02-27' + i::integer as day, time '10:00:00' + to_seconds(i) as hour,
            timestamp '2024-02-27 10:00:00' + to_milliseconds(i * 1001) as moment,
            timestamptz '2024-02-27 10:00:00+00' + to_minutes(i) as zoned, (i / 3)::float as single,
            ('file_' || lpad(i::varchar, 6, '0'))::blob as bytes,
            case when i % 4 = 3 then null else range(i % 4) end as list, {'path': i || '.jpg', 'size': i} as image,
            (case when i % 2 = 0 then 'ants' else 'bees' end)::enum('ants', 'bees') as kind,
            ('00000000-0000-0000-0000-' || lpad(i::varchar, 12, '0'))::uuid as key
        from range(80) t(i)"""
    for codec in ["uncompressed", "snappy", "gzip", "zstd", "lz4_raw", "brotli"]:
        for version in ["v1", "v2"]:
            name = f"duckdb_{codec}_{version}.parquet"
            options = f"format parquet, codec '{codec}', parquet_version {version}, row_group_size 2048"
            subprocess.run(["duckdb", "-c", f"set threads = 1; copy ({query}) to '{OUT / name}' ({options})"], check=True)
            note(name)


def by_fastparquet():
    # Debian's cramjam lacks what fastparquet lists at its import; the codecs below do not go through it.
    import cramjam
    for codec in ["gzip", "snappy", "zstd", "lz4", "brotli"]:
        if not hasattr(cramjam, codec):
            setattr(cramjam, codec, types.SimpleNamespace(
                compress=None, decompress=None, decompress_into=None, compress_block=None, decompress_block_into=None,
                compress_raw=None, decompress_raw_into=None, decompress_raw=None, decompress_block=None))
    import fastparquet
    frame = mixed(50).to_pandas()
    frame["when"] = pandas.date_range("2024-05-01", periods=50, freq="h")
    frame["label"] = frame["label"].astype("category")
    fastparquet.write(str(OUT / "fastparquet.parquet"), frame, compression=None, row_group_offsets=[0, 30], stats=True)
    note("fastparquet.parquet")
    fastparquet.write(str(OUT / "fastparquet_int96.parquet"), frame[["id", "when"]], compression=None, times="int96")
    note("fastparquet_int96.parquet")


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    by_pyarrow()
    encrypted()
    by_duckdb()
    try:
        by_fastparquet()
    except Exception as error:
        print(f"without fastparquet: {error!r}")
    with open(OUT / "expected.json", "w") as out:
        out.write("{\n\"files\": {\n")
        out.write(",\n".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in sorted(files.items())))
        out.write("\n},\n\"tables\": {\n")
        out.write(",\n".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in sorted(tables.items())))
        out.write("\n}\n}\n")


main()
