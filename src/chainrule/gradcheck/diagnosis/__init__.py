"""What is wrong, and on which line.

- ``diagnose``: from points at which gradients disagree to causes.
- ``reading``, ``layout``: the cost is read as a net of known form; ``derivation``: that net, step by step.
- ``mistakes``: each step done wrong on purpose; ``explanations``, ``fitted``, ``evidence``: which of them gives exactly
  the user's gradient.
- ``cost_faults``: what is odd about the cost; ``unrecognised``: causes from numbers alone; ``known_layer``: of a layer.
- ``misshapen``, ``own_numeric``, ``own_update``: wrong shapes, and what is handed in beside the gradient.
- ``lines``: where the line comes from; ``mending``: the search for the expression whose right value mends the outcome;
  ``finding``: a cause with the way to its line.
"""
