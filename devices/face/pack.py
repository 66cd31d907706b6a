"""Builds the default model pack: YuNet and SFace in the form that InsightFace loads (manifest version 2).

``python -m devices.face.pack SOURCE_DIR OUT_DIR``: SOURCE_DIR holds yunet.onnx and sface.onnx (OpenCV Zoo, 2023mar and
2021dec, block-quantised). The weights keep their values. What changes is the graph around them:

- both: weights stored as 8-bit blocks are written out as float32, and are no longer graph inputs: onnxruntime refuses
  the published SFace as it stands, and computes quantised ones at half the speed;
- YuNet: takes RGB, any size in multiples of 32, and answers as SCRFD does (see ``_as_scrfd``);
- SFace: PRelu, which onnxruntime computes with a branch per value, is written out in steps that need none: the same
  numbers, in two thirds of the time on real pictures. It centres and scales its input itself, hence "embedded"
  preprocessing, which the manifest has to say: InsightFace's guess from the nodes' names would be wrong, silently.
"""

import hashlib
import json
import shutil
import sys
import tempfile
from collections.abc import Iterable, MutableSequence
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np
import onnx
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from civic.errors import CodedError
from devices.face.operating_points import MODEL_ID

_RECIPE = 2  # raised when the same sources are to give another pack
_STRIDES = (8, 16, 32)
_IR_OF_OPSET_21 = 10
_Message = TypeVar("_Message")

_ORIGINS = {
    "yunet.onnx": {
        "model": "YuNet 2023mar (int8bq)",
        "origin": "OpenCV Zoo, models/face_detection_yunet",
        "licence": "MIT",
    },
    "sface.onnx": {
        "model": "SFace 2021dec (int8bq)",
        "origin": "OpenCV Zoo, models/face_recognition_sface",
        "licence": "Apache-2.0",
    },
}
_TASKS: dict[str, dict[str, object]] = {
    "detection": {"file": "detection.onnx", "preprocessing": "embedded"},
    "recognition": {
        "file": "recognition.onnx",
        "preprocessing": "embedded",
        "input_size": [112, 112],
        "embedding_dimension": 128,
    },
}


class PackError(CodedError):
    """The pack can't be built from these files; ``detail`` names the file and what is wrong with it."""

    code = "face-pack"


def build(source: Path, target: Path) -> bool:
    """Build the pack of ``source`` at ``target``, whole or not at all. False: it was there already, and sound.

    Raises PackError.
    """
    sources = {name: _digest(source / name) for name in _ORIGINS}
    if is_current(target, sources):
        return False
    models = {
        "detection": _as_scrfd(_open(source / "yunet.onnx")),
        "recognition": _branchless(_self_contained(_open(source / "sface.onnx"))),
    }
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}-"))
    try:
        _write(temporary, models, sources)
        _replace(target, temporary)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return True


def is_current(pack: Path, sources: dict[str, str]) -> bool:
    """Whether the pack was made of files with these SHA-256 by this recipe, and its own files are unharmed."""
    try:
        manifest = json.loads((pack / "manifest.json").read_text("utf-8"))
        made_of = {name: entry["sha256"] for name, entry in manifest["sources"].items()}
        unharmed = all(_digest(pack / task["file"]) == task["sha256"] for task in manifest["tasks"].values())
        return unharmed and made_of == sources and bool(manifest["recipe"] == _RECIPE)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, PackError):
        return False


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise PackError(f"{path.name}: {error.strerror}") from error


def _open(path: Path) -> ModelProto:
    try:
        return onnx.load_model_from_string(path.read_bytes())
    except Exception as error:  # protobuf's own error has no stable import path
        raise PackError(f"{path.name}: not an ONNX model") from error


def _write(folder: Path, models: dict[str, ModelProto], sources: dict[str, str]) -> None:
    tasks: dict[str, dict[str, object]] = {}
    for name, settings in _TASKS.items():
        path = folder / str(settings["file"])
        onnx.checker.check_model(models[name])
        path.write_bytes(models[name].SerializeToString(deterministic=True))
        tasks[name] = {**settings, "sha256": _digest(path)}
    manifest = {
        "manifest_version": 2,
        "model_id": MODEL_ID,
        "display_name": "YuNet + SFace (open weights)",
        "license": "MODEL.LICENSE",  # InsightFace's field for its signed licences; open weights have none
        "tasks": tasks,
        "recipe": _RECIPE,
        "sources": {name: {**origin, "sha256": sources[name]} for name, origin in _ORIGINS.items()},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")


def _replace(target: Path, new: Path) -> None:
    new.chmod(0o755)
    if target.exists():
        old = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}-old-"))
        target.rename(old / "pack")
        new.rename(target)
        shutil.rmtree(old)
    else:
        new.rename(target)


# --- the graphs ---


def _self_contained(model: ModelProto) -> ModelProto:
    """Compute what depends on constants alone (the weights), and take no constant as an input."""
    graph = model.graph
    constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    kept = []
    for node in graph.node:
        if node.op_type in ("DequantizeLinear", "Reshape") and all(name in constants for name in node.input):
            values = {name: constants[name] for name in node.input}
            constants[node.output[0]] = cast("list[Any]", ReferenceEvaluator(node).run(None, values))[0]
        else:
            kept.append(node)
    used = {name for node in kept for name in node.input}
    _refill(graph.node, kept)
    _refill(graph.input, [value for value in graph.input if value.name in used and value.name not in constants])
    _refill(
        graph.initializer, [numpy_helper.from_array(value, name) for name, value in constants.items() if name in used]
    )
    del graph.value_info[:]  # shapes noted for the published form
    model.ir_version = _IR_OF_OPSET_21
    return model


