"""How does what a person typed, pressed or filled in become one typed call, declared once for every platform?"""
