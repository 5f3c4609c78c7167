"""`python -m shop.cli` is the command `shop`."""

from shop.cli import main

if __name__ == "__main__":
    main()
