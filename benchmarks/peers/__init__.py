"""The same work, written by hand with other tools; each file is a program: SOURCE.csv OUTPUT_FOLDER."""
