"""Tables to files that papers and other programs take."""
