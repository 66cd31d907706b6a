"""Records with a transaction of its own for every writing request, each waiting for the disk and the database's lock by
itself: what shared commits are measured against."""

import sys

from records.cli import main
from records.store.database import Database

if __name__ == "__main__":
    Database.writing = Database.alone  # type: ignore[assignment, method-assign] # the difference
    sys.exit(main())
