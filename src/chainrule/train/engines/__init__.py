"""What takes the steps and evaluates.

- ``engine``: what every engine does.
- ``choice``: which of them trains a net.
- ``layers``: the layers of :mod:`chainrule.nn` in NumPy, which are the reference.
- ``compiled``: the same by compiled code.
- ``compiled_net``: that code: its loops, member by member.
"""
