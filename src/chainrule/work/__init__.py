"""From nets that are wanted to nets on disk: planned into populations, spread over cores, lost by no kill.

- ``nets``: a net's name, which follows from data, settings and seed.
- ``training``: the one way nets get trained: all that have no shard yet.
- ``planner``: which of them are trained together, and what that costs.
- ``resume``: what is left to do, also after a kill, as tasks.
- ``worker``: such a task: train one population, leave checkpoints and a shard for each member.
- ``sharing``: what tasks get of a data set.
- ``store``: shards: a file or two for every finished net.
- ``checkpoints``: a file for each running population.
- ``folder``: a folder of results, held while somebody trains into it, and of one plan.
- ``lock``: one driver a folder.
- ``progress``: how far populations are.
- ``scratch``: a temporary folder that no kill leaves behind for good.
- ``executors``: where tasks run: the interface, and this process itself.
- ``processes``: worker processes on this machine.
- ``cluster``: a Ray cluster.
"""
