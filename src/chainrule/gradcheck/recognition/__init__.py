"""Which convention is this? An adapter for a file that declares none.

- ``adapter``: what a file's own ``chainrule_check`` declares.
- ``recognise``: adapters are written from the usual names and tried until one fits.
- ``fitness``: how well an adapter that runs fits.
- ``texts``: the text of an adapter.
- ``calling``: what each argument of a function gets.
- ``data_names``: what data the functions ask for.
- ``choices``: which functions may be the cost and the gradient.
- ``parameters``: what the parameters may be.
- ``penalties``: what a cost that takes no l2 lacks.
- ``sizes``: sizes that are written into a file.
- ``objects``: how an object is made whose attributes the parameters are.
- ``conventions``: how arrays may lie.
"""
