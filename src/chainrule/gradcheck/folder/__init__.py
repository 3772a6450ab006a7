"""A folder of submissions: what in it is one, which of its files is meant, and why something is none.

- ``walking``: what lies in a folder and below it.
- ``programs``: which files are programs to check.
- ``entries``: what of a folder is a submission.
- ``main_files``: what is checked of a submission.
- ``fingerprint``: whether a submission has changed.
"""
