"""Somebody at a kiosk calls for help. A road of its own: no batch, no queue and no other request stands before it.

POST /v1/alarms        device certificate; Alarm -> 201 AlarmState; the same ``id`` again is the same alarm
GET  /v1/alarms/{alarm_id}   the device that raised it -> 200 AlarmState
"""

from uuid import UUID

from pydantic import AwareDatetime

from backend_client.contract.base import ServerTime, Wire


class Alarm(Wire):
    """``test``: a technician tries the button; nobody is to come."""

    id: UUID
    at: AwareDatetime
    test: bool = False


class AlarmState(ServerTime):
    """``watched``: an officer's console is open and on duty now. ``seen_at``: an officer has answered there."""

    id: UUID
    watched: bool
    seen_at: AwareDatetime | None = None
