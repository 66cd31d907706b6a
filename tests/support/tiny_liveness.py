"""Tiny ONNX models under InsightFace's contract for liveness models, whose answer tells what they were fed."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper, save_model


def write_mean_of(path: Path, channel: int, *, scale: float = 1.0, size: int = 80) -> Path:
    """A model that answers with the mean of one channel (0 is the first) of what it is fed, times ``scale``."""
    weights = np.zeros((1, 3, size, size), np.float32)
    weights[0, channel] = scale / size**2
    return _write(path, weights)


def write_pixel(path: Path, row: int, column: int, channel: int) -> Path:
    """A model that answers with one value of what it is fed."""
    pick = np.zeros((1, 3, 80, 80), np.float32)
    pick[0, channel, row, column] = 1
    return _write(path, pick)


def _write(path: Path, weights: NDArray[np.float32]) -> Path:
    """Sum of input times weights, one number for each face."""
    size = weights.shape[-1]
    graph = helper.make_graph(
        [
            helper.make_node("Mul", ["face", "weights"], ["weighted"]),
            helper.make_node("ReduceSum", ["weighted", "axes"], ["live"], keepdims=0),
        ],
        "liveness",
        [helper.make_tensor_value_info("face", TensorProto.FLOAT, ["n", 3, size, size])],
        [helper.make_tensor_value_info("live", TensorProto.FLOAT, ["n"])],
        [
            numpy_helper.from_array(weights, "weights"),
            numpy_helper.from_array(np.array([1, 2, 3], np.int64), "axes"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    save_model(model, str(path))
    return path
