"""Files to documents, sections, sentences and words."""
