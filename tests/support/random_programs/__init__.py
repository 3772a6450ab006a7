"""Random programs with hand-derived gradients, as source text: right ones, and ones with a mistake.

A number makes a program: :mod:`design` draws what it is, :mod:`writing` puts it into words, :mod:`mistakes` changes a
line of it, :mod:`truth` finds out by central differences whether its gradient is that of its cost, :mod:`repairing`
whether that of a repaired one is.
"""
