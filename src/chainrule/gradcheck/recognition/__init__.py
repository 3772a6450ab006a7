"""Which convention is this? An adapter for each gradient of a file that declares none.

- ``recognise``: every gradient of a file, with the adapter that fits; the place to start.
- ``recognised``: what it gives.
- ``refusals``: why a gradient is not checked.
- ``adapter``: what a file's own ``chainrule_check`` declares.
- ``adapter_search``: adapters are tried until one fits.
- ``candidates``: the adapters to try, the likely ones first.
- ``fitness``: how well an adapter that runs fits.
- ``draws``: whether cost and gradient draw the same at random.
- ``variants``: the same with other depths and options.
- ``options``: what may be set otherwise.
- ``furthest``: of what the others raised, what says most.
- ``texts``: the text of an adapter.
- ``calling``: what each argument of a function gets.
- ``data_names``: what data the functions ask for.
- ``choices``: which functions may be the cost and the gradient.
- ``unnamed_data``: inputs and labels whose names say nothing.
- ``parameters``: what the parameters may be.
- ``containers``: the ways to hold those of every layer in one container.
- ``nested``: dictionaries of dictionaries.
- ``penalties``: what a cost that takes no l2 lacks.
- ``sizes``: sizes that are written into a file.
- ``objects``: nets whose parameters are attributes of an object.
- ``constructing``: how an object is made.
- ``stacks``: the layers of one that is made empty.
- ``conventions``: how arrays may lie.
- ``layers/``: files that hold layers.
"""
