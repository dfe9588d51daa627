#!/usr/bin/env python3
"""Reads a Tarn project without Tarn: needs only Python 3 and NumPy.

    python3 read_project.py NAME.tarn

lists what is inside and prints the lowest point of the latest landscape. The tables are described
in docs/project-file.md.
"""

import json
import sqlite3
import sys
import urllib.parse

import numpy as np

DTYPES = {"f32": "<f4", "f64": "<f8", "i64": "<i8", "u8": "<u1"}


def open_project(path):
    """Opens a project for reading; that is possible while Tarn writes it."""
    return sqlite3.connect(f"file:{urllib.parse.quote(path)}?mode=ro", uri=True)


def read_array(db, array_id):
    """A direction, an eigenvector, a snapshot's parameters, …"""
    dtype, shape = db.execute("SELECT dtype, shape FROM arrays WHERE id = ?", [array_id]).fetchone()
    pieces = db.execute("SELECT data FROM array_pieces WHERE array_id = ? ORDER BY piece", [array_id])
    data = b"".join(piece for (piece,) in pieces)
    return np.frombuffer(data, DTYPES[dtype]).reshape(json.loads(shape))


def sampling_order(shape):
    """The C-order index of every grid point in the order they are computed: coarse to fine."""
    coarsest = 1
    while coarsest * 8 < max(shape):
        coarsest *= 2
    stride = np.full(shape, coarsest)
    for axis, n in enumerate(shape):
        i = np.arange(n)
        own = np.where((i == 0) | (i == n - 1), coarsest, np.minimum(i & -i, coarsest))
        stride = np.minimum(stride, own.reshape([-1 if a == axis else 1 for a in range(len(shape))]))
    return np.argsort(-stride, axis=None, kind="stable")


def read_landscape(db, landscape, quantity="loss"):
    """The coordinates of each axis, and the values; NaN where no tile is yet."""
    rows = db.execute("SELECT coordinates FROM landscape_axes WHERE landscape_id = ? ORDER BY axis",
                      [landscape])
    axes = [np.frombuffer(blob, "<f8") for (blob,) in rows]
    (tile_points,) = db.execute("SELECT tile_points FROM landscapes WHERE id = ?",
                                [landscape]).fetchone()
    values = np.full([len(axis) for axis in axes], np.nan)
    order = sampling_order(values.shape)
    for tile, blob in db.execute("SELECT tile, data FROM tiles WHERE landscape_id = ? AND quantity = ?",
                                 [landscape, quantity]):
        values.flat[order[tile * tile_points:(tile + 1) * tile_points]] = np.frombuffer(blob, "<f8")
    return axes, values


def main():
    db = open_project(sys.argv[1])
    for table in ["experiments", "direction_sets", "spectra", "landscapes", "runs", "analyses"]:
        print(f"{table}: {[row[0] for row in db.execute(f'SELECT id FROM {table} ORDER BY id')]}")
    for (landscape,) in db.execute("SELECT max(id) FROM landscapes WHERE id IS NOT NULL"):
        if landscape is None:
            continue
        axes, values = read_landscape(db, landscape)
        computed = np.count_nonzero(~np.isnan(values))
        print(f"landscape {landscape}: {values.shape}, {computed} of {values.size} values")
        if computed:
            lowest = np.unravel_index(np.nanargmin(values), values.shape)
            place = [float(axis[i]) for axis, i in zip(axes, lowest)]
            print(f"lowest loss: {float(values[lowest])!r} at {place}")


if __name__ == "__main__":
    main()
