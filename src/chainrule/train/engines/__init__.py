"""What takes the steps and evaluates.

- ``engine``: what every engine does.
- ``choice``: which of them trains a net.
- ``layers``: the layers of :mod:`chainrule.nn` in NumPy, which are the reference.
- ``compiled``: the same by compiled code.
- ``compiled_net``: that code: a step's loops.
- ``first_layer``: in it, the first layer of all members, block by block.
- ``members``: there, the layers above it, member by member.
- ``units``: there, what units do by themselves.
- ``updates``: there, what a step does to parameters, and to what optimizers keep beside them.
- ``clipped``: there, gradients that are no longer than they may be.
- ``lanes``: in it, what layers do to every unit by itself.
- ``losses``: in it, those.
- ``elementwise``: activations and optimizers, whose functions of one number come from their records: loops that are
  compiled by themselves.
- ``step_numbers``: what these are told of an optimizer, step by step.
- ``packed``: all parameters in one array, and what is kept beside each.
- ``counted``: there, dropout, whose random numbers are counted.
- ``exponential``: there, e^x of many numbers at once.
- ``parts``: how it is compiled.
- ``kept``: where what was compiled is found again.
- ``tiles``: in it, products of few samples, and the order in which weights and values lie for them.
- ``innermost``: of these the innermost loop, and how much of a product it forms at once.
- ``views``: there, arrays in other shapes.
- ``memory``: where everything lies that the steps work on.
- ``team``: threads that share a step.
"""
