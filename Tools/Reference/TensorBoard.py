"""Writes Tests/Golden/TensorBoard.tfevents with TensorBoard's own record writer and messages.

Usage: python TensorBoard.py OUTPUT.tfevents        (needs tensorboard)
"""

import sys

from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter

events = [
    Event(wall_time=1700000000.25, file_version="brain.Event:2"),
    Event(
        wall_time=1700000001.5,
        summary=Summary(value=[Summary.Value(tag="loss/InfoNCE", simple_value=4.85)]),
    ),
    Event(
        wall_time=1700000002.75,
        step=300,
        summary=Summary(
            value=[
                Summary.Value(tag="loss/InfoNCE", simple_value=0.0),
                Summary.Value(tag="rate \u00b5", simple_value=float("inf")),
            ]
        ),
    ),
]
with open(sys.argv[1], "wb") as file:
    writer = RecordWriter(file)
    for event in events:
        writer.write(event.SerializeToString())
