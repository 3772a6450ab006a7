"""All readers of files."""

from support.mutated import data, results, texts

READERS = (*texts.READERS, *results.READERS, *data.READERS)
