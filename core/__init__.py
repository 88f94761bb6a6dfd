"""What does the business mean, and what does the bot know how to do, whoever asks and on whatever platform?"""
