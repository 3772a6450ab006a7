"""The user's program: its functions, its parameters, what its names mean, and watching it at work.

- ``interface``: what a program can be asked, and the records that pass between it and the checker.
- ``local``: a program whose functions are in this process.
- ``against``: a gradient against another program's cost.
- ``point``: a program at certain parameters and data.
- ``languages``: names in other languages than English.
- ``descent``: steps against a gradient.
- ``names``: the one table of what functions, arguments and gradients are usually called.
- ``roles``: which of the further arguments are inputs, labels and l2.
- ``variable``: what of them can be changed and still be of the same kind.
- ``binding``: how a function wants its arguments.
- ``orders``: in which order it takes them, by names where the usual one does not run.
- ``from_python``: one check at a time, and none of our lines in what is raised.
- ``matching``: which array that came back is whose gradient.
- ``leaves``: parameters of any nest as named arrays.
- ``nest``: the same nest, lent to a call with other arrays in it.
- ``source``: a file or notebook as parts to run.
- ``signatures``: what its functions look like.
- ``unfolding``: definitions that stand elsewhere or look otherwise.
- ``whole_numbers``: whole numbers written into it.
- ``newer_strings``: f-strings of a newer Python.
- ``call_sites``: what they are called with in it.
- ``lookups``: what they do with what they are given.
- ``attributes``: what methods read from their object and put on it.
- ``quotients``: whether they form a numeric difference.
- ``limited``: statements and calls that take too long are stopped.
- ``watching``: every value that an expression gives, seen or replaced, by line.
- ``wrapping``: the code compiled again for that.
"""
