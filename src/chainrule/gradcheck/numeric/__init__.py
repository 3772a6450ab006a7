"""Numeric derivatives, and gradients held against them at the given point and around it.

- ``differences``: the complex step, central differences, one-sided slopes, the order of the Taylor remainder.
- ``comparison``: a verdict for each tensor, kinks settled.
- ``checked_point``: all tensors at one point.
- ``methods``: a gradient beside central and forward differences, as reports print it.
- ``surroundings``: where else to look.
- ``tried``: the gradient compared there, and what is said of that.
- ``glance``: the same at a glance, for what is like a program that was right.
- ``again``: points that nobody could know, and the same answers asked for twice.
- ``paths``: what a gradient adds up to.
- ``doubts``: when numbers agree and that says nothing.
- ``directions``: functions with too many parameters for every entry.
- ``smaller``: a smaller problem of such a one, of which every entry can be compared.
- ``hygiene``: what must hold before a difference can be trusted.
- ``ordering``: gradients in an order that only the numbers tell.
"""
