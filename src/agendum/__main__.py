"""`python -m agendum` is the command `agendum`."""

from agendum.cli import main

if __name__ == "__main__":
    main()
