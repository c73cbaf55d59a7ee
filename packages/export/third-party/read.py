"""Prints the cells of a CSV file, or a workbook, as JSON. Knows nothing of Jejak."""

import csv
import json
import sys

path = sys.argv[1]
if path.endswith(".csv"):
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, strict=True))
    kinds = []
else:
    import openpyxl

    sheet = openpyxl.load_workbook(path).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    # n: a number or nothing, s: text, f: a formula.
    kinds = sorted({f"{cell.data_type} {type(cell.value).__name__}" for row in sheet.iter_rows() for cell in row})
json.dump({"rows": rows, "kinds": kinds}, sys.stdout)
