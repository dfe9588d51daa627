#!/usr/bin/env python3
"""Makes digits.npz from scikit-learn's copy of the UCI handwritten digits.

    make_digits.py …/sklearn/datasets/data/digits.csv.gz digits.npz

Each row of the source holds 64 pixels (0 … 16, row by row) and the digit.
"""
import gzip
import sys
import zipfile

import numpy

source, target = sys.argv[1:]
with gzip.open(source, "rt") as text:
    rows = numpy.loadtxt(text, delimiter=",")
inputs = rows[:, :64].astype(numpy.uint8).reshape(-1, 1, 8, 8)
targets = rows[:, 64].astype(numpy.int64)
assert inputs.shape == (1797, 1, 8, 8) and inputs.max() == 16
assert (inputs.reshape(-1, 64) == rows[:, :64]).all() and set(targets) == set(range(10))
# A fixed date in the archive: the same source gives the same bytes.
with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
    for name, array in (("inputs", inputs), ("targets", targets)):
        member = zipfile.ZipInfo(name + ".npy", (1998, 7, 1, 0, 0, 0))
        member.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(member, "w") as out:
            numpy.lib.format.write_array(out, array)
