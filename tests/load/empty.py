"""Records' own server, run as ``records serve`` is, with one empty route in place of everything: what uvicorn, TLS and
FastAPI alone cost."""

import sys

from fastapi import FastAPI

from records import server
from records.cli import main

PATH = "/health"  # where whoever starts a service looks for it


def _application(*_: object) -> FastAPI:
    app = FastAPI(openapi_url=None)

    @app.get(PATH)
    async def empty() -> None:
        """Nothing."""

    return app


if __name__ == "__main__":
    vars(server)["application"] = _application
    sys.exit(main())