def _branchless(model: ModelProto) -> ModelProto:
    """Write PRelu(x, slope) as relu(x) + slope * (x - relu(x))."""
    nodes: list[NodeProto] = []
    for node in model.graph.node:
        if node.op_type != "PRelu":
            nodes.append(node)
            continue
        (x, slope), (y,) = node.input, node.output
        nodes += [
            helper.make_node("Relu", [x], [f"{y}_positive"]),
            helper.make_node("Sub", [x, f"{y}_positive"], [f"{y}_negative"]),
            helper.make_node("Mul", [f"{y}_negative", slope], [f"{y}_scaled"]),
            helper.make_node("Add", [f"{y}_positive", f"{y}_scaled"], [y]),
        ]
    _refill(model.graph.node, nodes)
    return model


def _as_scrfd(yunet: ModelProto) -> ModelProto:
    """Wrap YuNet as the nine outputs of SCRFD: scores, boxes and points, each for strides 8, 16 and 32.

    Input: float32 [1, 3, height, width], RGB, 0 to 255. Two anchors stand in each cell, in units of the stride: a box
    is the distances of its left, top, right and bottom from the cell's corner, a point its offset from there. YuNet
    has one anchor (the second scores 0), a class and an object score, and a box as centre and logarithm of size.
    """
    model = _self_contained(yunet)
    graph = model.graph
    expected = {f"{kind}_{stride}" for kind in ("cls", "obj", "bbox", "kps") for stride in _STRIDES}
    if {value.name for value in graph.output} != expected or [value.name for value in graph.input] != ["input"]:
        raise PackError("yunet.onnx: not the YuNet of 2023mar")
    graph.node.insert(0, helper.make_node("Gather", ["rgb", "bgr_order"], ["input"], axis=1))
    for stride in _STRIDES:
        graph.node.extend(_scrfd_head(stride))
    graph.initializer.extend(
        [
            numpy_helper.from_array(np.array([2, 1, 0], np.int64), "bgr_order"),
            numpy_helper.from_array(np.array(2, np.float32), "two"),
            numpy_helper.from_array(np.array(0, np.float32), "zero"),
            numpy_helper.from_array(np.array([2, 2], np.int64), "centre_and_size"),
            *(numpy_helper.from_array(np.array([1, -1, width], np.int64), f"rows_{width}") for width in (1, 4, 10)),
        ]
    )
    _refill(graph.input, [helper.make_tensor_value_info("rgb", TensorProto.FLOAT, [1, 3, "height", "width"])])
    outputs = [
        (f"{kind}_{stride}", width) for kind, width in (("score", 1), ("box", 4), ("points", 10)) for stride in _STRIDES
    ]
    _refill(
        graph.output,
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, f"{name}_rows", width]) for name, width in outputs],
    )
    return model


def _scrfd_head(stride: int) -> list[NodeProto]:
    """The nodes that turn YuNet's four outputs of one stride into SCRFD's three."""

    def node(operation: str, inputs: str, outputs: str, axis: int | None = None) -> NodeProto:
        names = [[name.format(stride) for name in text.split()] for text in (inputs, outputs)]
        made = helper.make_node(operation, names[0], names[1])
        made.attribute.extend([] if axis is None else [helper.make_attribute("axis", axis)])
        return made

    return [
        node("Mul", "cls_{0} obj_{0}", "product_{0}"),
        node("Sqrt", "product_{0}", "one_score_{0}"),
        node("Mul", "one_score_{0} zero", "no_score_{0}"),
        node("Concat", "one_score_{0} no_score_{0}", "both_scores_{0}", axis=2),
        node("Reshape", "both_scores_{0} rows_1", "score_{0}"),
        node("Split", "bbox_{0} centre_and_size", "centre_{0} log_size_{0}", axis=2),
        node("Exp", "log_size_{0}", "size_{0}"),
        node("Div", "size_{0} two", "half_{0}"),
        node("Sub", "half_{0} centre_{0}", "left_top_{0}"),
        node("Add", "half_{0} centre_{0}", "right_bottom_{0}"),
        node("Concat", "left_top_{0} right_bottom_{0} left_top_{0} right_bottom_{0}", "both_boxes_{0}", axis=2),
        node("Reshape", "both_boxes_{0} rows_4", "box_{0}"),
        node("Concat", "kps_{0} kps_{0}", "both_points_{0}", axis=2),
        node("Reshape", "both_points_{0} rows_10", "points_{0}"),
    ]


def _refill(field: MutableSequence[_Message], values: Iterable[_Message]) -> None:
    kept = list(values)
    del field[:]
    field.extend(kept)


def main() -> int:
    """Build the pack named on the command line."""
    if len(sys.argv) != 3:  # noqa: PLR2004 - the program and its two folders
        sys.stderr.write("usage: python -m devices.face.pack SOURCE_DIR OUT_DIR\n")
        return 2
    try:
        build(Path(sys.argv[1]), Path(sys.argv[2]))
    except PackError as error:
        sys.stderr.write(f"The face pack can't be built: {error.detail}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
