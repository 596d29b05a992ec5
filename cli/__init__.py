"""The `juesuan` command: a face for people on the four functions and on what they stored."""
