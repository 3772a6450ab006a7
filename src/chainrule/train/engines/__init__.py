"""What takes the steps and evaluates.

- :mod:`chainrule.train.engines.engine`: what every engine does.
- :mod:`chainrule.train.engines.choice`: which of them trains a net.
- :mod:`chainrule.train.engines.layers`: the layers in NumPy, which are the reference.
- :mod:`chainrule.train.engines.compiled`: the same by compiled code, whose loops are
  :mod:`chainrule.train.engines.compiled_net`.
"""
