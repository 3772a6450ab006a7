"""Which convention is this? An adapter for a file that declares none.

- ``adapter``: what a file's own ``chainrule_check`` declares.
- ``recognise``: adapters are written from the usual names and tried until one runs.
- ``calling``: the text of an adapter.
- ``parameters``: what the parameters may be.
- ``conventions``: how arrays may lie.
"""
