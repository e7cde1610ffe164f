#!/usr/bin/env python3
"""Writes what timm says about its published weights: python3 timm.py results-imagenet.csv FOLDER

Makes FOLDER/timm.json: one line for each set of weights of the families that Graft knows, with name, accuracies, millions of
parameters, input size and, where it is not the usual one, licence. The file of results is that of pytorch-image-models
(results/results-imagenet.csv) at commit 0173a139a2c66db3a41ebfe1d8ac4fb02483642e; licences are those that timm's configurations
name.
"""

import csv
import json
import os
import re
import sys

SOURCE = "pytorch-image-models, results-imagenet.csv at 0173a139"
LICENCE = "Apache-2.0"
FAMILIES = re.compile(
    r"(resnet(rs)?\d|resnext|wide_resnet|seresnet\d|seresnext\d|regnet[xy]_|convnext|efficientnet_(b|lite)\d|efficientnetv2_"
    r"|tf_efficientnet(v2)?_([bls]|xl|m|lite)|mobilenetv[23]_|tf_mobilenetv3_|vit_(tiny|small|base|large|huge)_patch|deit|beit"
    r"|swin_(tiny|small|base|large)|swinv2_(tiny|small|base|large))")
OTHERS = re.compile(r"(_gn|ts|[0-9]q|_pruned)[._]|_cc_|_rpn_")
LICENCES = [
    (re.compile(r"\.(fcmae|fb_ssl|fb_swsl|fb_wsl|swag)"), "CC-BY-NC-4.0"),
    (re.compile(r"\.seer"), "SEER (not for commerce)"),
    (re.compile(r"\.(tv_|tv2_)"), "BSD-3-Clause"),
    (re.compile(r"^swin|\.pycls_"), "MIT"),
]


def main():
    results, folder = sys.argv[1:]
    rows = []
    with open(results, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            name = row["model"]
            if not FAMILIES.match(name) or OTHERS.search(name) or "." not in name:
                continue
            entry = [name, float(row["top1"]), float(row["top5"]), float(row["param_count"].replace(",", "")),
                     int(row["img_size"])]
            licence = next((licence for pattern, licence in LICENCES if pattern.search(name)), LICENCE)
            rows.append(entry + ([licence] if licence != LICENCE else []))
    rows.sort(key=lambda row: row[0])
    with open(os.path.join(folder, "timm.json"), "w", encoding="utf-8") as file:
        file.write(json.dumps({"source": SOURCE, "licence": LICENCE})[:-1] + ', "weights": [\n')
        file.write(",\n".join(json.dumps(row) for row in rows) + "\n]}\n")


main()
