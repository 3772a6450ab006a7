"""Files that were damaged, or made to do harm, given to whatever reads files: for the tests and the benchmark."""
