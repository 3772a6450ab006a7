"""How a user's file becomes a module: taken apart, and run only as far as something needs it.

- ``importer``: modules of the user's, the file that is checked and those beside it.
- ``namespace``: names that get their values when something looks them up.
- ``import_statements``: what these say.
- ``statements``: which statements of the top level run at once, and which names each binds.
- ``written_modules``: modules that a file writes before it imports them.
- ``whole_modules``: modules of which a file calls functions by the module's name.
- ``command_line``: scripts that read it get their defaults.
- ``python2``: files written for Python 2, read as Python 3.
- ``old_numpy``: names that NumPy had once.
- ``broken_statements``: what is no Python is left out.
- ``marimo``: the cells of its notebooks.
- ``packages``: what a file is a part of, and where it finds what it imports.
- ``private_names``: names that each of these has for itself.
- ``cupy``: NumPy in the place of a CuPy that is not there.
- ``runnable``: a file as these make it, so that it can be run here.
- ``failures``: why statements did not run, in words.
- ``source_roots``: folders that its author has put on the path.
- ``users``: the files beside one that import it.
- ``skipping``: functions that leave out what fails, where a file is run to see what it calls.
- ``renamed``: packages whose folder is called otherwise.
- ``missing``: what stands in for a module that is not there.
"""
