"""Numeric derivatives, and gradients held against them at the given point and around it.

- ``differences``: the complex step, central differences, one-sided slopes, the order of the Taylor remainder.
- ``comparison``: a verdict for each tensor, kinks settled.
- ``checked_point``: all tensors at one point.
- ``surroundings``: where else to look.
- ``directions``: functions with too many parameters for every entry.
- ``hygiene``: what must hold before a difference can be trusted.
- ``ordering``: gradients in an order that only the numbers tell.
"""
