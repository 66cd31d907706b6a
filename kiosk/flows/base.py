"""What all flows share: a state, an event, a command, a step."""

from civic.flow import Command, Event, State, Step

__all__ = ["Command", "Event", "State", "Step"]
