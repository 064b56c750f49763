"""The publish gate: nothing leaves before everything in it has been searched and a named person has said yes."""

from helhed.publishing.gate.alarms import Alarm, alarms_in
from helhed.publishing.gate.known import Known, known_of

__all__ = ["Alarm", "Known", "alarms_in", "known_of"]
