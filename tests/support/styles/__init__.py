"""Programs as strangers write them, each in a style of its own, with a wrong twin each.

Those of one group lie in a folder of its name, and a table beside it says what each is: :mod:`table` reads it.
"""
