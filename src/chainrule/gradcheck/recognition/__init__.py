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
- ``layers``: adapters for files that hold layers alone.
- ``layer_pairs``: which forward pass belongs to which backward pass.
- ``layer_calls``: what each argument of the two gets.
- ``layer_shapes``: how a layer's arrays may lie.
- ``layer_places``: where its gradients stand.
- ``layer_fitness``: whether they are those of the forward pass.
"""
