"""Changes of the user's source with which a check calls the program right.

- ``candidates``: which changes may do it: those with which the gradient is right wherever it was compared.
- ``lines_around``: the lines in front of those that are named, and where they are called.
- ``possible``: what such a change, or several, come to.
- ``own_functions``: whether the cost and a numeric check are right with it.
- ``edited_files``: what a file becomes with edits of its text, and the unified diff.
- ``in_place``: a change verified where the functions are.
- ``handed_in``: the numbers and arrays that these are handed, and others in their place.
- ``at_other_values``: a change held against the cost with others.
- ``written_numbers``: the numbers that a change writes into a formula.
- ``named_numbers``: the settings of a file of which such a number may be made.
- ``told_changes``: which changes that a cause tells are right with one setting alone.
- ``special_points``: whether what is right where it was compared may be wrong elsewhere.
- ``search``: the smallest of them that are verified, by checking the source with the change in it as it was checked.
"""
