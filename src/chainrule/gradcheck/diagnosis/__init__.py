"""What is wrong, and on which line.

- ``diagnose``: from points at which gradients disagree to causes; the place to start.
- ``judged``: the verdict.
- ``remaining``: what is done after that, while there is time.
- ``reading``: the cost is read as a net of known form.
- ``forms``: the forms that are tried, the likeliest first.
- ``sieve``: those that it cannot have, told at three points.
- ``layout``: which of the user's arrays is which parameter of that net.
- ``derivation``: that net, step by step.
- ``activations``: what may stand between its layers.
- ``losses``: what its scores are compared with the labels by.
- ``mistakes/``: each step done wrong on purpose.
- ``explanations``: which mistakes give exactly the user's gradient.
- ``fitted``: mistakes with a number in them.
- ``running_statistics``: moving averages on the way back through batch norm.
- ``evidence``: whether two gradients agree.
- ``cost_faults``: what is odd about the cost.
- ``guarded_log``: costs that keep their logarithm from 0.
- ``unrecognised``: causes from numbers alone.
- ``known_net``: the gradient of the net that the cost was read as.
- ``known_layer``: causes for a layer by itself.
- ``misshapen``: gradients of another shape.
- ``numeric_difference``: gradients that were not derived.
- ``own_numeric``: the numeric gradient that is handed in beside the gradient.
- ``own_update``: the update that is.
- ``lines``: where the line comes from.
- ``mending``: the search for the expression whose right value mends the outcome.
- ``finding``: a cause with the way to its line.
"""
