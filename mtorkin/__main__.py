"""`python -m mtorkin`: the command line, where its script is not on the path."""

from mtorkin.cli import main

if __name__ == "__main__":
    main()
