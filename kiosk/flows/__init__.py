"""One file per service: pure state machines. No clock, no device, no Kivy, no words.

States are what the resident sees, events are past tense, commands are imperative. ``advance(state, event)`` returns the
next state and the commands to run; an event that a state does not know leaves it as it is.
"""
