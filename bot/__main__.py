"""`python -m bot` is `morningbell`."""

from bot.cli import main

if __name__ == "__main__":
    main()
