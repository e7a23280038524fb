"""Reference figures for Sources/FaultDiag/Evaluation from scikit-learn, SciPy and NumPy.

Usage: python Tools/Reference/Evaluation.py Tests/Golden/Evaluation.json
"""

import json
import sys

import numpy as np
from scipy import optimize, special, stats
from sklearn import metrics

random = np.random.default_rng(7)


def rounded(values):
    return [round(float(v), 12) for v in np.ravel(values)]


def binary_case(count, share, ties):
    positive = random.random(count) < share
    positive[0], positive[1] = True, False
    scores = random.normal(size=count) + 0.8 * positive
    if ties:
        scores = np.round(scores * 2) / 2
    else:
        scores = np.round(scores, 6)
    partial = {
        str(rate): metrics.roc_auc_score(positive, scores, max_fpr=rate) for rate in (0.05, 0.1, 0.37)
    }
    return {
        "scores": scores.tolist(),
        "positive": positive.tolist(),
        "area": metrics.roc_auc_score(positive, scores),
        "partial": [[float(rate), area] for rate, area in partial.items()],
    }


def classes_case(count, classes):
    truth = random.integers(0, classes, count)
    logits = random.normal(size=(count, classes)) * 1.5
    logits[np.arange(count), truth] += 1.2
    logits = np.round(logits, 6)
    probabilities = special.softmax(logits, axis=1)
    predicted = probabilities.argmax(axis=1)

    confidence = probabilities.max(axis=1)
    bins = np.ceil(confidence * 15).astype(int) - 1
    calibration = sum(
        abs((predicted[bins == b] == truth[bins == b]).sum() - confidence[bins == b].sum()) for b in range(15)
    )

    def likelihood(log_temperature):
        scaled = logits / np.exp(log_temperature)
        return (special.logsumexp(scaled, axis=1) - scaled[np.arange(count), truth]).mean()

    best = optimize.minimize_scalar(likelihood, bounds=(-3, 3), method="bounded", options={"xatol": 1e-12})
    return {
        "classes": classes,
        "truth": truth.tolist(),
        "logits": logits.tolist(),
        "probabilities": [rounded(row) for row in probabilities],
        "confusion": metrics.confusion_matrix(truth, predicted, labels=range(classes)).tolist(),
        "accuracy": metrics.accuracy_score(truth, predicted),
        "balanced_accuracy": metrics.balanced_accuracy_score(truth, predicted),
        "macro_f1": metrics.f1_score(truth, predicted, average="macro"),
        "macro_auroc": metrics.roc_auc_score(truth, probabilities, multi_class="ovr", average="macro"),
        "calibration_error": calibration / count,
        "temperature": float(np.exp(best.x)),
        "likelihood": float(best.fun),
    }


def multi_label_case(count, labels):
    truth = random.random((count, labels)) < 0.3
    scores = np.round(random.normal(size=(count, labels)) + truth, 2)
    return {
        "truth": truth.tolist(),
        "scores": scores.tolist(),
        "macro": metrics.roc_auc_score(truth, scores, average="macro"),
        "per_label": rounded(metrics.roc_auc_score(truth, scores, average=None)),
    }


def t_test_case(count, ratio):
    differences = np.round(random.normal(0.02, 0.05, count), 6)
    t = differences.mean() / np.sqrt(differences.var(ddof=1) * (1 / count + ratio))
    return {
        "differences": differences.tolist(),
        "ratio": ratio,
        "t": float(t),
        "p": float(2 * stats.t.sf(abs(t), count - 1)),
    }


golden = {
    "binary": [binary_case(60, 0.3, False), binary_case(80, 0.5, True), binary_case(15, 0.2, True)],
    "classes": [classes_case(80, 4), classes_case(50, 3)],
    "multi_label": multi_label_case(60, 3),
    "t_tests": [t_test_case(10, 0.5), t_test_case(100, 0.5)],
    "student": [[t, nu, float(2 * stats.t.sf(t, nu))] for t in (0.1, 1.0, 2.5, 8.0) for nu in (1, 4, 99, 1000)],
}
with open(sys.argv[1], "w") as file:
    json.dump(golden, file)
    file.write("\n")
