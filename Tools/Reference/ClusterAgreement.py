"""Reference figures for clustering: agreement with labels (scikit-learn, SciPy) and k-means from given centres.

Usage: python Tools/Reference/ClusterAgreement.py Tests/Golden/ClusterAgreement.json
"""

import json
import sys

import numpy as np
from scipy.optimize import linear_sum_assignment
from sklearn import metrics
from sklearn.cluster import KMeans

random = np.random.default_rng(19)


def agreement(groups, classes):
    table = metrics.cluster.contingency_matrix(groups, classes)
    rows, columns = linear_sum_assignment(table, maximize=True)
    return {
        "groups": [int(g) for g in groups],
        "classes": [int(c) for c in classes],
        "accuracy": float(table[rows, columns].sum() / len(groups)),
        "information": float(metrics.normalized_mutual_info_score(classes, groups)),
        "rand": float(metrics.adjusted_rand_score(classes, groups)),
    }


def assignment(rows, columns):
    gains = np.round(random.normal(size=(rows, columns)), 3)
    chosen = linear_sum_assignment(gains, maximize=True)
    return {"gains": gains.tolist(), "total": float(gains[chosen].sum())}


def kmeans(count, size, clusters):
    rows = np.round(random.normal(size=(count, size)) + 2 * random.integers(0, 3, (count, 1)), 4)
    start = rows[:clusters]
    found = KMeans(clusters, init=start, n_init=1, max_iter=100, tol=0, algorithm="lloyd").fit(rows)
    return {
        "rows": rows.tolist(),
        "start": start.tolist(),
        "centers": found.cluster_centers_.tolist(),
        "assignments": found.labels_.tolist(),
        "inertia": float(found.inertia_),
    }


def noisy(classes, share, groups):
    drawn = random.integers(0, groups, len(classes))
    return np.where(random.random(len(classes)) < share, drawn, (classes * 7 + 3) % groups)


truth = random.integers(0, 4, 60)
cases = [noisy(truth, 0.0, 4), noisy(truth, 0.3, 4), noisy(truth, 0.5, 7), noisy(truth, 1.0, 2), noisy(truth, 1, 5)]
result = {
    "agreements": [agreement(groups, truth) for groups in cases]
    + [agreement([0, 0, 0], [0, 1, 1]), agreement([1, 1], [0, 0]), agreement([0, 1, 2], [2, 0, 1]),
       agreement([0, 1, 0, 1], [0, 0, 1, 1])],
    "assignments": [assignment(*shape) for shape in [(1, 1), (4, 4), (6, 3), (3, 8), (12, 12)]],
    "kmeans": [kmeans(40, 3, 3), kmeans(60, 5, 7)],
}
with open(sys.argv[1], "w") as file:
    json.dump(result, file)
    file.write("\n")
