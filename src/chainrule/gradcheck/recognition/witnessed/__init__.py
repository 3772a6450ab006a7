"""The last resort: functions called as the file itself calls them, where nobody can guess how.

- ``rows``: every gradient that the file calls, with its cost; the place to start.
- ``own_calls``: the rest of a file is run, and its functions are watched until they have been called.
- ``recording``: what is seen of their first calls.
- ``frames``: what the code around a call holds.
- ``begun_trainings``: what is begun where the file begins nothing.
- ``own_runs``: and what it defines to be run, such as tests.
- ``tables``: the data of those that train on tables.
- ``filled_nets``: nets that are filled with layers for that.
- ``witnessed_call``: what is known where one of them is called, and the same with other parameters.
- ``tried_calls``: the ways in which one is tried.
- ``copying``: what can be kept of it.
- ``pairs``: which cost belongs to a gradient, and how both are called.
- ``passes``: a backward pass beside the sum of what its forward pass gives.
- ``adapters``: the texts by which a pair is called, with all samples and with few.
- ``settling``: how a gradient is called such that nothing of other parameters is left in it.
- ``costs``: which functions may be that cost.
- ``returned_gradients``: whose gradients come back.
- ``own_step``: which parameters the file itself takes a step with them.
- ``steps``: what a function takes from parameters itself.
- ``other_steps``: steps that are not those of the cost alone, and are meant so.
- ``made_costs``: the usual costs, where no function gives one.
- ``expressions``: the calls as they stand in an adapter.
- ``running``: the same tried.
- ``fitting``: whether cost and gradient can be held against each other.
"""
