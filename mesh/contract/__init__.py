"""What the protobuf descriptors say, as plain values. Pure: no I/O, no clock, no storage."""
