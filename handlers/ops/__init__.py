"""What can people ask of the bot itself?"""
