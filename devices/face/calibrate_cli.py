"""``face-calibrate``: an operator's own recordings -> thresholds, and what they are worth (docs/face-calibration.md).

Nothing of a face is written anywhere: the report holds numbers. Exit status: 0 measured; 1 the wanted false-match rate
can't be stated; 2 the recordings, the pack or the model can't be used.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from devices.camera.api import Image
from devices.errors import DeviceMisconfiguredError
from devices.face import quality
from devices.face.api import Face
from devices.face.calibration import report
from devices.face.calibration.measurement import Examiner
from devices.face.calibration.recordings import RecordingError, open_recordings
from devices.face.calibration.results import Run, Settings
from devices.face.driver import InsightFaceEngine
from devices.face.passive import DEFAULT_THRESHOLD, InsightFacePassiveCheck

_RATE = 1e-4
_WORDS = {
    "no-pack": "The pack's folder is not there. Name the folder that kiosk.toml names as devices.face.pack.",
    "broken-pack": "The pack can't be loaded: a file of it is missing or changed. Install it again.",
    "broken-passive-model": "The passive model can't be used: not there, no ONNX file, or not float32 [N,3,80,80] ->"
    " [N] between 0 and 1. Ask whoever supplied it.",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    options = _parser().parse_args(arguments)
    if options.out and not options.out.parent.is_dir():  # before an hour of measuring, not after
        return _refuse(f"{options.out.parent}: there is no such folder. Choose another --out.")
    try:
        run = _measured(options)
    except RecordingError as error:
        return _refuse(error.detail)
    except DeviceMisconfiguredError as error:
        return _refuse(_WORDS.get(error.detail, error.detail))
    print("\n".join(report.text(run)))
    try:
        if options.out:
            options.out.write_text(report.as_json(run), "utf-8")
    except OSError as error:
        return _refuse(f"{options.out} can't be written: {error.strerror}. Choose another --out.")
    return 0 if run.note.synthetic or run.stated else 1


def _measured(options: argparse.Namespace) -> Run:
    recordings = open_recordings(options.folder)
    passive = InsightFacePassiveCheck(options.passive, options.passive_threshold) if options.passive else None
    engine = InsightFaceEngine(options.pack)
    engine.load()
    if passive:
        passive.load()
    measured = Examiner(engine, passive, _usable).measure(recordings, lambda line: print(line, flush=True))
    settings = Settings(engine.model, options.rate, passive.model if passive else "", options.passive_threshold)
    return Run(recordings.note, settings, measured)


def _usable(image: Image, faces: Sequence[Face]) -> bool:
    """Whether an attempt would compare this frame: by the kiosk's own rules."""
    rules = quality.Rules()
    seen = [quality.sighting(face, image) for face in faces]
    if not seen or (len(seen) > 1 and seen[1].width >= rules.bystander * seen[0].width):
        return False
    if quality.framing(seen[0], rules) or quality.posture(seen[0], rules):
        return False
    return quality.picture(quality.measure(image, faces[0]), rules) is None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="face-calibrate", description="Measure face verification on own recordings.")
    parser.add_argument("folder", type=Path, help="recording.toml, genuine/ and attacks/: see docs/face-calibration.md")
    parser.add_argument("--pack", type=Path, required=True, metavar="DIR", help="the kiosk's face pack")
    parser.add_argument("--passive", type=Path, metavar="MODEL", help="the passive check's ONNX model")
    parser.add_argument(
        "--passive-threshold",
        type=_between_0_and_1,
        default=DEFAULT_THRESHOLD,
        metavar="SCORE",
        help=f"from which score on a face counts as live (default: {DEFAULT_THRESHOLD})",
    )
    parser.add_argument(
        "--rate",
        type=_between_0_and_1,
        default=_RATE,
        help=f"the false-match rate that a threshold is wanted for (default: {_RATE:g})",
    )
    parser.add_argument("--out", type=Path, metavar="JSON", help="also write the report here")
    return parser


def _between_0_and_1(written: str) -> float:
    try:
        value = float(written)
    except ValueError:
        value = 0.0
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError("a number between 0 and 1, such as 0.001")
    return value


def _refuse(reason: str) -> int:
    print(reason, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
