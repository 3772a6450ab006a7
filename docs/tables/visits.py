"""Write two tables of made-up visits: visits.csv to learn from, later.parquet to predict; see docs/tables.md.

    python docs/tables/visits.py

Twenty measurements, some of them missing, two columns of categories, and the outcome in words.
"""

import csv
from pathlib import Path

import numpy as np
import pyarrow
from pyarrow import parquet

ROWS, LATER = 600, 200

draws = np.random.default_rng(0)
count = ROWS + LATER
measured = draws.normal(10, 3, (count, 20)).round(2)
ward = draws.choice(["heart", "lung", "bone"], count)
arrival = draws.choice(["walked", "ambulance", "helicopter"], count, p=[0.7, 0.25, 0.05])
severity = measured[:, 0] + measured[:, 1] + 6 * (arrival != "walked") + 3 * (ward == "heart")
severity += draws.normal(0, 1, count)
outcome = np.select([severity > 26, severity > 20], ["kept", "watched"], "home")

columns = {f"m{number}": list(map(float, measured[:, number])) for number in range(20)}
columns |= {"ward": ward.tolist(), "arrival": arrival.tolist()}
for name in ("m0", "m5", "m9", "arrival"):
    for row in np.flatnonzero(draws.random(count) < 0.05):
        columns[name][row] = None
columns["outcome"] = outcome.tolist()

with Path("visits.csv").open("w", newline="") as file:
    lines = csv.writer(file)
    lines.writerow(columns)
    lines.writerows(zip(*(values[:ROWS] for values in columns.values()), strict=True))
parquet.write_table(pyarrow.table({name: values[ROWS:] for name, values in columns.items()}), "later.parquet")
