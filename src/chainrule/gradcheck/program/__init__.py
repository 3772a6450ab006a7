"""The user's program: its functions, its parameters, what its names mean, and watching it at work.

- ``interface``: what a program can be asked, and the records that pass between it and the checker.
- ``local``: a program whose functions are in this process.
- ``against``: a gradient against another program's cost.
- ``point``: a program at certain parameters and data.
- ``names``: the one table of what functions, arguments and gradients are usually called.
- ``roles``: which of the further arguments are inputs, labels and l2.
- ``variable``: what of them can be changed and still be of the same kind.
- ``binding``: how a function wants its arguments.
- ``matching``: which array that came back is whose gradient.
- ``leaves``: parameters of any nest as named arrays.
- ``nest``: the same nest, lent to a call with other arrays in it.
- ``source``: a file or notebook as parts to run.
- ``signatures``: what its functions look like.
- ``call_sites``: what they are called with in it.
- ``attributes``: what methods read from their object and put on it.
- ``quotients``: whether they form a numeric difference.
- ``watching``: every value that an expression gives, seen or replaced, by line.
- ``wrapping``: the code compiled again for that.
"""
