"""A process for other people's code, which can do nothing but answer.

- ``remote``: a program whose functions run in such a process.
- ``process``: the process, its pipes and its limits.
- ``child``: what runs in it.
- ``confine``: what it may take and do, by these measures:
- ``own_root``: a root in which no other file and no network is seen.
- ``landlock``: files that are read, and a folder that is written to.
- ``seccomp``: the system's calls that are left.
- ``process_limits``: memory, processor time, descriptors.
- ``system_calls``: how Linux is asked for them.
- ``project``: the folder that belongs to a file.
- ``staging``: the folder that it sees.
- ``codec``: plain values as bytes.
- ``replies``: what can come back.
- ``bounds``: how large it may be.
- ``validation``: what that must be.
- ``unpacking``: a zip of submissions, refused as a whole where it could do harm.
"""
