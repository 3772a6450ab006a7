"""Source of a user's file that answers in the checker's place: it writes frames of its own wherever it can."""

SENDING = """
import json, os, struct


def send(text, rest=b"", json_length=None, size=None):
    lengths = (len(text) + len(rest) if size is None else size, len(text) if json_length is None else json_length)
    frame = struct.pack(">QQ", *lengths) + text + rest
    for descriptor in range(3, 300):
        try:
            left = frame
            while left:
                left = left[os.write(descriptor, left):]
        except OSError:
            pass


def forge(tree, rest=b""):
    send(json.dumps(tree).encode(), rest)
"""
