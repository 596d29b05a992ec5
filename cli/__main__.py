"""`python -m cli` is `juesuan`."""

from cli.main import main

if __name__ == "__main__":
    main()
