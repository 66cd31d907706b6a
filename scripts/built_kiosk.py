"""Start the built application: PyInstaller wants a file that is no module of the package."""

from kiosk.main import cli

if __name__ == "__main__":
    raise SystemExit(cli())
