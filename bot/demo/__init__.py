"""What does a newcomer find to try the bot on? A made-up shop, and a wholesaler on real orders."""
