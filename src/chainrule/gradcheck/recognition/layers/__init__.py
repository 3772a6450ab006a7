"""Files that hold layers, each a forward and a backward pass: an adapter for each, or why it cannot be checked.

- ``reading``: what each layer of a file is read as.
- ``search``: which adapter fits a layer best.
- ``guess``: one that has not been tried.
- ``pairs``: which forward pass belongs to which backward pass.
- ``derivatives``: functions of one argument with their derivatives.
- ``parts``: what is checked with a layer, as it calls it.
- ``arguments``: what each argument of the forward pass gets.
- ``calls``: how the forward pass is called.
- ``backward``: what each of the backward pass.
- ``shapes``: how the arrays may lie.
- ``kinds``: what arguments are by their names, beside the usual roles.
- ``drawn_arrays``: the arrays that an argument may be where no usual layout is its own.
- ``written_arrays``: the shapes that a function says its arrays have.
- ``initial``: the parameters that a file's own function makes.
- ``tracing``: arrays that know which arguments they are made of.
- ``assignments``: which of several values each argument may have.
- ``found``: layers in no usual layout.
- ``settings``: values for settings, by their names.
- ``objects``: how the object of a layer is made.
- ``built``: what a method is given that makes its parameters.
- ``plans``: how a layer is run to see what it gives.
- ``gradients``: where its gradients stand.
- ``penalised``: what a penalty adds that the forward pass leaves out.
- ``variants``: the same with other strides, paddings and texts.
- ``places``: arrays in what a function gives, and on an object.
- ``texts``: the text of its adapter.
- ``fitness``: whether its gradients are those of the forward pass.
"""
