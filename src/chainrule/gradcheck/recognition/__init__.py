"""Which convention is this? An adapter for a file that declares none.

- ``adapter``: what a file's own ``chainrule_check`` declares.
- ``recognise``: adapters are written from the usual names and tried until one fits.
- ``fitness``: how well an adapter that runs fits.
- ``texts``: the text of an adapter.
- ``calling``: what each argument of a function gets.
- ``data_names``: what data the functions ask for.
- ``choices``: which functions may be the cost and the gradient.
- ``parameters``: what the parameters may be.
- ``objects``: how an object is made whose attributes the parameters are.
- ``conventions``: how arrays may lie.
- ``layers``: files of layers: an adapter for each, or why it cannot be checked.
- ``layer_pairs``: which forward pass belongs to which backward pass.
- ``layer_calls``, ``layer_backward``: what each argument of the two gets.
- ``layer_shapes``: how a layer's arrays may lie.
- ``layer_objects``: how its object is made.
- ``layer_plans``: how it is run to see what it gives.
- ``layer_places``: where its gradients stand.
- ``layer_texts``: the text of its adapter.
- ``layer_fitness``: whether its gradients are those of the forward pass.
"""
