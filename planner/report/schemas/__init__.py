"""What `--json` prints, with types and meanings: a module for each kind of result; `results` has them all."""
