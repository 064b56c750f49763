"""Files to sheets of text: what a file really is, where its headings are, and what is wrong with it as a file."""
