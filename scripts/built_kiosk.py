"""Start the built application: PyInstaller wants a file that is no module of the package."""

import sys

from devices.id_card import photo, photo_worker

if __name__ == "__main__":
    if sys.argv[1:2] == [photo.WORKER_COMMAND]:  # the kiosk starts itself for a photo (devices/id_card/photo.py)
        raise SystemExit(photo_worker.main(sys.argv[2:]))

    from kiosk.main import cli  # what it imports takes seconds

    raise SystemExit(cli())
